"""centre.yml: every value that cannot be used is refused by its name."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, time
from typing import Any

import pytest

from admissions.content import read_yaml
from admissions.core.centre import load_centre
from admissions.core.hours import MIDNIGHT, Span
from admissions.core.public_holidays import PublicHolidays
from admissions.errors import CentreError
from admissions.settings import ROOT

GOOD: dict[str, Any] = {
    "name": "A Centre",
    "assistant": "the admissions assistant of A Centre",
    "time_zone": "America/Denver",
    "time_zone_name": "Mountain Time",
    "phone": "719-555-0142",
    "hours": {"monday": [["08:00", "12:00"], ["13:00", "20:00"]], "sunday": []},
    "holidays": ["2026-12-25"],
    "public_holidays": {"country": "US", "state": "CO", "closed": ["Thanksgiving Day"], "observed": True},
    "exceptions": {"2026-12-24": [["08:00", "14:00"]], date(2026, 12, 31): []},
    "notify": {"unclaimed_minutes": 15},
    "placeholders": ["phone"],
    "retention": {"conversations_days": 7, "handoffs_days": 14},
}


def without(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in deepcopy(GOOD).items() if key not in keys}


def test_every_value_is_read() -> None:
    centre = load_centre(GOOD)

    assert (centre.name, centre.phone, centre.time_zone_name) == ("A Centre", "719-555-0142", "Mountain Time")
    assert centre.hours.weekly == {0: (Span(time(8), time(12)), Span(time(13), time(20))), 6: ()}
    assert centre.hours.holidays == {date(2026, 12, 25)}
    assert (centre.conversations_days, centre.handoffs_days) == (7, 14)
    assert centre.placeholders == ("phone",)
    assert centre.hours.exceptions == {date(2026, 12, 24): (Span(time(8), time(14)),), date(2026, 12, 31): ()}
    assert centre.public_holidays == PublicHolidays("US", "CO", frozenset({"Thanksgiving Day"}), observed=True)
    assert centre.hours.public == centre.public_holidays
    assert centre.unclaimed_minutes == 15


def test_what_is_left_out_has_a_default() -> None:
    optional = ("phone", "hours", "holidays", "placeholders", "retention", "time_zone_name")
    centre = load_centre(without(*optional, "public_holidays", "exceptions", "notify"))

    assert centre.phone is None
    assert centre.time_zone_name == "America/Denver"
    assert centre.hours.weekly == {}
    assert (centre.conversations_days, centre.handoffs_days) == (30, 90)
    assert centre.public_holidays is None
    assert centre.hours.exceptions == {}
    assert centre.unclaimed_minutes == 30


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        pytest.param("name", None, "name", id="name missing"),
        pytest.param("name", " ", "name", id="name empty"),
        pytest.param("name", 5, "name", id="name a number"),
        pytest.param("assistant", None, "assistant", id="assistant missing"),
        pytest.param("time_zone", None, "time_zone", id="time_zone missing"),
        pytest.param("time_zone", "Mountain", "time_zone", id="time_zone unknown"),
        pytest.param("time_zone", "../etc/passwd", "time_zone", id="time_zone a path"),
        pytest.param("hours", {"funday": []}, "hours", id="no such day"),
        pytest.param("hours", [["08:00", "20:00"]], "hours", id="hours without days"),
        pytest.param("hours", {"monday": ["08:00", "20:00"]}, "hours.monday", id="span not in a list"),
        pytest.param("hours", {"monday": [["8 am", "8 pm"]]}, "hours.monday", id="span in words"),
        pytest.param("hours", {"monday": [[480, 1200]]}, "hours.monday", id="times without quotes"),
        pytest.param("hours", {"monday": [["08:00"]]}, "hours.monday", id="span without an end"),
        pytest.param("hours", {"monday": [["08:00", "25:00"]]}, "hours.monday", id="no such hour"),
        pytest.param("hours", {"monday": [["20:00", "08:00"]]}, "hours.monday", id="closes before it opens"),
        pytest.param("hours", {"monday": [["08:00", "08:00"]]}, "hours.monday", id="no time at all"),
        pytest.param("hours", {"monday": [["08:00", "12:00"], ["11:00", "17:00"]]}, "hours.monday", id="overlap"),
        pytest.param("hours", {"monday": [["08:00", "00:00"]]}, "hours.monday", id="midnight as an end"),
        pytest.param("hours", {"monday": [["24:00", "08:00"]]}, "hours.monday", id="24:00 as a beginning"),
        pytest.param("hours", {"monday": [["08:00", "24:00"], ["09:00", "10:00"]]}, "hours.monday", id="after 24:00"),
        pytest.param("exceptions", {"Christmas": []}, "exceptions", id="exception in words"),
        pytest.param("exceptions", ["2026-12-24"], "exceptions", id="exceptions without hours"),
        pytest.param("exceptions", {"2026-12-24": [["8", "9"]]}, "exceptions.2026-12-24", id="exception's hours"),
        pytest.param("public_holidays", "US", "public_holidays", id="country without a key"),
        pytest.param("public_holidays", {"country": "ZZ"}, "public_holidays", id="no such country"),
        pytest.param("public_holidays", {"country": "US", "state": "ZZ"}, "public_holidays", id="no such state"),
        pytest.param(
            "public_holidays", {"country": "US", "closed": ["Xmas"]}, "public_holidays.closed", id="no such holiday"
        ),
        pytest.param(
            "public_holidays", {"country": "US", "closed": "Christmas Day"}, "public_holidays.closed", id="no list"
        ),
        pytest.param(
            "public_holidays",
            {"country": "US", "observed": "yes"},
            "public_holidays.observed",
            id="neither true nor false",
        ),
        pytest.param("notify", {"unclaimed_minutes": -1}, "notify.unclaimed_minutes", id="minutes below 0"),
        pytest.param("notify", {"unclaimed_minutes": "30"}, "notify.unclaimed_minutes", id="minutes as text"),
        pytest.param("holidays", ["Christmas"], "holidays", id="holiday in words"),
        pytest.param("holidays", ["2026-02-30"], "holidays", id="no such date"),
        pytest.param("holidays", "2026-12-25", "holidays", id="one holiday without a list"),
        pytest.param("holidays", date(2026, 12, 25), "holidays", id="one date without a list"),
        pytest.param("retention", 30, "retention", id="retention a number"),
        pytest.param("retention", {"conversations_days": 0}, "retention.conversations_days", id="no days"),
        pytest.param("retention", {"handoffs_days": "90"}, "retention.handoffs_days", id="days as text"),
        pytest.param("retention", {"handoffs_days": True}, "retention.handoffs_days", id="days as yes"),
        pytest.param("retention", {"handoffs_days": 1.5}, "retention.handoffs_days", id="days and a half"),
    ],
)
def test_a_bad_value_is_refused_by_its_key(key: str, value: object, named: str) -> None:
    with pytest.raises(CentreError, match=rf"centre\.yml: `?{named}"):
        load_centre({**deepcopy(GOOD), key: value})


def test_midnight_as_an_end_is_written_24_00() -> None:
    centre = load_centre({**deepcopy(GOOD), "hours": {"monday": [["20:00", "24:00"]], "tuesday": [["00:00", "24:00"]]}})

    assert centre.hours.weekly == {0: (Span(time(20), MIDNIGHT),), 1: (Span(MIDNIGHT, MIDNIGHT),)}


def test_a_wrong_holiday_is_answered_with_the_right_names() -> None:
    with pytest.raises(CentreError, match="Christmas Day"):
        load_centre({**deepcopy(GOOD), "public_holidays": {"country": "US", "closed": ["Xmas"]}})


def test_spans_may_be_written_in_any_order() -> None:
    centre = load_centre({**deepcopy(GOOD), "hours": {"monday": [["13:00", "20:00"], ["08:00", "12:00"]]}})

    assert centre.hours.weekly[0] == (Span(time(8), time(12)), Span(time(13), time(20)))


def test_a_date_without_quotes_is_a_holiday_too() -> None:
    assert load_centre({**deepcopy(GOOD), "holidays": [date(2026, 12, 25)]}).hours.holidays == {date(2026, 12, 25)}


def test_the_projects_own_centre_can_be_used() -> None:
    centre = load_centre(read_yaml(ROOT / "centre.yml"))

    assert centre.name == "Peaks Recovery Centers"
    assert set(centre.placeholders) <= set(GOOD), "a placeholder names a key of centre.yml"
