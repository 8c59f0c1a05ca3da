"""The facts of one centre, checked: what centre.yml says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from admissions.core.hours import MIDNIGHT, WEEKDAYS, OpeningHours, Span
from admissions.core.public_holidays import PublicHolidays, names_of
from admissions.errors import CentreError

#: A year every country's present law covers, to check the names of holidays against.
CHECK_YEAR = 2026


@dataclass(frozen=True)
class Centre:
    """Who the assistant speaks for."""

    name: str
    assistant: str
    hours: OpeningHours
    time_zone: str  #: IANA name
    time_zone_name: str  #: as people say it, "Mountain Time"
    phone: str | None  #: as it is shown; None: never shown
    placeholders: tuple[str, ...]
    conversations_days: int
    handoffs_days: int
    public_holidays: PublicHolidays | None  #: all of the centre's country and state; some of them close admissions
    unclaimed_minutes: int  #: of opening hours, after which an unclaimed handoff is told of again; 0: never


def load_centre(raw: Mapping[str, Any]) -> Centre:
    """Build the centre from the loaded centre.yml.

    Raises:
        CentreError: naming the key and what would work.
    """
    zone_name = _text(raw, "time_zone")
    try:
        zone = ZoneInfo(zone_name)
    except (ZoneInfoNotFoundError, ValueError):
        raise CentreError(f"centre.yml: time_zone {zone_name!r} is not an IANA name such as America/Denver") from None
    retention, public = _map(raw, "retention"), _public(_map(raw, "public_holidays"))
    return Centre(
        name=_text(raw, "name"),
        assistant=_text(raw, "assistant"),
        hours=OpeningHours(
            _weekly(_map(raw, "hours")),
            _holidays(raw.get("holidays") or ()),
            zone,
            _exceptions(_map(raw, "exceptions")),
            public,
        ),
        time_zone=zone_name,
        time_zone_name=str(raw.get("time_zone_name") or zone_name),
        phone=str(raw["phone"]) if raw.get("phone") else None,
        placeholders=tuple(map(str, raw.get("placeholders") or ())),
        conversations_days=_days(retention, "conversations_days", 30),
        handoffs_days=_days(retention, "handoffs_days", 90),
        public_holidays=public,
        unclaimed_minutes=_minutes(_map(raw, "notify"), "unclaimed_minutes", 30),
    )


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CentreError(f"centre.yml: `{key}` is missing or is not text")
    return value


def _map(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key) or {}
    if not isinstance(value, Mapping):
        raise CentreError(f"centre.yml: `{key}` must be a map of keys and values, not {value!r}")
    return value


def _days(raw: Mapping[str, Any], key: str, default: int) -> int:
    value = raw.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise CentreError(f"centre.yml: retention.{key} must be a whole number of days, 1 or more, not {value!r}")
    return value


def _minutes(raw: Mapping[str, Any], key: str, default: int) -> int:
    value = raw.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise CentreError(f"centre.yml: notify.{key} must be a whole number of minutes, 0 for never, not {value!r}")
    return value


def _weekly(raw: Mapping[str, Any]) -> dict[int, tuple[Span, ...]]:
    unknown = set(raw) - set(WEEKDAYS)
    if unknown:
        raise CentreError(f"centre.yml: hours has {sorted(map(str, unknown))}; the days are {', '.join(WEEKDAYS)}")
    return {WEEKDAYS.index(day): _spans(f"hours.{day}", spans) for day, spans in raw.items()}


def _exceptions(raw: Mapping[Any, Any]) -> dict[date, tuple[Span, ...]]:
    return {_date(day, "exceptions"): _spans(f"exceptions.{day}", spans) for day, spans in raw.items()}


def _spans(key: str, spans: Sequence[Any]) -> tuple[Span, ...]:
    try:
        read = tuple(Span(time.fromisoformat(opens), _closing(closes)) for opens, closes in spans or ())
    except (TypeError, ValueError):
        raise CentreError(f'centre.yml: {key} must look like [["08:00", "20:00"]], not {spans!r}') from None
    for span in read:
        if span.closes != MIDNIGHT and span.closes <= span.opens:
            raise CentreError(
                f"centre.yml: {key} closes at {span.closes:%H:%M} before it opens at {span.opens:%H:%M}; over midnight "
                'write two days, until "24:00" and from "00:00"'
            )
    read = tuple(sorted(read, key=lambda span: span.opens))
    if any(earlier.closes == MIDNIGHT or later.opens < earlier.closes for earlier, later in pairwise(read)):
        raise CentreError(f"centre.yml: {key} has spans that overlap; write them as one")
    return read


def _closing(clock: str) -> time:
    if clock == "24:00":
        return MIDNIGHT
    read = time.fromisoformat(clock)
    if read == MIDNIGHT:
        raise ValueError("as a closing time midnight is written 24:00")
    return read


def _public(raw: Mapping[str, Any]) -> PublicHolidays | None:
    if not raw:
        return None
    country, state = raw.get("country"), raw.get("state")
    try:
        known = names_of(str(country), str(state) if state else None, CHECK_YEAR)
    except ValueError:
        raise CentreError(
            f"centre.yml: public_holidays knows no country {country!r} with state {state!r}; write codes: US, CO"
        ) from None
    closed = raw.get("closed") or ()
    if not isinstance(closed, (list, tuple)):
        raise CentreError(f"centre.yml: public_holidays.closed must be a list of names, not {closed!r}")
    if unknown := sorted(str(name) for name in closed if name not in known):
        raise CentreError(f"centre.yml: public_holidays.closed has {unknown}; the names are {', '.join(sorted(known))}")
    observed = raw.get("observed", False)
    if not isinstance(observed, bool):
        raise CentreError(f"centre.yml: public_holidays.observed must be true or false, not {observed!r}")
    return PublicHolidays(str(country), str(state) if state else None, frozenset(map(str, closed)), observed)


def _holidays(raw: Sequence[Any]) -> frozenset[date]:
    if not isinstance(raw, (list, tuple)):
        raise CentreError(f"centre.yml: holidays must be a list such as [2026-12-25], not {raw!r}")
    return frozenset(_date(entry, "holidays") for entry in raw)


def _date(entry: Any, key: str) -> date:
    try:
        return entry if isinstance(entry, date) else date.fromisoformat(str(entry))
    except ValueError:
        raise CentreError(f"centre.yml: {key} must be dates such as 2026-12-25, not {entry!r}") from None
