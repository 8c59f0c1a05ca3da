"""Public holidays: their names and days, and which of them close admissions."""

from __future__ import annotations

from datetime import date

import pytest

from admissions.core.public_holidays import PublicHolidays, names_of

CLOSED = frozenset({"Thanksgiving Day", "Christmas Day", "Independence Day"})
PLAIN = PublicHolidays("US", "CO", CLOSED)
OBSERVED = PublicHolidays("US", "CO", CLOSED, observed=True)


@pytest.mark.parametrize(
    ("day", "name", "closes"),
    [
        pytest.param(date(2026, 11, 26), "Thanksgiving Day", True, id="fourth Thursday in 2026"),
        pytest.param(date(2029, 11, 22), "Thanksgiving Day", True, id="fourth Thursday in 2029"),
        pytest.param(date(2026, 9, 7), "Labor Day", False, id="a holiday admissions works on"),
        pytest.param(date(2026, 10, 5), "Frances Xavier Cabrini Day", False, id="Colorado's own"),
        pytest.param(date(2026, 7, 3), None, False, id="observed, where that does not count"),
        pytest.param(date(2026, 11, 25), None, False, id="an ordinary day"),
    ],
)
def test_a_day_has_its_name_and_closes_when_it_is_on_the_list(day: date, name: str | None, closes: bool) -> None:
    assert PLAIN.name(day) == name
    assert PLAIN.closes(day) is closes


def test_the_observed_day_closes_where_the_centre_says_so() -> None:
    assert OBSERVED.closes(date(2026, 7, 3))
    assert OBSERVED.name(date(2026, 7, 3)) == "Independence Day (observed)"


def test_a_holiday_is_found_by_name_on_its_own_day() -> None:
    assert OBSERVED.day_of("Christmas Day", 2027) == date(2027, 12, 25)
    assert OBSERVED.day_of("Independence Day", 2026) == date(2026, 7, 4)
    assert OBSERVED.day_of("Bastille Day", 2026) is None


def test_other_countries_are_told_in_english_and_unknown_ones_refused() -> None:
    assert "Christmas Day" in names_of("DE", None, 2026)
    for country, state in (("ZZ", None), ("US", "ZZ")):
        with pytest.raises(ValueError, match=r".+"):
            names_of(country, state, 2026)
