"""What the doctor says of centre.yml: hours and phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import phonenumbers

from admissions.commands.findings import Finding, Verdict
from admissions.core.centre import Centre
from admissions.core.contact import DEFAULT_REGION
from admissions.core.hours import LOOK_AHEAD_DAYS, say_moment

#: Local numbers of North America that are kept free for fiction: 555-0100 to 555-0199.
FICTION = "55501"


def check_hours(centre: Centre, now: datetime) -> Iterator[Finding]:
    """Say what the hours come to now, and which dates of centre.yml are over."""
    hours, zone = centre.hours, centre.hours.zone
    closes, opens = hours.closes_at(now), hours.next_opening(now)
    if hours.never_closes(now):
        yield Finding(Verdict.GOOD, "hours: admissions is open day and night")
    elif closes is not None:
        yield Finding(Verdict.GOOD, f"hours: open now, until {say_moment(closes, now, zone)} ({centre.time_zone})")
    elif opens is not None:
        yield Finding(Verdict.GOOD, f"hours: closed now, opens {say_moment(opens, now, zone)} ({centre.time_zone})")
    else:
        yield Finding(
            Verdict.BAD,
            f"centre.yml: admissions does not open within {LOOK_AHEAD_DAYS} days: mend `hours`, `exceptions`",
        )
    today = now.astimezone(zone).date()
    over = sorted(day for day in (*hours.holidays, *hours.exceptions) if day < today)
    if over:
        dates = ", ".join(map(str, over))
        yield Finding(Verdict.WARNING, f"centre.yml: {dates} in `holidays` or `exceptions` is over: take it out")
    if centre.public_holidays is None or not centre.public_holidays.closed:
        yield Finding(Verdict.WARNING, "centre.yml: admissions is open on every public holiday: is that so?")


def check_phone(centre: Centre) -> Iterator[Finding]:
    """Say whether the phone can be called."""
    if centre.phone is None:
        yield Finding(Verdict.WARNING, "centre.yml: no phone is configured, so the assistant never shows one")
        return
    region = centre.public_holidays.country if centre.public_holidays else DEFAULT_REGION
    try:
        number = phonenumbers.parse(centre.phone, region)
    except phonenumbers.NumberParseException:
        yield Finding(Verdict.BAD, f"centre.yml: the phone {centre.phone!r} cannot be read as a number of {region}")
        return
    if str(number.national_number)[-7:].startswith(FICTION):
        yield Finding(Verdict.WARNING, f"centre.yml: the phone {centre.phone} is a number of fiction: nobody answers")
    elif not phonenumbers.is_valid_number(number):
        yield Finding(Verdict.BAD, f"centre.yml: the phone {centre.phone} is no number in use in {region}")
    else:
        shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        yield Finding(Verdict.GOOD, f"the phone can be called: {shown}")
