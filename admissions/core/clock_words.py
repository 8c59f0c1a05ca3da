"""The time of day in a visitor's words: "after 5", "3pm", "2 to 4", "morning"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from admissions.core.contact import Misread

#: The longest time window that is kept, in characters.
MAX_WINDOW = 120

#: Hours named without am or pm: from this one on the morning is meant, before it the afternoon. Nobody asks for 5 am.
MORNING_FROM = 8

#: What the parts of a day mean, local time; shown nowhere, sent beside the visitor's own words.
PARTS = {
    "morning": (time(8), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(21)),
    "tonight": (time(17), time(21)),
    "night": (time(19), time(22)),
    "noon": (time(12), time(13)),
    "midday": (time(12), time(13)),
    "lunch": (time(12), time(13)),
}

_TIME = re.compile(
    r"\b(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(day|nesday|sday|rsday|urday)?s?\b"
    r"|\b(week ?days?|week ?ends?|any ?time|whenever|mornings?|afternoons?|evenings?|nights?|tonight|noon|lunch"
    r"|lunchtime|midday|midnight|today|tomorrow|tmrw|tmr|now|asap|right away|soon|as soon as possible|after|before"
    r"|between|until|till|later|early|late|next week|this week|work hours|office hours|business hours|always"
    r"|every ?day|any day|first thing|(?<!i )am|pm|a\.m|p\.m|o'?clock|hour|hours|yesterday"
    r"|in (?:a|\d) (?:days?|hours?|weeks?))\b"
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.? \d{1,2}\b"
    r"|\b\d{1,2}/\d{1,2}\b|\b\d{1,2}(:\d{2})?\s*(am|pm|a|p)?\b",
    re.IGNORECASE,
)
_A_WISH = re.compile(r"\b(beds?|promise|guarantee|admit(?:ted)?|check in|die|hurt)\b", re.IGNORECASE)
_HOUR = r"(\d{1,2})(?::(\d{2}))?\s*(a\.?m\b\.?|p\.?m\b\.?|a\b|p\b|o'?\s?clock)?"
_ONE = re.compile(
    rf"(?:\b(after|from|past|before|by|until|till|at|around|about)\s+)?\b{_HOUR}(?![\d/:])", re.IGNORECASE
)
_SPAN = re.compile(rf"\b{_HOUR}\s*(?:-|\u2013|to|and|till)\s*{_HOUR}(?![\d/:])", re.IGNORECASE)
#: Numbers that are no hours: of a date, or of days.
_DATES = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?\b(?:,?\s*\d{4})?"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{1,2}(?:st|nd|rd|th)\b"
    r"|\b(?:in )?\d{1,2} (?:days?|weeks?|hours?|minutes?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clock:
    """A span of the day, open on one side for "after 5"; both ends alike for one time."""

    start: time | None
    end: time | None
    is_part: bool = False  #: "morning": the words say it better than hours would


def has_time(text: str) -> bool:
    """Say whether the words hold anything that names a time to be called at: "a bed tonight" is a wish."""
    return _TIME.search(text) is not None and not _A_WISH.search(text)


def time_words(text: str) -> str | None:
    """Return the words from the first that names a time on, None where there are none: "call me" is not part of it."""
    found = next((one for one in _TIME.finditer(text) if not one[0].strip().isdigit()), None)
    return text[found.start() :].strip(" ,.!") if found else None


def read_clock(text: str) -> Clock | Misread | None:
    """Read the time of day; Misread for an hour that no clock has, None when none is named."""
    said = _DATES.sub(" ", text)
    part = next((name for name in PARTS if re.search(rf"\b{name}", said, re.IGNORECASE)), None)
    span = _SPAN.search(said)
    if span:
        end = _time(span[4], span[5], span[6], part)
        start = _time(span[1], span[2], span[3] or _half_of(span, end), part)
        return _impossible(span[0]) if start is None or end is None else Clock(start, end)
    one = _ONE.search(said)
    if one and _is_hour(one):
        moment = _time(one[2], one[3], one[4], part)
        if moment is None:
            return _impossible(one[0])
        side = (one[1] or "").lower()
        if side in ("after", "from", "past"):
            return Clock(moment, None)
        return Clock(None, moment) if side in ("before", "by", "until", "till") else Clock(moment, moment)
    return Clock(*PARTS[part], is_part=True) if part else None


def _is_hour(found: re.Match[str]) -> bool:
    """Say whether a number is an hour: it says so, stands alone, or has a colon."""
    return bool(found[1] or found[3] or found[4]) or found.string.strip() == found[0].strip() or int(found[2]) <= 12


def _half_of(span: re.Match[str], end: time | None) -> str | None:
    """Give "2" in "2 to 4pm" the half of the day its end names, "10" in "10 to 2pm" the other one."""
    if not span[6] or end is None or "clock" in span[6].lower():
        return None
    later = int(span[1]) % 12 > int(span[4]) % 12
    return None if later else span[6]


def _time(hour: str, minute: str | None, half: str | None, part: str | None) -> time | None:
    number, minutes, half = int(hour), int(minute or 0), (half or "").lower().lstrip()[:1]
    if minutes > 59 or number > 24 or (half in ("a", "p") and not 1 <= number <= 12):
        return None
    if half == "p" or (half != "a" and part in ("afternoon", "evening", "tonight", "night") and number < 12):
        number = number % 12 + 12
    elif half == "a":
        number %= 12
    elif number < MORNING_FROM and number > 0 and part != "morning":
        number += 12
    return time(number % 24, minutes)


def _impossible(given: str) -> Misread:
    return Misread("bad_time", given.strip()[:40])
