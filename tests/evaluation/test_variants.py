"""The same message in another hand: always the same change, and still the same message."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions.evaluation.variants import LETTERS_A_SLIP, VARIANTS, bare, mistyped, shouted

MESSAGE = "So how long is IOP, and does he sleep there? It's for my son."


@pytest.mark.parametrize("name", VARIANTS)
@given(text=st.text())
def test_a_variant_of_a_text_is_always_the_same(name: str, text: str) -> None:
    assert VARIANTS[name](text) == VARIANTS[name](text)


def test_the_slips_of_a_message_are_these_on_every_machine() -> None:
    # what is measured today can be measured again elsewhere
    assert mistyped("how long does it take") == "how lcng does it take"


@pytest.mark.parametrize("text", ["how many hours a week is it", MESSAGE, "do i live there or go home at night"])
def test_a_mistyped_message_is_still_nearly_itself(text: str) -> None:
    slips = max(1, sum(map(str.isalpha, text)) // LETTERS_A_SLIP)

    assert mistyped(text) != text
    assert abs(len(mistyped(text)) - len(text)) <= slips
    assert SequenceMatcher(None, text, mistyped(text)).ratio() > 0.85


@pytest.mark.parametrize("text", ["", "?", "a", "no", "24/7", "\U0001f64f", "x y z"])
def test_what_has_no_inside_of_a_word_stays_readable(text: str) -> None:
    assert len(mistyped(text)) >= len(text) - 1


def test_digits_never_change() -> None:
    slipped = {mistyped(f"is it 9 hours a week number {number}") for number in range(50)}

    assert all("9" in text.split() for text in slipped)


def test_a_shouted_message_is_in_capitals() -> None:
    assert shouted(MESSAGE) == "SO HOW LONG IS IOP, AND DOES HE SLEEP THERE? IT'S FOR MY SON."


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (MESSAGE, "so how long is iop and does he sleep there its for my son"),
        ("One-on-one?", "one on one"),
        ("  two\n lines... ", "two lines"),
        ("???", ""),
        ("Café (24/7)", "café 247"),
    ],
)
def test_a_bare_message_has_neither_marks_nor_capitals(text: str, read: str) -> None:
    assert bare(text) == read
