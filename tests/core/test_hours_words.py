"""Opening hours in words, by the centre's clocks and by the visitor's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from admissions import content
from admissions.core.hours import MIDNIGHT, OpeningHours, Span
from admissions.core.hours_words import HoursDesk, call_windows, say_spans, say_week

DENVER = ZoneInfo("America/Denver")
#: Tuesday night: closed. The fixed centre is the project's own, with hours of its own for the tests.
NIGHT = datetime(2026, 11, 24, 22, 14, tzinfo=DENVER)
DAY = datetime(2026, 11, 24, 10, tzinfo=DENVER)
OFFICE, SATURDAY = (Span(time(8), time(20)),), (Span(time(9), time(12)), Span(time(13), time(17)))
WEEKLY = {**dict.fromkeys(range(5), OFFICE), 5: SATURDAY, 6: ()}


def desk(visitor: str | None = None, **hours: object) -> HoursDesk:
    own = content.centre()
    kept = OpeningHours(WEEKLY, frozenset(), DENVER, {date(2026, 12, 24): (Span(time(8), time(12)),)}, own.hours.public)
    centre = replace(own, hours=replace(kept, **hours))  # type: ignore[arg-type]
    return HoursDesk(centre, content.hours_content(), ZoneInfo(visitor) if visitor else None)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "what are your hours",
            "Admissions is open Monday to Friday 8:00 AM to 8:00 PM, Saturday 9:00 AM to noon and 1:00 PM to 5:00 PM "
            "(Mountain Time). It is closed right now. It opens tomorrow at 8:00 AM (Mountain Time).",
        ),
        (
            "saturday?",
            "Admissions is open on Saturday, November 28: 9:00 AM to noon and 1:00 PM to 5:00 PM (Mountain Time).",
        ),
        (
            "sunday?",
            "Admissions is closed on Sunday, November 29. It opens again Monday at 8:00 AM (Mountain Time).",
        ),
        (
            "thanksgiving?",
            "Admissions is closed on Thursday, November 26 (Thanksgiving Day). It opens again Friday at 8:00 AM "
            "(Mountain Time).",
        ),
        ("christmas eve?", "Admissions is open on Thursday, December 24: 8:00 AM to noon (Mountain Time)."),
        ("tomorrow?", "Admissions is open tomorrow, Wednesday, November 25: 8:00 AM to 8:00 PM (Mountain Time)."),
        ("are you open now", None),
    ],
)
def test_a_question_is_answered_from_the_calendar(text: str, answer: str | None) -> None:
    assert desk().answer(text, NIGHT) == answer


def test_by_day_the_week_is_told_with_when_it_closes() -> None:
    answer = desk().answer("hours", DAY)

    assert answer is not None
    assert answer.endswith("It is open right now, until 8:00 PM (Mountain Time).")


def test_a_visitor_elsewhere_reads_their_own_clock_too() -> None:
    visitor = desk("America/New_York")

    assert visitor.opens(NIGHT) == "tomorrow at 8:00 AM (Mountain Time; today at 10:00 AM your time)"
    assert visitor.closes(DAY) == "8:00 PM (Mountain Time; 10:00 PM your time)"
    assert str(visitor.answer("tomorrow", NIGHT)).endswith("In your time that is 10:00 AM to 10:00 PM.")


def test_a_visitor_whose_clocks_agree_reads_one_time() -> None:
    assert desk("America/Boise").opens(NIGHT) == "tomorrow at 8:00 AM (Mountain Time)"
    assert not desk("America/Boise").elsewhere(NIGHT)


def test_clocks_that_differ_only_in_summer_are_told_apart_by_the_day_itself() -> None:
    # given: Phoenix keeps its clocks, Denver sets them forward on 14 March 2027
    phoenix = desk("America/Phoenix")

    # when / then
    assert phoenix.closes(datetime(2027, 3, 12, 10, tzinfo=DENVER)) == "8:00 PM (Mountain Time)"
    assert phoenix.closes(datetime(2027, 3, 15, 10, tzinfo=DENVER)) == "8:00 PM (Mountain Time; 7:00 PM your time)"


def test_the_windows_to_call_start_now_and_then_with_the_days() -> None:
    # when
    first, second, third = call_windows(desk().centre, DAY, 3)

    # then: over Thanksgiving
    assert first.opens == DAY
    assert first.closes == datetime(2026, 11, 24, 20, tzinfo=DENVER)
    assert second.opens == datetime(2026, 11, 25, 8, tzinfo=DENVER)
    assert third.opens == datetime(2026, 11, 27, 8, tzinfo=DENVER)


def test_the_windows_are_told_in_both_zones() -> None:
    assert desk("Pacific/Honolulu").windows(NIGHT) == (
        "They can call tomorrow from 8:00 AM to 8:00 PM (Mountain Time; tomorrow from 5:00 AM to 5:00 PM your time), "
        "or Friday from 8:00 AM to 8:00 PM (Mountain Time; Friday from 5:00 AM to 5:00 PM your time)."
    )
    assert str(desk().windows(DAY)).startswith("They can call from now to 8:00 PM (Mountain Time), or tomorrow from")


def test_a_centre_that_never_opens_promises_nothing() -> None:
    never = desk(weekly={}, exceptions={})

    assert never.opens(NIGHT) == "at a time I do not know"
    assert never.closes(NIGHT) is None
    assert never.windows(NIGHT) is None
    assert never.answer("hours", NIGHT) == "I do not know the hours of admissions."
    assert "at a time I do not know" in str(never.answer("saturday", NIGHT))


def test_a_centre_that_never_closes_says_so_whatever_is_asked() -> None:
    always = desk(weekly=dict.fromkeys(range(7), (Span(MIDNIGHT, MIDNIGHT),)), exceptions={}, public=None)

    assert {always.answer(text, NIGHT) for text in ("hours", "now", "sunday")} == {
        "Someone in admissions is there day and night."
    }


def test_an_opening_that_ends_days_later_is_told_with_its_day() -> None:
    long = desk(weekly={1: (Span(MIDNIGHT, MIDNIGHT),), 2: (Span(MIDNIGHT, MIDNIGHT),)}, exceptions={}, public=None)

    assert long.closes(datetime(2026, 11, 24, 1, tzinfo=DENVER)) == "Thursday at 12:00 AM (Mountain Time)"


def test_days_with_equal_hours_are_told_together() -> None:
    assert say_week({0: OFFICE, 1: OFFICE, 3: OFFICE}) == (
        "Monday to Tuesday 8:00 AM to 8:00 PM, Thursday 8:00 AM to 8:00 PM"
    )
    assert say_spans((Span(MIDNIGHT, MIDNIGHT),)) == "all day"
    assert say_spans((Span(time(12), MIDNIGHT),)) == "noon to midnight"


def test_nothing_is_said_about_a_past_moment() -> None:
    for hour in range(0, 24 * 14, 5):
        now = (NIGHT + timedelta(hours=hour)).astimezone(timezone.utc)
        assert all(one.opens >= now for one in call_windows(desk().centre, now, 4))
