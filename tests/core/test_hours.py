"""When admissions is open, over daylight saving, holidays and zones."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from admissions.core.hours import LOOK_AHEAD_DAYS, MIDNIGHT, OpeningHours, Span, say_clock, say_moment
from admissions.core.public_holidays import PublicHolidays

DENVER = ZoneInfo("America/Denver")
OFFICE = (Span(time(8), time(20)),)
SATURDAY = (Span(time(9), time(17)),)
#: Monday to Friday 8 to 20, Saturday 9 to 17, closed on Sundays and on Thanksgiving 2026.
HOURS = OpeningHours({**dict.fromkeys(range(5), OFFICE), 5: SATURDAY, 6: ()}, frozenset({date(2026, 11, 26)}), DENVER)

#: Zones with and without daylight saving, on both sides of UTC, with half hours, and one that shifts by 30 minutes.
ZONES = (
    "America/Denver",
    "America/Phoenix",
    "America/St_Johns",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "UTC",
)


def local(year: int, month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    """Return a moment by Denver's clocks."""
    return datetime(year, month, day, hour, minute, tzinfo=DENVER, fold=fold)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        pytest.param(local(2026, 11, 23, 7, 59), False, id="just before opening"),
        pytest.param(local(2026, 11, 23, 8, 0), True, id="opening"),
        pytest.param(local(2026, 11, 23, 19, 59), True, id="just before closing"),
        pytest.param(local(2026, 11, 23, 20, 0), False, id="closing"),
        pytest.param(local(2026, 11, 28, 16, 0), True, id="Saturday"),
        pytest.param(local(2026, 11, 28, 18, 0), False, id="Saturday evening"),
        pytest.param(local(2026, 11, 29, 12, 0), False, id="Sunday"),
        pytest.param(local(2026, 11, 26, 12, 0), False, id="holiday"),
    ],
)
def test_open_from_opening_until_just_before_closing(at: datetime, is_open: bool) -> None:
    assert HOURS.is_open(at) is is_open


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        pytest.param(local(2026, 11, 23, 22, 14), local(2026, 11, 24, 8), id="tonight for tomorrow"),
        pytest.param(local(2026, 11, 23, 2, 0), local(2026, 11, 23, 8), id="at night for today"),
        pytest.param(local(2026, 11, 23, 12, 0), local(2026, 11, 24, 8), id="while open: the next one"),
        pytest.param(local(2026, 11, 23, 8, 0), local(2026, 11, 24, 8), id="just opening: the next one"),
        pytest.param(local(2026, 11, 25, 21, 0), local(2026, 11, 27, 8), id="over a holiday"),
        pytest.param(local(2026, 11, 28, 17, 0), local(2026, 11, 30, 8), id="over Sunday"),
    ],
)
def test_the_next_opening(at: datetime, opens: datetime) -> None:
    assert HOURS.next_opening(at) == opens


def test_a_lunch_break_is_closed_and_ends() -> None:
    # given
    hours = OpeningHours({0: (Span(time(8), time(12)), Span(time(13), time(17)))}, frozenset(), DENVER)

    # when
    at = local(2026, 11, 23, 12, 30)

    # then
    assert not hours.is_open(at)
    assert hours.next_opening(at) == local(2026, 11, 23, 13)
    assert hours.closes_at(local(2026, 11, 23, 14)) == local(2026, 11, 23, 17)


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param(OpeningHours({}, frozenset(), DENVER), id="no hours at all"),
        pytest.param(
            OpeningHours(
                dict.fromkeys(range(7), OFFICE),
                frozenset(date(2026, 11, 23) + timedelta(days=day) for day in range(LOOK_AHEAD_DAYS + 2)),
                DENVER,
            ),
            id="closed for months",
        ),
    ],
)
def test_no_opening_in_sight_is_none(hours: OpeningHours) -> None:
    assert hours.next_opening(local(2026, 11, 23, 9)) is None
    assert not hours.is_open(local(2026, 11, 23, 9))


# -- days that differ, and nights --------------------------------------------------------------------------------------

NIGHTS = OpeningHours({0: (Span(time(20), MIDNIGHT),), 1: (Span(MIDNIGHT, time(6)),)}, frozenset(), DENVER)
DAY_AND_NIGHT = OpeningHours(dict.fromkeys(range(7), (Span(MIDNIGHT, MIDNIGHT),)), frozenset(), DENVER)
HOLIDAYS = PublicHolidays("US", "CO", frozenset({"Thanksgiving Day"}))


def test_an_exception_goes_before_weekday_day_off_and_public_holiday() -> None:
    # given: Thanksgiving, and the centre's own day off on the day after
    days_off = frozenset({date(2026, 11, 27)})
    short = (Span(time(10), time(12)),)
    without = OpeningHours(HOURS.weekly, days_off, DENVER, {}, HOLIDAYS)
    with_exceptions = OpeningHours(
        HOURS.weekly, days_off, DENVER, {date(2026, 11, 26): short, date(2026, 11, 28): ()}, HOLIDAYS
    )

    # when / then
    assert [without.is_open(local(2026, 11, day, 11)) for day in (25, 26, 27, 28)] == [True, False, False, True]
    assert [with_exceptions.is_open(local(2026, 11, day, 11)) for day in (25, 26, 27, 28)] == [True, True, False, False]


def test_a_public_holiday_is_one_every_year() -> None:
    hours = OpeningHours(HOURS.weekly, frozenset(), DENVER, {}, HOLIDAYS)

    assert [hours.is_open(local(year, 11, day, 11)) for year, day in ((2026, 26), (2027, 25), (2031, 27))] == [
        False
    ] * 3
    assert hours.is_open(local(2027, 11, 26, 11))


def test_two_days_that_meet_at_midnight_are_one_opening() -> None:
    late = local(2026, 11, 23, 23, 30)

    assert NIGHTS.closes_at(late) == local(2026, 11, 24, 6)
    assert NIGHTS.time_left(late) == timedelta(hours=6, minutes=30)
    assert NIGHTS.next_opening(late) == local(2026, 11, 30, 20)
    assert NIGHTS.next_opening(local(2026, 11, 23, 12)) == local(2026, 11, 23, 20)


def test_a_desk_that_is_there_day_and_night_never_closes() -> None:
    at = local(2026, 11, 23, 2)

    assert DAY_AND_NIGHT.never_closes(at)
    assert DAY_AND_NIGHT.is_open(at)
    assert DAY_AND_NIGHT.next_opening(at) is None
    assert not NIGHTS.never_closes(local(2026, 11, 23, 23))


def test_open_time_counts_only_when_somebody_is_there() -> None:
    assert HOURS.open_time(local(2026, 11, 23, 19, 30), local(2026, 11, 24, 8, 15)) == timedelta(minutes=45)
    assert HOURS.open_time(local(2026, 11, 25, 19, 50), local(2026, 11, 27, 8, 5)) == timedelta(minutes=15)
    assert HOURS.open_time(local(2026, 11, 28, 17), local(2026, 11, 30, 8)) == timedelta(0)


# -- daylight saving ---------------------------------------------------------------------------------------------------


def test_opening_follows_the_local_clock_when_daylight_saving_begins() -> None:
    saturday_night, monday_night = local(2027, 3, 13, 23), local(2027, 3, 15, 7)

    assert HOURS.next_opening(saturday_night) == datetime(2027, 3, 15, 14, tzinfo=timezone.utc)  # 8:00 is UTC-6 now
    assert HOURS.next_opening(monday_night) == datetime(2027, 3, 15, 14, tzinfo=timezone.utc)
    assert HOURS.next_opening(local(2027, 3, 11, 23)) == datetime(
        2027, 3, 12, 15, tzinfo=timezone.utc
    )  # 8:00 was UTC-7


def test_opening_follows_the_local_clock_when_daylight_saving_ends() -> None:
    assert HOURS.next_opening(local(2027, 10, 28, 23)) == datetime(2027, 10, 29, 14, tzinfo=timezone.utc)
    assert HOURS.next_opening(local(2027, 11, 7, 1, 30, fold=1)) == datetime(2027, 11, 8, 15, tzinfo=timezone.utc)


def test_the_hour_that_comes_twice_counts_twice() -> None:
    # given: open over the change on 7 November 2027, when 2:00 becomes 1:00 again
    hours = OpeningHours({6: (Span(time(0, 30), time(3)),)}, frozenset(), DENVER)

    # when
    first, second = local(2027, 11, 7, 1, 30), local(2027, 11, 7, 1, 30, fold=1)

    # then
    assert hours.is_open(first)
    assert hours.is_open(second)
    assert hours.closes_at(first) == hours.closes_at(second) == datetime(2027, 11, 7, 10, tzinfo=timezone.utc)


# -- over many moments and zones ---------------------------------------------------------------------------------------


@st.composite
def opening_hours(draw: st.DrawFn) -> OpeningHours:
    """Any week of a desk that opens after 5: no zone changes its clocks at that hour."""
    weekly = {}
    for weekday in range(7):
        minutes = sorted(draw(st.sets(st.integers(5 * 60, 24 * 60 - 1), max_size=4)))
        pairs = list(pairwise(minutes))[::2]
        weekly[weekday] = tuple(Span(time(*divmod(a, 60)), time(*divmod(b, 60))) for a, b in pairs)
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    holidays = draw(st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20))
    return OpeningHours(weekly, holidays, zone)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(timezone.utc))


@given(opening_hours(), MOMENTS)
def test_the_next_opening_is_later_open_and_nothing_opens_before_it(hours: OpeningHours, at: datetime) -> None:
    opens = hours.next_opening(at)
    assume(opens is not None)

    assert opens > at
    assert hours.is_open(opens)
    assert not hours.is_open(opens - timedelta(seconds=1)) or _another_span_ends(hours, opens)
    assert hours.next_opening(opens - timedelta(seconds=1)) == opens


def _another_span_ends(hours: OpeningHours, opens: datetime) -> bool:
    return hours.closes_at(opens - timedelta(seconds=1)) == opens


@given(opening_hours(), MOMENTS)
def test_open_exactly_inside_the_spans_of_the_local_day(hours: OpeningHours, at: datetime) -> None:
    # given: the same question asked of the wall clock
    wall = at.astimezone(hours.zone)
    spans = () if wall.date() in hours.holidays else hours.weekly[wall.weekday()]

    # when
    inside = any(span.opens <= wall.time() < span.closes for span in spans)

    # then
    assert hours.is_open(at) is inside


@given(opening_hours(), MOMENTS)
def test_an_open_desk_closes_later_and_is_open_until_then(hours: OpeningHours, at: datetime) -> None:
    opens = hours.next_opening(at)
    assume(opens is not None)

    closes = hours.closes_at(opens)

    assert closes is not None
    assert closes > opens
    assert hours.is_open(closes - timedelta(seconds=1))


@given(opening_hours(), MOMENTS, st.sampled_from(ZONES))
def test_the_zone_a_moment_is_written_in_does_not_matter(hours: OpeningHours, at: datetime, zone: str) -> None:
    elsewhere = at.astimezone(ZoneInfo(zone))

    assert hours.is_open(elsewhere) is hours.is_open(at)
    assert hours.next_opening(elsewhere) == hours.next_opening(at)


# -- in words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (local(2026, 11, 23, 8, 5), "today at 8:05 AM"),
        (local(2026, 11, 24, 8), "tomorrow at 8:00 AM"),
        (local(2026, 11, 27, 12), "Friday at 12:00 PM"),
        (local(2026, 11, 29, 0), "Sunday at 12:00 AM"),
        (local(2026, 11, 30, 8), "Monday, November 30 at 8:00 AM"),
        (datetime(2026, 11, 24, 15, tzinfo=timezone.utc), "tomorrow at 8:00 AM"),
    ],
)
def test_a_moment_in_words(moment: datetime, words: str) -> None:
    assert say_moment(moment, local(2026, 11, 23, 2), DENVER) == words


def test_tomorrow_is_by_the_zones_own_calendar() -> None:
    late = datetime(2026, 11, 24, 5, 14, tzinfo=timezone.utc)  # still Monday 22:14 in Denver

    assert say_moment(local(2026, 11, 24, 8), late, DENVER) == "tomorrow at 8:00 AM"


def test_a_time_of_day_in_words() -> None:
    assert say_clock(local(2026, 11, 23, 20), DENVER) == "8:00 PM"
