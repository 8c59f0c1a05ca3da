"""Card and social security numbers never get further than the channel; the cards here are test numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions.core.sensitive import REMOVED, remove_sensitive


@pytest.mark.parametrize(
    ("said", "left"),
    [
        pytest.param("4111111111111111", REMOVED, id="sixteen digits"),
        pytest.param("my card is 4111 1111 1111 1111 ok", f"my card is {REMOVED} ok", id="in fours"),
        pytest.param("4111-1111-1111-1111", REMOVED, id="with dashes"),
        pytest.param("378282246310005", REMOVED, id="fifteen digits"),
        pytest.param("3782 822463 10005", REMOVED, id="as printed on a fifteen-digit card"),
        pytest.param("30569309025904", REMOVED, id="fourteen digits"),
        pytest.param("ssn 078-05-1120", f"ssn {REMOVED}", id="ssn"),
        pytest.param("it's 078 05 1120.", f"it's {REMOVED}.", id="ssn with spaces"),
        pytest.param("my SSN is 078051120", f"my {REMOVED}", id="nine digits called an ssn"),
        pytest.param("social security number: 078051120", REMOVED, id="nine digits called social security"),
        pytest.param("4111111111111111 and 078-05-1120", f"{REMOVED} and {REMOVED}", id="both"),
    ],
)
def test_a_number_nobody_should_type_here_is_removed(said: str, left: str) -> None:
    assert remove_sensitive(said) == (left, True)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("719-555-0134", id="phone"),
        pytest.param("+1 719 555 0134", id="phone with country code"),
        pytest.param("call 719-555-0134 or 719-555-0135", id="two phones"),
        pytest.param("4111111111111112", id="wrong check digit"),
        pytest.param("41111111111111111111111", id="too long for a card"),
        pytest.param("078051120", id="nine digits with no word for it"),
        pytest.param("2026-11-23", id="date"),
        pytest.param("I drink 2-3 beers, 5 days a week", id="small numbers"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_numbers_stay(said: str) -> None:
    assert remove_sensitive(said) == (said, False)


@given(st.text(max_size=300))
def test_removing_twice_changes_nothing_more(text: str) -> None:
    once, _ = remove_sensitive(text)

    assert remove_sensitive(once) == (once, False)


@given(st.text(alphabet=st.characters(exclude_categories=["Nd"]), max_size=300))
def test_text_without_digits_is_never_touched(text: str) -> None:
    assert remove_sensitive(text) == (text, False)
