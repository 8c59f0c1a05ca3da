"""The day in a visitor's words, as a date: "tomorrow", "next Friday", "November 30", "before Friday"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from admissions.core.contact import Misread
from admissions.core.hours import WEEKDAYS

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTH_DAY = re.compile(rf"\b({_MONTHS})[a-z]*\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!:|\s*(?:am|pm))", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTHS})[a-z]*\b", re.IGNORECASE)
_NUMBERS = re.compile(r"\b(\d{1,2})/(\d{1,2})\b")
_WEEKDAY = re.compile(
    r"\b(next\s+)?(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?(s)?\b", re.IGNORECASE
)
_IN_DAYS = re.compile(r"\bin (a|one|two|three|four|five|six|\d{1,2}) (day|week)s?\b", re.IGNORECASE)
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_OVER = re.compile(r"\b(yesterday|last (?:night|week|mon|tue|wed|thu|fri|sat|sun)[a-z]*)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Day:
    """One date, or the date before or after which any time is fine; all None for words that repeat ("weekdays")."""

    on: date | None = None
    until: date | None = None
    since: date | None = None


def read_day(text: str, today: date | None) -> Day | Misread | None:
    """Read the day; Misread for one that is in no calendar or over, None when no single day is named.

    Args:
        text: the visitor's words.
        today: the date where the visitor is, None where it is not known: then only the calendar is checked.
    """
    over = _OVER.search(text)
    if over:
        return Misread("past_time", over[0])
    dated = _date(text, today)
    if isinstance(dated, Misread) or today is None:
        return dated if isinstance(dated, Misread) else None
    found = dated or _relative(text.lower(), today) or _weekday(text, today)
    if found is None:
        return None
    named = re.search(
        r"\b(before|until|till|by|after)\s+(?:the\s+)?(?:next |this )?(?:[a-z]+day\b|tomorrow|mon|tue|wed|thu|fri|sat"
        rf"|sun|(?:{_MONTHS})[a-z]*\.? \d|\d{{1,2}}/\d)",
        text,
        re.IGNORECASE,
    )
    if named is None:
        return Day(on=found)
    side = named[1].lower()
    if side == "after":
        return Day(since=found)
    return Day(until=found if side == "before" else found + timedelta(days=1))


def _date(text: str, today: date | None) -> date | Misread | None:
    found = _MONTH_DAY.search(text)
    month = day = 0
    if found:
        month, day = _month(found[1]), int(found[2])
    elif found := _DAY_MONTH.search(text):
        month, day = _month(found[2]), int(found[1])
    elif (found := _NUMBERS.search(text)) and found[0] != "24/7":
        month, day = int(found[1]), int(found[2])
    if found is None or found[0] == "24/7":
        return None
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2024, month)[1]:  # 2024 has a February 29
        return Misread("bad_time", found[0])
    if today is None:
        return None
    for year in (today.year, today.year + 1):
        if day <= calendar.monthrange(year, month)[1] and (when := date(year, month, day)) >= today:
            return when
    return Misread("bad_time", found[0])  # the next February 29 is years away


def _month(name: str) -> int:
    return _MONTHS.split("|").index(name.lower()[:3]) + 1


def _relative(text: str, today: date) -> date | None:
    if "day after tomorrow" in text:
        return today + timedelta(days=2)
    if re.search(r"\b(tomorrow|tomorow|tommorow|tommorrow|tmrw|tmr)\b", text):
        return today + timedelta(days=1)
    if re.search(r"\b(today|tonight|this (?:morning|afternoon|evening))\b", text):
        return today
    ahead = _IN_DAYS.search(text)
    if ahead:
        count = _COUNTS.get(ahead[1]) or int(ahead[1])
        return today + timedelta(days=count * (7 if ahead[2] == "week" else 1))
    return None


def _weekday(text: str, today: date) -> date | None:
    """Return the date of the one weekday named; several, or "Mondays", repeat and have none."""
    found = list(_WEEKDAY.finditer(text))
    if len(found) != 1 or found[0][3]:
        return None
    number = next(index for index, name in enumerate(WEEKDAYS) if name.startswith(found[0][2].lower()[:3]))
    ahead = (number - today.weekday()) % 7 or 7
    monday_after = 7 - today.weekday()
    if found[0][1] and ahead < monday_after:
        ahead += 7  # "next Friday", said on a Wednesday, is in the week to come
    return today + timedelta(days=ahead)
