"""When admissions is open: weekly spans in the centre's time zone, days that differ, and what follows from them.

A clock that is set forward or back is met by one rule: a span opens and closes at the first moment of its day at which
the clock on the wall shows that time or a later one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from admissions.core.public_holidays import PublicHolidays

#: Monday first, as `date.weekday()` counts.
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

#: How far the next opening is looked for: longer than any run of holidays, in days.
LOOK_AHEAD_DAYS = 60

#: As a closing time: the midnight that ends the day, written "24:00" in centre.yml.
MIDNIGHT = time(0)


@dataclass(frozen=True)
class Span:
    """Open from `opens` until just before `closes`, local time of one day; `closes` MIDNIGHT is the day's end."""

    opens: time
    closes: time


@dataclass(frozen=True)
class Opening:
    """One time somebody is there, as two moments (aware UTC)."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class OpeningHours:
    """Weekly hours with days that differ; every question takes an aware moment."""

    weekly: Mapping[int, tuple[Span, ...]]  #: by weekday, Monday 0
    holidays: frozenset[date]  #: the centre's own days off
    zone: ZoneInfo
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)  #: goes before all else; () is closed
    public: PublicHolidays | None = None  #: public holidays on which admissions is closed

    def is_open(self, at: datetime) -> bool:
        """Say whether somebody is there at this moment."""
        return self.closes_at(at) is not None

    def closes_at(self, at: datetime) -> datetime | None:
        """Return when the opening that holds `at` ends (aware UTC), None when closed.

        Days that follow each other without a gap are one opening, LOOK_AHEAD_DAYS at most: see `never_closes`.
        """
        first = next(self.openings(at), None)
        return first.closes if first is not None and first.opens <= at else None

    def never_closes(self, at: datetime) -> bool:
        """Say whether somebody is there day and night as far as is looked ahead."""
        closes = self.closes_at(at)
        return closes is not None and closes - at >= timedelta(days=LOOK_AHEAD_DAYS - 2)

    def time_left(self, at: datetime) -> timedelta:
        """Return how long somebody is still there from `at` on; nothing when closed."""
        return (self.closes_at(at) or at) - at

    def next_opening(self, at: datetime) -> datetime | None:
        """Return the start of the next opening after `at` (aware UTC), None when none is in sight."""
        return next((one.opens for one in self.openings(at) if one.opens > at), None)

    def openings(self, at: datetime, days: int = LOOK_AHEAD_DAYS) -> Iterator[Opening]:
        """Yield the openings that end after `at`, in order, adjoining ones as one, for the next `days` local days."""
        # From two days before: clocks that are set back over midnight come to one date twice.
        today = at.astimezone(self.zone).date()
        held: Opening | None = None
        for offset in range(-2, days):
            for one in self._openings_of(today + timedelta(days=offset)):
                if held is not None and one.opens <= held.closes:
                    held = Opening(held.opens, max(held.closes, one.closes))
                    continue
                if held is not None and held.closes > at:
                    yield held
                held = one
        if held is not None and held.closes > at:
            yield held

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """Return how long somebody was there between two moments."""
        days = (end - start).days + 2
        parts = (min(one.closes, end) - max(one.opens, start) for one in self.openings(start, days))
        return sum((part for part in parts if part > timedelta(0)), timedelta(0))

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return what holds on this day by the centre's calendar: an exception, else a day off, else its weekday."""
        if day in self.exceptions:
            return self.exceptions[day]
        if day in self.holidays or (self.public is not None and self.public.closes(day)):
            return ()
        return self.weekly.get(day.weekday(), ())

    def _openings_of(self, day: date) -> Iterator[Opening]:
        """Yield the day's spans in UTC, where comparing them is true across daylight saving (PEP 495)."""
        for span in self.spans(day):
            opens = first_moment(day, span.opens, self.zone)
            ends_on = day + timedelta(days=1) if span.closes == MIDNIGHT else day
            closes = first_moment(ends_on, span.closes, self.zone)
            if opens < closes:  # else the clocks jumped over the whole span
                yield Opening(opens, closes)


def first_moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the first moment (aware UTC) at which the zone's calendar and clock show this or a later time."""
    wanted = datetime.combine(day, clock)
    early, late = (wanted.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc) for fold in (1, 0))
    if early >= late:  # an ordinary time, or one that comes twice: fold 0 is the first
        return late
    # The clocks jumped over this time; the jump lies between the two readings. Whole seconds are exact enough: every
    # zone's changes since 1972 fall on one.
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).replace(tzinfo=None) >= wanted:
            late = middle
        else:
            early = middle
    return late


def say_moment(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Write a moment for a person in this zone: "today at 8:00 AM", "tomorrow at …", "Monday at …", or with a date."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    clock = say_clock(moment, zone)
    days = (local.date() - today).days
    if days == 0:
        return f"today at {clock}"
    if days == 1:
        return f"tomorrow at {clock}"
    return f"{local:%A} at {clock}" if days < 7 else f"{local:%A, %B} {local.day} at {clock}"


def say_clock(moment: datetime, zone: ZoneInfo) -> str:
    """Write the time of day in this zone: "8:00 PM"."""
    return say_time(moment.astimezone(zone).time())


def say_time(clock: time) -> str:
    """Write a time of day: "8:00 PM"."""
    return clock.strftime("%I:%M %p").lstrip("0")
