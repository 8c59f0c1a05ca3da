"""Opening hours in words, in the centre's time and, where that differs, in the visitor's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from admissions.core.centre import Centre
from admissions.core.hours import MIDNIGHT, WEEKDAYS, Opening, Span, first_moment, say_clock, say_moment, say_time
from admissions.core.hours_question import NamedDay, asked, load_named_days

ALL_DAY = Span(MIDNIGHT, MIDNIGHT)


@dataclass(frozen=True)
class HoursContent:
    """What content/hours.yml says."""

    lines: Mapping[str, str]
    buttons: tuple[Mapping[str, str], ...]
    days: tuple[NamedDay, ...]


def load_hours_content(raw: Mapping[str, Any]) -> HoursContent:
    """Build it from the loaded file. Raises KeyError, TypeError, ValueError."""
    return HoursContent(dict(raw["lines"]), tuple(raw["buttons"]), load_named_days(raw["days"]))


@dataclass(frozen=True)
class HoursDesk:
    """Answers questions about the hours of one centre for one visitor."""

    centre: Centre
    said: HoursContent
    visitor: ZoneInfo | None = None  #: the visitor's zone, None when it is not known

    def answer(self, text: str, now: datetime) -> str | None:
        """Return the answer to a question about hours, None when it is about this moment only."""
        hours = self.centre.hours
        if hours.never_closes(now):
            return self.said.lines["never_closes"]
        today = now.astimezone(hours.zone).date()
        question = asked(text, today, self.said.days, self.centre.public_holidays)
        if question.days:
            return "\n".join(self._day(day, now) for day in question.days)
        if not question.week:
            return None
        return f"{self._week()} {self._now(now)}" if any(hours.weekly.values()) else self.said.lines["no_hours"]

    def closes(self, now: datetime) -> str | None:
        """Say when admissions closes, None when it is closed."""
        at = self.centre.hours.closes_at(now)
        if at is None:
            return None
        near = at - now <= timedelta(days=1)
        return self._both(at, lambda zone: say_clock(at, zone) if near else say_moment(at, now, zone))

    def opens(self, now: datetime) -> str:
        """Say when admissions opens next."""
        at = self.centre.hours.next_opening(now)
        return self.said.lines["some_day"] if at is None else self._both(at, partial(say_moment, at, now))

    def windows(self, now: datetime) -> str | None:
        """Say the next two times in which a person can call, None when fewer are in sight."""
        coming = call_windows(self.centre, now, 2)
        if len(coming) < 2:
            return None
        first, second = (self._both(one.opens, partial(_say_window, one, now)) for one in coming)
        return self.said.lines["windows"].format(first=first, second=second)

    def elsewhere(self, at: datetime) -> bool:
        """Say whether the visitor's clocks differ from the centre's at this moment."""
        if self.visitor is None:
            return False
        return at.astimezone(self.visitor).utcoffset() != at.astimezone(self.centre.hours.zone).utcoffset()

    def _both(self, at: datetime, say: Callable[[ZoneInfo], str]) -> str:
        """Say a moment with the centre's zone by name, and in the visitor's own where its clocks differ."""
        name, zone = self.centre.time_zone_name, self.centre.hours.zone
        if self.visitor is None or not self.elsewhere(at):
            return f"{say(zone)} ({name})"
        return f"{say(zone)} ({name}; {say(self.visitor)} your time)"

    def _now(self, now: datetime) -> str:
        closes = self.closes(now)
        if closes is not None:
            return self.said.lines["now_open"].format(closes=closes)
        return self.said.lines["now_closed"].format(opens=self.opens(now))

    def _week(self) -> str:
        return self.said.lines["week"].format(week=say_week(self.centre.hours.weekly), zone=self.centre.time_zone_name)

    def _day(self, day: date, now: datetime) -> str:
        hours, said = self.centre.hours, _say_day(day, now.astimezone(self.centre.hours.zone).date())
        name = self.centre.public_holidays.name(day) if self.centre.public_holidays else None
        said = f"{said} ({name})" if name else said
        spans = hours.spans(day)
        start = first_moment(day, MIDNIGHT, hours.zone)
        if not spans:
            opens = hours.next_opening(max(now, start))
            words = self._both(opens, partial(say_moment, opens, now)) if opens else self.said.lines["some_day"]
            return self.said.lines["day_closed"].format(day=said, opens=words)
        open_line = self.said.lines["day_open"].format(
            day=said, spans=say_spans(spans), zone=self.centre.time_zone_name
        )
        if self.visitor is None or not self.elsewhere(start):
            return open_line
        there = [_say_there(day, span, hours.zone, self.visitor) for span in spans]
        return f"{open_line} {self.said.lines['your_time'].format(spans=' and '.join(there))}"


def call_windows(centre: Centre, now: datetime, count: int) -> tuple[Opening, ...]:
    """Return the next times in which a person in admissions can call, from now on; fewer where fewer are in sight."""
    windows = []
    for one in centre.hours.openings(now):
        windows.append(Opening(max(one.opens, now), one.closes))
        if len(windows) == count:
            break
    return tuple(windows)


def say_week(weekly: Mapping[int, Sequence[Span]]) -> str:
    """Write the open days of the week, equal days together: "Monday to Friday 8:00 AM to 8:00 PM, Saturday …"."""
    parts = []
    for spans, group in groupby(range(7), key=lambda day: tuple(weekly.get(day, ()))):
        days = [WEEKDAYS[day].capitalize() for day in group]
        if spans:
            parts.append(f"{days[0]}{f' to {days[-1]}' if len(days) > 1 else ''} {say_spans(spans)}")
    return ", ".join(parts)


def say_spans(spans: Sequence[Span]) -> str:
    """Write a day's spans: "8:00 AM to noon and 1:00 PM to 8:00 PM", "all day"."""
    if list(spans) == [ALL_DAY]:
        return "all day"
    return " and ".join(f"{_clock(span.opens)} to {_clock(span.closes)}" for span in spans)


def _clock(clock: time) -> str:
    return {MIDNIGHT: "midnight", time(12): "noon"}.get(clock) or say_time(clock)


def _say_day(day: date, today: date) -> str:
    near = {0: "today, ", 1: "tomorrow, "}.get((day - today).days, "on ")
    return f"{near}{day:%A, %B} {day.day}"


def _say_there(day: date, span: Span, zone: ZoneInfo, visitor: ZoneInfo) -> str:
    ends_on = day + timedelta(days=1) if span.closes == MIDNIGHT else day
    opens, closes = first_moment(day, span.opens, zone), first_moment(ends_on, span.closes, zone)
    return f"{say_clock(opens, visitor)} to {say_clock(closes, visitor)}"


def _say_window(window: Opening, now: datetime, zone: ZoneInfo) -> str:
    start = "from now" if window.opens == now else say_moment(window.opens, now, zone).replace(" at ", " from ")
    return f"{start} to {say_clock(window.closes, zone)}"
