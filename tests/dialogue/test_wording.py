"""A visitor's text before anything reads it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions.dialogue.wording import clean


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("what is iop", "what is iop"),
        ("  two lines\n\tand a tab ", "two lines\n\tand a tab"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),  # control characters
        ("abc\u202edef\u2066", "abcdef"),  # text turned round
        ("i\u200bo\u00adp\ufeff", "iop"),  # invisible letters between visible ones
        ("lonely \ud800 half", "lonely  half"),  # half a surrogate pair cannot be encoded
        ("private \ue000 use", "private  use"),
        ("cafe\u0301", "café"),  # one form of every character
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),  # a family stays
        ("Необходима помощь", "Необходима помощь"),
        (" \u200b\u202e\x00 ", ""),
    ],
)
def test_what_a_person_wrote_stays_and_the_rest_goes(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(st.characters()))
def test_cleaned_text_can_be_encoded_and_cleaning_it_again_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
