"""Ages in visitors' words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions.core.ages import is_adult_alone, own_age
from admissions.core.contact import Misread


@pytest.mark.parametrize(
    ("said", "adult"),
    [
        ("34", True),
        ("17", False),
        ("seventeen", False),
        ("twenty-one", True),
        ("he's forty two", True),
        ("16 or 17", False),
        ("between 18 and 20", True),
        ("17 or 18", None),
        ("in his 30s", True),
        ("thirties", True),
        ("i turn 18 next month", False),
        ("almost 18", False),
        ("not 18 yet", False),
        ("he turned 18", True),
        ("I'm one of them", None),
        ("he takes 19 pills", None),
        ("purple", None),
    ],
)
def test_an_age_says_whether_somebody_is_an_adult(said: str, adult: bool | None) -> None:
    assert is_adult_alone(said) is adult


@pytest.mark.parametrize(("said", "given"), [("180", "180"), ("age 180", "180"), ("-5", "-5"), ("0", "0")])
def test_what_no_age_can_be_is_named(said: str, given: str) -> None:
    assert is_adult_alone(said) == Misread("bad_age", given)


@pytest.mark.parametrize(
    ("said", "age"),
    [
        ("btw i'm 17 is that ok", 17),
        ("I am sixteen", 16),
        ("i'm almost 18", 17),
        ("i turn 18 next month", 17),
        ("I'm 17", 17),
        ("i'm 5 days sober", None),
        ("i am one", None),
        ("my son turns 18 next month", None),
        ("i'm here since my son turned 18", None),
    ],
)
def test_visitors_tell_their_own_age(said: str, age: int | None) -> None:
    assert own_age(said) == age


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(said: str) -> None:
    assert is_adult_alone(said) in (True, False, None) or isinstance(is_adult_alone(said), Misread)
    assert own_age(said) is None or 0 <= (own_age(said) or 0) < 100
