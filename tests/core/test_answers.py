"""Reading answers out of what people really type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions import content
from admissions.core.answers import Answer, is_question, read_answer, read_in_passing, without_questions
from admissions.core.contact import Misread
from admissions.core.steps import StepKind
from admissions.core.wording import fold, is_all, says

SCRIPT = content.script()


def read(step: str, said: str) -> object:
    """Return the value read, the name of the line that says what is wrong, or None."""
    found = read_answer(SCRIPT.step(step), SCRIPT, said)
    if isinstance(found, Misread):
        return f"{found.line}: {found.given}"
    return found.value if isinstance(found, Answer) else None


@pytest.mark.parametrize(
    ("step", "said", "value"),
    [
        # yes and no, in many words
        ("medical_need", "Yes", "yes"),
        ("medical_need", "yeah he does", "yes"),
        ("medical_need", "nope", "no"),
        ("medical_need", "👍", "yes"),
        ("medical_need", "sadly yes", "yes"),
        ("home_support", "not really", "no"),
        ("home_support", "kind of", "not_sure"),
        ("home_support", "I don't think so", "no"),
        ("danger_now", "no one", "no"),
        ("danger_now", "No, everyone is safe", "no"),
        ("danger_now", "he's ok, he is asleep", "no"),
        ("danger_now", "I don't think he's ok", "not_sure"),  # in doubt nobody is called safe
        ("danger_now", "I'm not sure he is ok", "not_sure"),
        ("danger_now", "I don't know if she's ok", "not_sure"),
        ("danger_now", "she is not sleeping", "not_sure"),
        ("danger_now", "he is not ok", "yes"),
        ("danger_now", "she isn't ok", "yes"),  # opens like a no
        ("danger_now", "he isn't doing well", "yes"),
        ("danger_now", "I am not safe", "yes"),
        ("danger_now", "she isn't", "no"),
        ("danger_now", "maybe", "not_sure"),
        ("danger_now", "yes he is very sick", "yes"),
        # whom it is about
        ("about", "me", "self"),
        ("about", "It's for my daughter", "loved_one"),
        ("about", "my best friend", "loved_one"),
        ("about", "a client of mine", "professional"),
        ("about", "I'm a social worker", "professional"),
        # age
        ("adult", "34", "yes"),
        ("adult", "18", "yes"),
        ("adult", "17", "no"),
        ("adult", "he just turned 18", "yes"),
        ("adult", "she's 15 years old", "no"),
        ("adult", "over 18", "yes"),
        ("adult", "a teenager", "no"),
        ("adult", "122", "yes"),
        ("adult", "123", "bad_age: 123"),
        ("adult", "999999", "bad_age: 999999"),
        # kinds of care
        ("interest", "partial hospitalization", "php"),
        ("interest", "intensive outpatient", "iop"),
        ("interest", "residental", "inpatient"),  # one slip in a long word
        ("interest", "inpatient", "inpatient"),
        ("interest", "inpateint", "inpatient"),
        # several
        ("substances", "pills and weed", ("cannabis", "pills")),
        ("substances", "pain pills", ("opioids",)),
        ("substances", "beer, xanax, meth", ("alcohol", "benzodiazepines", "stimulants")),
        ("reasons", "he relapsed and just got out of rehab", ("short_relapse", "after_inpatient")),
        ("reasons", "none of these", ("none",)),
        ("reasons", "None of these", ("none",)),
        # voicemail and texts
        ("permissions", "text only", "text"),
        ("permissions", "no texts", "neither"),  # refusing one is no consent to the other
        ("permissions", "both are fine", "both"),
        ("permissions", "no", "neither"),
        ("permissions", "just call", "neither"),
        # in the visitor's own words
        ("when", "after 5 on weekdays", "after 5 on weekdays"),
        ("when", "Mornings", "mornings"),
        ("when", "purple", None),
        ("name", "My name is Sam", "Sam"),
        ("reach", "sam@example.org", "sam@example.org"),
        ("reach", "719-555", "bad_phone: 719-555"),
        ("reach", "I have none", None),
    ],
)
def test_an_answer_is_read_as_it_is_meant(step: str, said: str, value: object) -> None:
    assert read(step, said) == value


@pytest.mark.parametrize("step", [step.name for step in SCRIPT.steps if step.choices])
def test_every_button_reads_as_its_own_choice(step: str) -> None:
    for choice in SCRIPT.step(step).choices:
        value = (choice.value,) if SCRIPT.step(step).kind is StepKind.CHOICES else choice.value

        assert read(step, choice.title) == value


@pytest.mark.parametrize("step", [step.name for step in SCRIPT.steps if step.kind is StepKind.CHOICE])
def test_every_phrase_of_a_choice_reads_as_that_choice(step: str) -> None:
    for choice in SCRIPT.step(step).choices:
        for phrase in choice.says:
            assert read(step, phrase) == choice.value, phrase


def test_a_story_that_opens_with_no_is_no_answer() -> None:
    assert read("home_support", "no offense but I have been thinking about all of this for years") is None


@pytest.mark.parametrize(
    ("step", "said", "value"),
    [
        ("about", "my son", "loved_one"),
        ("about", "someone", None),
        ("about", "my son is a patient of mine", None),  # two choices: not without doubt
        ("adult", "he's 19", "yes"),
        ("adult", "for my son, he's 19, pills mostly", "yes"),
        ("adult", "19 years old", "yes"),
        ("adult", "she is 14.", "no"),
        ("adult", "19", None),  # a bare number may be anything
        ("adult", "he takes 19 pills", None),
        ("adult", "he is 30 days sober", None),
        ("adult", "he is 3 months in", None),
        ("adult", "he's 300", None),
        ("substances", "too much beer and xanax", ("alcohol", "benzodiazepines")),
        ("substances", "pills", ("pills",)),
        ("substances", "everything is fine", None),
        ("substances", "I am at the pot luck", None),
    ],
)
def test_only_what_leaves_no_doubt_is_read_in_passing(step: str, said: str, value: object) -> None:
    found = read_in_passing(SCRIPT.step(step), said)

    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("what is php", True),
        ("What is PHP?", True),
        ("and how long", True),
        ("he is 19. is that ok", True),
        ("tell me about iop", True),
        ("my son", False),
        ("I know what it is", False),
        ("whatever", False),
        ("", False),
    ],
)
def test_a_question_is_known_by_its_mark_or_its_first_word(said: str, asks: bool) -> None:
    assert is_question(said) is asks


def test_questions_are_left_out_clause_by_clause() -> None:
    assert without_questions("my son, he is 19. what is php? and how long") == "my son, he is 19."


# -- comparing words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "phrase", "same"),
    [
        ("skip", "skip", True),
        ("Skip, please!", "skip", True),
        ("previuos", "previous", True),  # swapped
        ("previus", "previous", True),  # lost
        ("previouss", "previous", True),  # added
        ("prevoius qestion", "previous question", True),
        ("previxxs", "previous", False),
        ("sto", "stop", False),  # too short to forgive
        ("go", "no", False),
        ("skip the next one", "skip", False),
        ("please", "skip", False),
        ("", "skip", False),
    ],
)
def test_a_whole_message_is_compared_with_small_slips_forgiven(said: str, phrase: str, same: bool) -> None:
    assert is_all(said, [phrase]) is same


def test_the_longest_phrase_counts() -> None:
    assert says("he finished inpatient care", ["inpatient", "finished inpatient"]) == "finished inpatient"
    assert says("inpatients", ["inpatient"]) is None


@given(st.text(max_size=200))
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_any_step(text: str) -> None:
    for step in SCRIPT.steps:
        found = read_answer(step, SCRIPT, text)
        read_in_passing(step, text)
        if isinstance(found, Answer) and step.kind is StepKind.CHOICE:
            assert step.choice(str(found.value)) is not None
