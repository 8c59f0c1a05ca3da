"""Opening hours over ten years in every time zone there is, across every change of the clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import pairwise, product
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from admissions.core.hours import MIDNIGHT, OpeningHours, Span, first_moment

FIRST_YEAR, LAST_YEAR = 2026, 2035
FIRST, LAST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)

#: Desks whose hours begin and end where clocks are changed: at midnight, at one, two and three, and in between.
DESKS = (
    (Span(time(8), time(20)),),
    (Span(MIDNIGHT, time(1)), Span(time(1, 30), time(2, 30)), Span(time(2, 45), MIDNIGHT)),
    (Span(MIDNIGHT, MIDNIGHT),),
    (Span(time(0, 30), time(2)), Span(time(3), time(23, 30))),
)


def shape(zone: ZoneInfo) -> tuple[timedelta | None, ...]:
    """Return a zone's distances from UTC at every noon of the ten years: aliases have the same."""
    return tuple(
        (datetime.combine(FIRST + timedelta(days=day), time(12), tzinfo=zone)).utcoffset()
        for day in range((LAST - FIRST).days + 1)
    )


@lru_cache(maxsize=1)
def changes() -> list[tuple[ZoneInfo, date]]:
    """Return every day on which the clocks of some zone are changed, one zone of each kind."""
    kinds: dict[tuple[timedelta | None, ...], ZoneInfo] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        kinds.setdefault(shape(zone), zone)
    return [
        (zone, FIRST + timedelta(days=number + 1))
        for offsets, zone in kinds.items()
        for number, (before, after) in enumerate(pairwise(offsets))
        if before != after
    ]


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def open_minutes(spans: tuple[Span, ...], day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, bool]]:
    """Yield every fifteenth minute around a day with whether the desk is open, by watching the clock on the wall.

    This is the rule said another way: a span begins and ends when the wall first shows its time or a later one.
    """
    start = datetime.combine(day, time(0), tzinfo=timezone.utc) - timedelta(hours=16)
    days = [day + timedelta(days=offset) for offset in (-2, -1, 0, 1, 2)]
    bounds = []
    for one in days:
        for span in spans:
            ends = one + timedelta(days=1) if span.closes == MIDNIGHT else one
            bounds.append((datetime.combine(one, span.opens), datetime.combine(ends, span.closes)))
    began: set[int] = set()
    ended: set[int] = set()
    for quarter in range(-96, 48 * 4):
        at = start + timedelta(minutes=15 * quarter)
        shown = wall(at, zone)
        for number, (opens, closes) in enumerate(bounds):
            if shown >= opens:
                began.add(number)
            if shown >= closes:
                ended.add(number)
        if quarter >= 0:
            yield at, bool(began - ended)


def test_open_is_what_the_clock_on_the_wall_says_around_every_change_of_clocks() -> None:
    # given
    found = changes()
    assert len(found) > 500

    # when / then
    for (zone, day), spans in product(found, DESKS):
        hours = OpeningHours(dict.fromkeys(range(7), spans), frozenset(), zone)
        openings = list(hours.openings(datetime.combine(day, time(0), tzinfo=timezone.utc) - timedelta(days=1), 4))
        for at, is_open in open_minutes(spans, day, zone):
            assert any(one.opens <= at < one.closes for one in openings) is is_open, f"{zone} {at}"


def test_on_the_day_of_a_change_every_opening_ends_later_and_the_next_one_is_found() -> None:
    for (zone, day), spans in product(changes(), DESKS):
        hours = OpeningHours(dict.fromkeys(range(7), spans), frozenset(), zone)
        at = first_moment(day, time(2, 15), zone)
        opens, closes = hours.next_opening(at), hours.closes_at(at)
        assert hours.is_open(at) is (closes is not None), f"{zone} {day}"
        assert closes is None or closes > at
        assert opens is not None or hours.never_closes(at)
        assert opens is None or (opens > at and hours.closes_at(opens) is not None)
        assert hours.time_left(at) == (closes - at if closes else timedelta(0))


@st.composite
def any_hours(draw: st.DrawFn) -> OpeningHours:
    """Any week, days off and exceptions, in any zone."""

    def spans() -> tuple[Span, ...]:
        minutes = sorted(draw(st.sets(st.integers(0, 24 * 60), max_size=4)))
        pairs = list(pairwise(minutes))[::2]
        return tuple(Span(time(*divmod(a, 60)), time(*divmod(b % (24 * 60), 60))) for a, b in pairs)

    days = st.dates(FIRST, LAST)
    return OpeningHours(
        {weekday: spans() for weekday in range(7)},
        draw(st.frozensets(days, max_size=5)),
        ZoneInfo(draw(st.sampled_from(sorted(available_timezones())))),
        {day: spans() for day in draw(st.frozensets(days, max_size=5))},
    )


MOMENTS = st.datetimes(datetime(FIRST_YEAR, 1, 1), datetime(LAST_YEAR, 12, 1), timezones=st.just(timezone.utc))


@settings(max_examples=400, deadline=None)
@given(any_hours(), MOMENTS)
def test_the_next_opening_is_the_first_moment_somebody_is_there_again(hours: OpeningHours, at: datetime) -> None:
    opens = hours.next_opening(at)
    if opens is None:
        return
    assert opens > at
    assert hours.is_open(opens)
    assert not hours.is_open(opens - timedelta(seconds=1))
    closed_from = hours.closes_at(at) or at
    step = (opens - closed_from) / 7
    assert not any(hours.is_open(closed_from + step * part) for part in range(7))


@settings(max_examples=400, deadline=None)
@given(any_hours(), MOMENTS)
def test_somebody_is_there_until_the_end_and_not_after_it(hours: OpeningHours, at: datetime) -> None:
    closes = hours.closes_at(at)
    if closes is None:
        assert hours.time_left(at) == timedelta(0)
        return
    assert closes - hours.time_left(at) == at
    assert hours.is_open(closes - timedelta(seconds=1))
    assert hours.never_closes(at) or not hours.is_open(closes)


@settings(max_examples=200, deadline=None)
@given(any_hours(), MOMENTS, st.timedeltas(timedelta(0), timedelta(days=20)), st.floats(0, 1))
def test_open_time_adds_up_and_never_exceeds_the_time_that_passed(
    hours: OpeningHours, at: datetime, passed: timedelta, share: float
) -> None:
    middle, end = at + passed * share, at + passed

    assert timedelta(0) <= hours.open_time(at, end) <= passed
    assert hours.open_time(at, middle) + hours.open_time(middle, end) == hours.open_time(at, end)


@settings(max_examples=400, deadline=None)
@given(st.dates(FIRST, LAST), st.times(), st.sampled_from(sorted(available_timezones())))
def test_the_first_moment_shows_its_time_or_a_later_one_and_the_second_before_does_not(
    day: date, clock: time, name: str
) -> None:
    zone = ZoneInfo(name)
    clock = clock.replace(microsecond=0)
    at = first_moment(day, clock, zone)

    assert wall(at, zone) >= datetime.combine(day, clock)
    assert wall(at - timedelta(seconds=1), zone) < datetime.combine(day, clock)
