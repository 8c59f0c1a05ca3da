"""What a question about hours asks for."""

from __future__ import annotations

from datetime import date

import pytest

from admissions import content
from admissions.core.hours_question import Asked, asked
from admissions.core.public_holidays import PublicHolidays

#: A Tuesday.
TODAY = date(2026, 11, 24)
HOLIDAYS = PublicHolidays("US", "CO", frozenset())
SATURDAY, SUNDAY = date(2026, 11, 28), date(2026, 11, 29)
THE_WEEK, THIS_MOMENT = Asked(week=True), Asked()


def read(text: str, holidays: PublicHolidays | None = HOLIDAYS) -> Asked:
    return asked(text, TODAY, content.hours_content().days, holidays)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("are you open saturday?", [SATURDAY]),
        ("SUNDAYS??", [SUNDAY]),
        ("sat or sun", [SATURDAY]),  # "sun" alone is also the star: not read
        ("do you work weekends", [SATURDAY, SUNDAY]),
        ("can i call tues", [TODAY]),
        ("wed and fri hours", [date(2026, 11, 25), date(2026, 11, 27)]),
        ("is anyone there tomorow", [date(2026, 11, 25)]),
        ("closed for thanksgiving?", [date(2026, 11, 26)]),
        ("r u open on xmas", [date(2026, 12, 25)]),
        ("xmas eve", [date(2026, 12, 24)]),
        ("new year’s eve hours", [date(2026, 12, 31)]),
        ("open new years day", [date(2027, 1, 1)]),
        ("do you answer on july 4th", [date(2027, 7, 4)]),
        ("labor day", [date(2027, 9, 6)]),
        ("presidents day", [date(2027, 2, 15)]),
    ],
)
def test_days_are_read_as_the_next_ones(text: str, days: list[date]) -> None:
    assert read(text) == Asked(tuple(days))


@pytest.mark.parametrize(
    "text",
    ["what are your hours", "when are you open", "how late can I call", "business hours", "is 7 pm too late",
     "are the phones answered at night", "what days", "are you guys 24/7", "When are they open?", "still there at 7pm",
     "do you close for lunch", "monday to friday or saturday too", "working on federal holidays?",
     "7:30 already open?"],
)  # fmt: skip
def test_hours_as_such_and_times_of_day_ask_for_the_week(text: str) -> None:
    assert read(text) == THE_WEEK


@pytest.mark.parametrize(
    "text", ["are you open", "r u open now", "what time do you close", "still there tonight", "until when today", ""]
)
def test_now_and_today_ask_about_this_moment(text: str) -> None:
    assert read(text) == THIS_MOMENT


def test_a_holiday_the_calendar_does_not_have_is_no_day() -> None:
    assert read("are you open on thanksgiving", None) == THIS_MOMENT
    assert read("are you open on thanksgiving", PublicHolidays("DE", None, frozenset())) == THIS_MOMENT


def test_no_word_stands_within_another() -> None:
    assert read("is the monastery open in the sunlight") == THIS_MOMENT
