"""When a notice is due and what it may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from admissions import content
from admissions.core.handoff import Urgency
from admissions.core.notices import Kind, Waiting, due, load_wordings

WORDINGS = content.notice_wordings()
CENTRE = replace(content.centre(), unclaimed_minutes=30)
#: Monday 22:14 in the centre's zone: closed until Tuesday 8:00.
NIGHT = datetime(2026, 11, 24, 5, 14, tzinfo=timezone.utc)
OPENS = datetime(2026, 11, 24, 15, 0, tzinfo=timezone.utc)
ONE = Waiting("hnd_1", "K7M2QF", Urgency.ROUTINE, NIGHT)


def kinds(one: Waiting, now: datetime, minutes: int = 30) -> list[Kind]:
    centre = replace(CENTRE, unclaimed_minutes=minutes)
    return [notice.kind for notice in due([one], centre, WORDINGS, now)]


def test_the_first_notice_is_due_at_once_day_and_night() -> None:
    assert kinds(ONE, NIGHT) == [Kind.FIRST]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(NIGHT + timedelta(minutes=45), [], id="closed: nobody could have"),
        pytest.param(OPENS + timedelta(minutes=29), [], id="not yet"),
        pytest.param(OPENS + timedelta(minutes=30), [Kind.SECOND], id="half an hour of opening hours"),
    ],
)
def test_the_second_is_due_after_the_set_time_of_opening_hours(now: datetime, expected: list[Kind]) -> None:
    assert kinds(replace(ONE, told=frozenset({Kind.FIRST})), now) == expected


def test_no_second_notice_where_the_centre_wants_none_or_it_went_out() -> None:
    week = NIGHT + timedelta(days=5)

    assert kinds(replace(ONE, told=frozenset({Kind.FIRST})), week, minutes=0) == []
    assert kinds(replace(ONE, told=frozenset(Kind)), week) == []


def test_a_notice_names_reference_and_moment() -> None:
    (first,) = due([ONE], CENTRE, WORDINGS, NIGHT)
    (second,) = due([replace(ONE, told=frozenset({Kind.FIRST}))], CENTRE, WORDINGS, OPENS + timedelta(minutes=31))

    assert first.title == "A request waits: K7M2QF"
    assert "today at 10:14 PM (Mountain Time)" in first.body
    assert second.title == "Nobody has taken on request K7M2QF"
    assert "Monday, November 23 at 10:14 PM (Mountain Time)" in second.body
    assert "31 minutes of opening hours" in second.body
    assert "admissions claim K7M2QF" in second.body


@pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.EMERGENCY])
def test_an_urgent_request_is_told_apart_but_never_why(urgency: Urgency) -> None:
    (notice,) = due([replace(ONE, urgency=urgency)], CENTRE, WORDINGS, NIGHT)

    assert notice.title == "An urgent request waits: K7M2QF"
    assert "emergency" not in notice.title + notice.body


def test_the_words_hold_nothing_of_health_and_nothing_but_the_three_fields() -> None:
    words = " ".join(f"{one.title} {one.body}" for one in WORDINGS.values()).lower()

    health = (
        "treatment",
        "addict",
        "recovery",
        "patient",
        "overdose",
        "crisis",
        "detox",
        "therapy",
        "centre",
        "center",
    )
    assert [word for word in health if word in words] == []
    assert content.never_list().findings(words) == []
    assert CENTRE.name.lower() not in words


def test_a_word_that_nobody_fills_is_refused() -> None:
    good = {name: {"title": one.title, "body": one.body} for name, one in WORDINGS.items()}

    with pytest.raises(KeyError):
        load_wordings({**good, "first": {"title": "{name} waits", "body": ""}})
    with pytest.raises(KeyError):
        load_wordings({})


def test_notices_come_in_the_order_of_the_handoffs() -> None:
    later = Waiting("hnd_2", "XYZ234", Urgency.ROUTINE, NIGHT + timedelta(minutes=1))

    assert [notice.handoff_id for notice in due([later, ONE], CENTRE, WORDINGS, OPENS)] == ["hnd_1", "hnd_2"]
