"""What a question about opening hours asks: right now, certain days, or the whole week."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from admissions.core.hours import WEEKDAYS
from admissions.core.public_holidays import PublicHolidays

#: What asks for the whole week whatever else is said: the answer depends on the time of day that is named.
_CLOCK = re.compile(
    r"\b(\d{1,2}(:\d\d)? ?[ap]\.?m|\d{1,2}:\d\d|\d{1,2} ?o'?clock|lunch|noon|half past|"
    r"weekdays?|mornings?|holidays)\b"
)

#: What asks for the whole week: about hours as such, or about some time of day.
_WEEK = re.compile(
    r"\b(hours|ours|timings?|days|schedule|every|always|usually|24|around the clock|time zone|timezone|when|"
    r"how (late|early)|(what|which) time|earliest|latest|until|till|before|after|late|early|nights?|midnight|evening)\b"
)

#: More days than these in one question are the week.
_FEW_DAYS = 2

#: What asks about today alone, whatever time of day is named.
_NOW = re.compile(r"\b(now|today|tonight|still|already|(you|u|they|it|office|desk) clos(e|es|ing))\b")

_SHORT = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5}
_NUMBER = {**{name: number for number, name in enumerate(WEEKDAYS)}, **_SHORT}
_WEEKDAY = re.compile(rf"\b({'|'.join(_NUMBER)})s?\b")
_WEEKEND = re.compile(r"\bweek-?ends?\b")
_TOMORROW = re.compile(r"\b(tomorrow|tmrw|tmr|tomorow|tommorow|tommorrow)\b")


@dataclass(frozen=True)
class Asked:
    """What is asked: certain days in order, the whole week, or with neither this moment."""

    days: tuple[date, ...] = ()
    week: bool = False


@dataclass(frozen=True)
class NamedDay:
    """A day people call by a name: a public holiday by the library's names, or a day of the year."""

    says: tuple[str, ...]
    names: tuple[str, ...] = ()
    month_day: tuple[int, int] | None = None

    def next(self, today: date, public: PublicHolidays | None) -> date | None:
        """Return this day's next date from today on, None when the calendar does not have it."""
        for year in (today.year, today.year + 1):
            day = self._in(year, public)
            if day is not None and day >= today:
                return day
        return None

    def _in(self, year: int, public: PublicHolidays | None) -> date | None:
        if self.month_day is not None:
            return date(year, *self.month_day)
        if public is None:
            return None
        return next((day for name in self.names if (day := public.day_of(name, year))), None)


def asked(text: str, today: date, named: tuple[NamedDay, ...], public: PublicHolidays | None) -> Asked:
    """Read a question about hours; what names no day and no time asks about this moment.

    Args:
        today: by the centre's calendar
    """
    words = text.lower().replace("’", "'")
    if day := _named_day(words, today, named, public):
        return Asked((day,))
    days = {
        _next(today, WEEKDAYS.index(name) if name in WEEKDAYS else _SHORT[name]) for name in _WEEKDAY.findall(words)
    }
    if _WEEKEND.search(words):
        days |= {_next(today, 5), _next(today, 6)}
    if _TOMORROW.search(words):
        days.add(today + timedelta(days=1))
    if days:
        return Asked(tuple(sorted(days))) if len(days) <= _FEW_DAYS else Asked(week=True)
    return Asked(week=bool(_CLOCK.search(words) or (_WEEK.search(words) and not _NOW.search(words))))


def load_named_days(raw: list[Mapping[str, Any]]) -> tuple[NamedDay, ...]:
    """Build the named days from content/hours.yml. Raises KeyError, TypeError, ValueError."""
    return tuple(
        NamedDay(tuple(map(str, one["says"])), tuple(one.get("name", ())), _month_day(one.get("date"))) for one in raw
    )


def _named_day(words: str, today: date, named: tuple[NamedDay, ...], public: PublicHolidays | None) -> date | None:
    said = [(name, day) for day in named for name in day.says if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words)]
    longest = max(said, key=lambda pair: len(pair[0]), default=None)
    return longest[1].next(today, public) if longest else None


def _next(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _month_day(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    month, day = map(int, text.split("-"))
    date(2023, month, day)  # a day every year has
    return month, day
