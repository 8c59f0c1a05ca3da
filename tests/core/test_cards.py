"""The emergency cards hold what each lane promises, in words that are short and safe."""

from __future__ import annotations

import re
from datetime import date

import pytest

from admissions.content import read_yaml
from admissions.core.cards import Cards, load_cards
from admissions.core.lanes import Lane
from admissions.core.never import NeverList
from admissions.core.safety import Alarm
from admissions.errors import ContentError
from admissions.settings import ROOT

#: School years of the Flesch-Kincaid formula. Numbers, addresses, names and medical terms that must stand are left out.
HIGHEST_GRADE = 6.5
MUST_STAND = "|".join(
    (
        r"\S*\d\S*",
        r"\S+\.org\S*",
        r"Para español.*?\.",
        "Narcan|naloxone|alcohol|benzodiazepines",
        "medical|emergency|National Domestic",
    )
)
LONGEST_CARD_CHARACTERS = 420
VOICES = ("en", "en_for_other", "es")


@pytest.fixture(scope="module")
def cards() -> Cards:
    return load_cards(read_yaml(ROOT / "safety" / "cards.yml"))


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of an English text, syllables counted as groups of vowels."""
    plain = re.sub(MUST_STAND, "", text)
    words = re.findall(r"[A-Za-z']+", plain)
    sentences = max(1, len(re.findall(r"[.!?](?:\s|$)", plain)))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^l])e\b", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize(
    ("lane", "needed"),
    [
        (Lane.SUICIDE, ["988", "988lifeline.org", "911"]),
        (Lane.SELF_HARM, ["988", "911"]),
        (Lane.OVERDOSE, ["911", "Narcan"]),
        (Lane.WITHDRAWAL_DANGER, ["911"]),
        (Lane.VIOLENCE_ABUSE, ["911", "1-800-799-7233"]),
        (Lane.HARM_OTHERS, ["911", "988"]),
    ],
)
def test_a_card_names_the_help_of_its_lane(cards: Cards, lane: Lane, needed: list[str], voice: str) -> None:
    text = cards.texts[lane.value][voice]

    assert [help_ for help_ in needed if help_ not in text] == []


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("lane", list(Lane))
def test_a_card_is_short_and_asks_and_teaches_nothing(cards: Cards, lane: Lane, voice: str) -> None:
    text = cards.texts[lane.value][voice]

    assert len(text) <= LONGEST_CARD_CHARACTERS
    assert "?" not in text  # no probing
    assert not re.search(
        r"\b(commit|succeed|gun|pill|rope|bridge|should have|goodbye|end this chat)", text, re.IGNORECASE
    )


@pytest.mark.parametrize("voice", ["en", "en_for_other"])
@pytest.mark.parametrize("lane", list(Lane))
def test_a_card_reads_easily(cards: Cards, lane: Lane, voice: str) -> None:
    assert grade(cards.texts[lane.value][voice]) <= HIGHEST_GRADE


def test_no_card_says_what_may_never_be_said(cards: Cards) -> None:
    never = NeverList(read_yaml(ROOT / "safety" / "never.yml")["never"])
    said = [text for voices in cards.texts.values() for text in voices.values()]
    said += [line for lines in cards.after.values() for line in lines] + [cards.fallback("719-555-0142")]

    assert [finding for text in said for finding in never.findings(text)] == []


def test_a_card_speaks_to_the_person_it_is_about(cards: Cards) -> None:
    own = Alarm(Lane.OVERDOSE, "overdosed", "overdose.word", "en", "self")
    other = Alarm(Lane.OVERDOSE, "overdosed", "overdose.word", "en", "other")
    spanish = Alarm(Lane.OVERDOSE, "sobredosis", "es.overdose", "es", "other")

    texts = cards.texts["overdose"]
    assert [cards.card(own), cards.card(other), cards.card(spanish)] == [
        texts["en"],
        texts["en_for_other"],
        texts["es"],
    ]


def test_the_line_after_a_card_does_not_come_twice_running(cards: Cards) -> None:
    alarm = Alarm(Lane.SUICIDE, "want to die", "suicide.wish_to_die", "en")

    assert cards.after_card(alarm, turn=0) != cards.after_card(alarm, turn=1)


def test_the_fallback_gives_crisis_numbers_and_a_phone_only_where_there_is_one(cards: Cards) -> None:
    without, with_phone = cards.fallback(None), cards.fallback("719-555-0142")

    assert "988" in without
    assert "911" in without
    assert "{" not in without
    assert with_phone == f"{without} You can also call admissions at 719-555-0142."


def test_the_cards_say_who_reviewed_them_and_until_when(cards: Cards) -> None:
    assert cards.reviewed_by == "not yet reviewed by a clinician"
    assert cards.review_by == date(2027, 5, 1)


@pytest.mark.parametrize("missing", ["lanes", "after_card", "fallback", "review_by"])
def test_a_missing_part_is_named(missing: str) -> None:
    raw = read_yaml(ROOT / "safety" / "cards.yml")
    del raw[missing]

    with pytest.raises(ContentError, match=missing):
        load_cards(raw)
