"""A good time to call, read out of a visitor's words: which day, from when to when, in which zone.

No well-kept parser of such words is among our dependencies, so this reads the narrow language people use for it: one
day ("tomorrow", "Friday", "November 30"), one time or span of the day, a zone by its name. What it does not know stays
the visitor's own words. What cannot be ("25 o'clock", "February 30") or is over is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from admissions.core.clock_words import MAX_WINDOW, Clock, has_time, read_clock
from admissions.core.contact import Misread
from admissions.core.days import Day, read_day
from admissions.core.hours import say_clock
from admissions.core.wording import fold, says

#: The id of the zone that is the centre's, wherever the centre is: "your time".
THE_CENTRES = "centre"


@dataclass(frozen=True)
class Zone:
    """A time zone as visitors name it."""

    id: str  #: IANA name, or THE_CENTRES
    name: str  #: as it is shown, "Eastern Time"
    says: tuple[str, ...]


@dataclass(frozen=True)
class Moment:
    """When and where a message is read: relative days become dates by it."""

    now: datetime  #: aware
    zone: str  #: of the visitor, IANA
    centre_zone: str  #: of the centre, IANA


@dataclass(frozen=True)
class TimeWindow:
    """A time to be reached at: the visitor's words, how they are said back, and what they mean where that is known."""

    says: str
    shown: str
    zone: str = ""  #: IANA; empty for the visitor's own
    start: str = ""  #: ISO with an offset; empty where the words fix no date
    end: str = ""

    def to_value(self) -> str | tuple[str, ...]:
        """Return the answer as an intake keeps it: the words alone where there is nothing to add."""
        if self.shown == self.says and not self.start and not self.end:
            return self.says
        return (self.says, self.shown, self.zone, self.start, self.end)

    @classmethod
    def from_value(cls, value: str | tuple[str, ...]) -> TimeWindow:
        """Read what `to_value` wrote."""
        return cls(value, value) if isinstance(value, str) else cls(*value)


def read_window(text: str, zones: Sequence[Zone], at: Moment | None) -> TimeWindow | Misread | None:
    """Read a time to be reached at; None when the words hold none, Misread for one that cannot be or is over.

    Args:
        text: the visitor's words.
        zones: the zones people name.
        at: None where the moment is not known: then no date is made of relative days.
    """
    bare = " ".join(text.split()).strip(" .!")
    if "?" in text or not has_time(bare):
        return None
    clock = read_clock(bare)
    if isinstance(clock, Misread):
        return clock
    zone, zone_name = _zone(bare, zones, at)
    today = at.now.astimezone(ZoneInfo(zone)).date() if at and zone else None
    day = read_day(bare, today)
    if isinstance(day, Misread):
        return day
    words = bare[:MAX_WINDOW]
    if clock is None and day is None and not says(bare, [name for one in zones for name in one.says]):
        zone_name = ""  # "any time" and "weekends" are the same in every zone
    if at is None or today is None or day is None or not _is_one_day(day):
        shown = f"{words} ({zone_name})" if zone_name and fold(zone_name) not in fold(words) else words
        return TimeWindow(words, shown, zone if zone_name else "")
    start, end = _instants(day, clock, at.now, ZoneInfo(zone))
    if (end or start) and (end or start or at.now) < at.now and day.until is None:
        return Misread("past_time", words)
    meant = ", ".join(filter(None, (_say_day(day), _say_clock(clock, start, end, ZoneInfo(zone)), zone_name)))
    return TimeWindow(words, f"{words} ({meant})", zone, _iso(start), _iso(end))


def _zone(text: str, zones: Sequence[Zone], at: Moment | None) -> tuple[str, str]:
    """Return the zone that counts and its name where it must be said: it was named, or is not the centre's."""
    named = next((zone for zone in zones if says(text, zone.says)), None)
    if named and named.id != THE_CENTRES:
        return named.id, named.name
    if at is None:
        return "", ""
    if named:
        return at.centre_zone, _name_of(at.centre_zone, zones)
    there = at.now.astimezone(ZoneInfo(at.centre_zone)).utcoffset()
    if at.now.astimezone(ZoneInfo(at.zone)).utcoffset() == there:
        return at.zone, ""
    return at.zone, _name_of(at.zone, zones)


def _name_of(zone: str, zones: Sequence[Zone]) -> str:
    known = next((one.name for one in zones if one.id == zone), None)
    return known or f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time"


def _is_one_day(day: Day) -> bool:
    return day.on is not None or day.until is not None or day.since is not None


def _instants(day: Day, clock: Clock | None, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    if day.until:
        return now.astimezone(zone), _at(day.until, time(), zone)
    if day.since:
        return _at(day.since + timedelta(days=1), time(), zone), None
    assert day.on is not None
    if clock is None:
        return _at(day.on, time(), zone), _at(day.on + timedelta(days=1), time(), zone)
    start = _at(day.on, clock.start, zone) if clock.start is not None else None
    return start, _at(day.on, clock.end, zone) if clock.end is not None else None


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone)


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment else ""


def _say_day(day: Day) -> str:
    if day.until:
        return f"before {day.until:%A}, {day.until:%B} {day.until.day}"
    if day.since:
        return f"after {day.since:%A}, {day.since:%B} {day.since.day}"
    assert day.on is not None
    return f"{day.on:%A}, {day.on:%B} {day.on.day}"


def _say_clock(clock: Clock | None, start: datetime | None, end: datetime | None, zone: ZoneInfo) -> str:
    """Say the hours back, so that a guessed half of the day is seen and can be corrected."""
    if clock is None or clock.is_part or not (start or end):
        return ""
    said = [re.sub(":00 ", " ", say_clock(moment, zone)) for moment in (start, end) if moment]
    if start and end:
        return f"at {said[0]}" if start == end else f"{said[0]} to {said[1]}"
    return f"after {said[0]}" if start else f"before {said[0]}"
