"""Answers anybody can read: about grade 8 of school, measured; the counter is held by words everybody can count."""

from __future__ import annotations

from collections import defaultdict

import pytest

from admissions import content
from tests.contract.project import RESPONSES
from tests.contract.reading_grade import grade, syllables

#: What the issue asks for: people read it at night, frightened, on a phone.
HARDEST_GRADE = 8.0

#: The grade is one of English words.
IN_SPANISH = {"utter_other_language_es"}

WORDINGS = [(name, variation["text"]) for name, variations in RESPONSES.items() if name not in IN_SPANISH
            for variation in variations]  # fmt: skip
WORDINGS += [(f"content/hours.yml {name}", line) for name, line in content.hours_content().lines.items()]

COUNTED = {
    1: "care does whole takes named helped homes rules friend you they yes coach through 8 12",
    2: "something safely people patient private beyond being saying social needed classes ruler 7 18",
    3: "outpatient inpatient admissions together idea area intensive comparing aftercare medical IOP PHP 24 911",
    4: "recovery information experience residential facility behavioral usually criteria reliable",
    5: "individual psychological necessarily emotionally",
}


@pytest.mark.parametrize(("count", "word"), [(count, word) for count, words in COUNTED.items()
                                             for word in words.split()])  # fmt: skip
def test_syllables_are_counted_as_they_are_heard(count: int, word: str) -> None:
    assert syllables(word) == count


def test_short_words_in_short_sentences_are_easier_than_long_ones() -> None:
    assert grade("You live at home. You come in for care.") < 2
    assert 7 < grade("Our information does not say if any part can be done online, by phone or by video.") < 10
    assert grade("Hospitalization necessitates individualized interdisciplinary psychological intervention.") > 20


def test_each_line_of_a_list_is_a_sentence_of_its_own() -> None:
    assert grade("We have:\n• one coach\n• one plan") == pytest.approx(grade("We have. One coach. One plan."))


@pytest.mark.parametrize(("name", "text"), WORDINGS, ids=[name for name, _ in WORDINGS])
def test_every_answer_is_read_at_grade_8(name: str, text: str) -> None:
    # given: what an action fills in is one short word
    filled = text.format_map(defaultdict(lambda: "soon"))

    # when / then
    assert grade(filled) <= HARDEST_GRADE


def test_nothing_that_may_never_be_said_is_said_on_a_button_or_in_a_title() -> None:
    never = content.never_list()
    said = [*content.titles().values(), *(button["title"] for button in content.hours_content().buttons)]
    said += content.hours_content().lines.values()
    said += [button["title"] for variations in RESPONSES.values() for variation in variations
             for button in variation.get("buttons", ())]  # fmt: skip

    assert [title for title in said if never.findings(title)] == []


def test_no_response_has_the_same_wording_twice() -> None:
    twice = {
        name
        for name, variations in RESPONSES.items()
        if len({variation["text"] for variation in variations}) < len(variations)
    }

    assert twice == set()
