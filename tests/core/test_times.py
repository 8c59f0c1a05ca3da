"""A good time to call, in people's own words."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions import content
from admissions.core.clock_words import MAX_WINDOW
from admissions.core.contact import Misread
from admissions.core.times import Moment, TimeWindow, read_window

ZONES = content.script().zones

#: Wednesday, November 25, 10 am in Denver, noon in New York.
NOW = datetime(2026, 11, 25, 17, 0, tzinfo=timezone.utc)
HERE = Moment(NOW, "America/Denver", "America/Denver")
EAST = Moment(NOW, "America/New_York", "America/Denver")


def read(said: str, at: Moment | None = HERE) -> TimeWindow:
    found = read_window(said, ZONES, at)
    assert isinstance(found, TimeWindow), found
    return found


@pytest.mark.parametrize(
    ("said", "shown", "start", "end"),
    [
        ("tomorrow 3pm", "Thursday, November 26, at 3 PM", "2026-11-26T15:00-07:00", "2026-11-26T15:00-07:00"),
        ("tomorrow morning", "Thursday, November 26", "2026-11-26T08:00-07:00", "2026-11-26T12:00-07:00"),
        ("tomorrow after 5", "Thursday, November 26, after 5 PM", "2026-11-26T17:00-07:00", ""),
        ("friday before 10", "Friday, November 27, before 10 AM", "", "2026-11-27T10:00-07:00"),
        ("2-4pm tomorrow", "Thursday, November 26, 2 PM to 4 PM", "2026-11-26T14:00-07:00", "2026-11-26T16:00-07:00"),
        ("tonight", "Wednesday, November 25", "2026-11-25T17:00-07:00", "2026-11-25T21:00-07:00"),
        ("next friday", "Friday, December 4", "2026-12-04T00:00-07:00", "2026-12-05T00:00-07:00"),
        ("nov 30", "Monday, November 30", "2026-11-30T00:00-07:00", "2026-12-01T00:00-07:00"),
        ("11/30 at 2", "Monday, November 30, at 2 PM", "2026-11-30T14:00-07:00", "2026-11-30T14:00-07:00"),
        ("in 2 days", "Friday, November 27", "2026-11-27T00:00-07:00", "2026-11-28T00:00-07:00"),
        (
            "anytime before friday",
            "before Friday, November 27",
            "2026-11-25T10:00-07:00",
            "2026-11-27T00:00-07:00",
        ),
        ("after friday", "after Friday, November 27", "2026-11-28T00:00-07:00", ""),
        (
            "tomorrow 3pm eastern",
            "Thursday, November 26, at 3 PM, Eastern Time",
            "2026-11-26T15:00-05:00",
            "2026-11-26T15:00-05:00",
        ),
    ],
)
def test_one_day_becomes_a_date(said: str, shown: str, start: str, end: str) -> None:
    found = read(said)

    assert (found.says, found.shown, found.start, found.end) == (said, f"{said} ({shown})", start, end)


@pytest.mark.parametrize(
    "said",
    [
        "after 5 on weekdays",
        "any time",
        "mornings",
        "Mondays",
        "monday or wednesday",
        "10am",
        "between 2 and 4",
        "whenever",
        "weekends",
        "24/7",
        "asap",
        "5",
    ],
)
def test_what_repeats_or_names_no_day_stays_the_visitors_own_words(said: str) -> None:
    assert read(said).to_value() == said
    assert read(said, None).to_value() == said


@pytest.mark.parametrize(
    ("said", "at", "shown"),
    [
        pytest.param("3pm eastern", HERE, "3pm eastern (Eastern Time)", id="named"),
        pytest.param("after 5 on weekdays", EAST, "after 5 on weekdays (Eastern Time)", id="the visitor's"),
        pytest.param("3pm your time", EAST, "3pm your time (Mountain Time)", id="the centre's, named"),
        pytest.param("any time", EAST, "any time", id="the same everywhere"),
        pytest.param("mornings", Moment(NOW, "Europe/Berlin", "America/Denver"), "mornings (Berlin time)", id="far"),
        pytest.param("mornings", Moment(NOW, "America/Boise", "America/Denver"), "mornings", id="the same clock"),
        pytest.param("5 eastern time", HERE, "5 eastern time", id="said in full already"),
    ],
)
def test_a_zone_is_said_when_it_was_named_or_is_not_the_centres(said: str, at: Moment, shown: str) -> None:
    assert read(said, at).shown == shown


def test_tomorrow_is_the_visitors_tomorrow() -> None:
    # 11:30 pm on the 25th in Denver, already the 26th in New York
    late = datetime(2026, 11, 26, 6, 30, tzinfo=timezone.utc)

    assert "November 26" in read("tomorrow", Moment(late, "America/Denver", "America/Denver")).shown
    assert "November 27" in read("tomorrow", Moment(late, "America/New_York", "America/Denver")).shown


@pytest.mark.parametrize(
    ("said", "line", "given"),
    [
        ("25 o'clock", "bad_time", "25 o'clock"),
        ("13pm", "bad_time", "13pm"),
        ("tomorrow at 10:75", "bad_time", "at 10:75"),
        ("february 30", "bad_time", "february 30"),
        ("april 31 in the morning", "bad_time", "april 31"),
        ("february 29", "bad_time", "february 29"),
        ("13/45", "bad_time", "13/45"),
        ("yesterday", "past_time", "yesterday"),
        ("today at 9am", "past_time", "today at 9am"),
    ],
)
def test_a_time_that_cannot_be_is_named(said: str, line: str, given: str) -> None:
    assert read_window(said, ZONES, HERE) == Misread(line, given)


@pytest.mark.parametrize(
    "said", ["purple", "I am not sure", "I am", "promise me a bed tonight", "what time?", "719-555-0134", ""]
)
def test_what_names_no_time_is_none(said: str) -> None:
    assert read_window(said, ZONES, HERE) is None


def test_a_long_time_is_cut() -> None:
    assert len(read("after 5 " + "on any weekday " * 50).says) == MAX_WINDOW


_WORDS = st.sampled_from(
    ["tomorrow", "friday", "next", "before", "after", "5", "25", "3pm", "31", "february", "2/30", "24/7", "in", "noon"]
)


@given(st.one_of(st.text(max_size=80), st.lists(_WORDS, max_size=6).map(" ".join)), st.sampled_from([HERE, EAST, None]))
def test_no_words_break_the_reading_and_what_is_sent_is_shown(said: str, at: Moment | None) -> None:
    found = read_window(said, ZONES, at)

    if isinstance(found, TimeWindow):
        assert found.shown.startswith(found.says)
        assert TimeWindow.from_value(found.to_value()) in (found, TimeWindow(found.says, found.shown))
        assert not (found.start and found.end) or found.start <= found.end or "to" in said or "-" in said
