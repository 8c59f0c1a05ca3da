"""Spelling: slips are mended, known words and short ones left alone, and no drug or danger ever appears."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions.understanding.hazard_words import HAZARD_WORDS
from admissions.understanding.spelling import Spelling, _slips

GENERAL = frozenset({"them", "insurance", "weather", "hair"})
SEEN = {
    "insurance": 9,
    "sleep": 8,
    "hours": 7,
    "how": 30,
    "long": 20,
    "them": 3,
    "tricare": 2,
    "thier": 1,
    "overnight": 1,
}


@pytest.fixture
def spelling() -> Spelling:
    # given: training data in which drugs and dangers are written often
    return Spelling({**SEEN, **dict.fromkeys(HAZARD_WORDS, 50)}, GENERAL)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("do you take insurence", "do you take insurance"),
        ("slepe there", "sleep there"),
        ("tricaer?", "tricare?"),
        ("howlong", "how long"),
    ],
)
def test_a_slip_becomes_the_training_word(spelling: Spelling, typed: str, read: str) -> None:
    assert spelling.correct(typed) == read


@pytest.mark.parametrize("text", ["weather", "hrs", "i don't", "xylophonist", "", "!!!", "naïve"])
def test_known_short_and_faraway_words_stay(spelling: Spelling, text: str) -> None:
    assert spelling.correct(text) == text


def test_a_slip_that_stands_in_the_examples_once_is_no_correction(spelling: Spelling) -> None:
    assert spelling.correct("thierr") == "thierr"


@pytest.mark.parametrize("typed", ["suboxonee", "methadoen", "xanex", "herion", "suiside", "fentynal", "overdoze"])
def test_no_slip_becomes_a_drug_or_a_danger(spelling: Spelling, typed: str) -> None:
    assert spelling.correct(typed) == typed


@given(st.sampled_from(sorted(word for word in HAZARD_WORDS if len(word) > 3)), st.randoms(use_true_random=False))
def test_no_slip_of_any_hazard_word_is_corrected_into_one(word: str, chance) -> None:
    spelling = Spelling(dict.fromkeys(HAZARD_WORDS, 50), frozenset())
    typed = chance.choice([fixed for _, fixed in _slips(word)])

    read = spelling.correct(typed)

    assert read == typed


def test_the_same_slip_is_always_read_the_same_way() -> None:
    # given: two corrections equally likely
    spelling = Spelling({"house": 5, "mouse": 5}, frozenset())

    assert spelling.correct("touse") == "house"
