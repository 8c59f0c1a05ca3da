"""When admissions is open: weekly spans in the centre's time zone, holidays, and the next opening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

#: Monday first, as `date.weekday()` counts.
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

#: How far the next opening is looked for: longer than any run of holidays, in days.
LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True)
class Span:
    """Open from `opens` until just before `closes`, local time of one day."""

    opens: time
    closes: time


@dataclass(frozen=True)
class OpeningHours:
    """Weekly hours with holidays; every question takes an aware moment."""

    weekly: Mapping[int, tuple[Span, ...]]  #: by weekday, Monday 0
    holidays: frozenset[date]
    zone: ZoneInfo

    def is_open(self, at: datetime) -> bool:
        """Say whether somebody is there at this moment."""
        return self.closes_at(at) is not None

    def closes_at(self, at: datetime) -> datetime | None:
        """Return when the current span ends (aware UTC), None when closed."""
        for opens, closes in self._spans(at.astimezone(self.zone).date()):
            if opens <= at < closes:
                return closes
        return None

    def next_opening(self, at: datetime) -> datetime | None:
        """Return the start of the next span after `at` (aware UTC), None when none is in sight."""
        today = at.astimezone(self.zone).date()
        for offset in range(LOOK_AHEAD_DAYS):
            for opens, _ in self._spans(today + timedelta(days=offset)):
                if opens > at:
                    return opens
        return None

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the day's spans in UTC, so that comparing them is true across daylight saving (PEP 495)."""
        if day in self.holidays:
            return []
        return [
            (self._utc(day, span.opens), self._utc(day, span.closes)) for span in self.weekly.get(day.weekday(), ())
        ]

    def _utc(self, day: date, local: time) -> datetime:
        return datetime.combine(day, local, tzinfo=self.zone).astimezone(timezone.utc)


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
    return moment.astimezone(zone).strftime("%I:%M %p").lstrip("0")
