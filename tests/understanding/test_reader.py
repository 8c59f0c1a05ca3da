"""Reading a whole message, on a model that reads what it is told to: several questions, buried ones, leaning ones."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from admissions import content
from admissions.core.follow_ups import Talk
from admissions.names import REQUESTS
from admissions.understanding.intent_model import Guess, Reading
from admissions.understanding.reader import (
    MOST_QUESTIONS,
    NOT_QUESTIONS,
    SURE_OF_A_PART,
    MessageReader,
    Understanding,
)
from tests.contract.project import DOMAIN

LENGTH, HOURS = "faq/how_long__overview", "faq/how_long__hours_per_week"
HOME, PHP, PHP_HOURS = "faq/what_is_iop__live_at_home", "faq/iop_vs_php__php_meaning", "faq/iop_vs_php__php_schedule"
COST, PLACE, CALL = "ask_cost_or_insurance", "ask_location", "request_callback"

#: From which probability on the model answers, and from which on it offers.
ACCEPT, SUGGEST = 0.5, 0.3


class ToldModel:
    """`IntentModel` that knows the readings of some texts; every other text is out of its scope, and it is not sure."""

    def __init__(self, told: dict[str, str | tuple[str, float]]) -> None:
        self._told = told
        self.spelling = SimpleNamespace(correct=lambda text: text.replace("  ", " "))
        self.head = SimpleNamespace(gate=SimpleNamespace(accept=ACCEPT, suggest=SUGGEST))

    def read(self, cleaned: str) -> Reading:
        said = self._told.get(cleaned, ("out_of_scope/noise", 0.2))
        label, confidence = said if isinstance(said, tuple) else (said, 0.9)
        return Reading(label, confidence, confidence >= ACCEPT, (label,), (Guess(label, confidence),))


def read(text: str, told: dict[str, str | tuple[str, float]], talk: Talk | None = None) -> Understanding:
    reader = MessageReader(ToldModel(told), content.entity_names(), content.follow_ups())
    return reader.read(text, talk or Talk())


# -- one question ------------------------------------------------------------------------------------------------------


def test_a_message_in_one_part_is_what_the_model_reads() -> None:
    understood = read("How long is IOP?", {"how long is iop?": (LENGTH, 0.8)})

    assert understood.questions == (LENGTH,)
    assert (understood.label, understood.confidence, understood.accepted) == (LENGTH, 0.8, True)
    assert understood.ranking == (Guess(LENGTH, 0.8),)


def test_what_is_not_sure_enough_is_not_accepted_and_offers_the_nearest() -> None:
    understood = read("whats that thing", {"whats that thing": (LENGTH, 0.4)})

    assert not understood.accepted
    assert understood.suggestions == (LENGTH,)
    assert understood.talk == Talk()


def test_names_in_a_message_are_found_whatever_it_asks() -> None:
    understood = read("my son did 30 days inpatient, call 719-555-0142", {})

    assert [(one.kind, one.value) for one in understood.entities] == [
        ("duration", "30 days"), ("level", "inpatient"), ("phone", "given"),
    ]  # fmt: skip


# -- several questions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told", "questions"),
    [
        pytest.param(
            "how long is it? what does it cost?",
            {"how long is it": LENGTH, "what does it cost": COST, "how long is it? what does it cost?": LENGTH},
            (LENGTH, COST),
            id="two sentences",
        ),
        pytest.param(
            "what does it cost, how long is it",
            {"how long is it": LENGTH, "what does it cost": COST, "what does it cost, how long is it": LENGTH},
            (COST, LENGTH),
            id="in the order asked, not by what the whole reads as",
        ),
        pytest.param(
            "how long is it? where are you? what does it cost?",
            {"how long is it": LENGTH, "where are you": PLACE, "what does it cost": COST},
            (LENGTH, PLACE, COST),
            id="three, the whole is not understood",
        ),
        pytest.param(
            "how long is it? how many weeks is that? what does it cost?",
            {"how long is it": LENGTH, "how many weeks is that": LENGTH, "what does it cost": COST},
            (LENGTH, COST),
            id="one of them asked twice",
        ),
        pytest.param(
            "thank you! how long is it? what does it cost? have a nice day.",
            {"how long is it": LENGTH, "what does it cost": COST},
            (LENGTH, COST),
            id="courtesies around them",
        ),
    ],
)
def test_several_questions_are_found_in_order_and_once_each(
    text: str, told: dict[str, str | tuple[str, float]], questions: tuple[str, ...]
) -> None:
    understood = read(text, told)

    assert understood.questions == questions
    assert understood.accepted


def test_a_request_beside_a_question_is_one_of_the_questions() -> None:
    told = {"how long is it": LENGTH, "can somebody call me": CALL, "how long is it? can somebody call me?": CALL}

    understood = read("How long is it? Can somebody call me?", told)

    assert understood.questions == (LENGTH, CALL)
    assert understood.label == CALL, "what the message as a whole reads as"


def test_no_more_questions_than_fit_are_answered() -> None:
    told = {"where are you": PLACE, "what does it cost": COST, "how long is it": LENGTH, "do i sleep there": HOME}

    understood = read("where are you? what does it cost? how long is it? do i sleep there?", told)

    assert understood.questions == (PLACE, COST, LENGTH)
    assert len(understood.questions) == MOST_QUESTIONS


def test_where_the_whole_clearly_asks_something_else_the_parts_deceive() -> None:
    told = {"is it true": COST, "what they say about him": PLACE, "is it true, what they say about him": "ask_legal"}

    assert read("is it true, what they say about him", told).questions == ("ask_legal",)


def test_a_part_that_is_not_sure_enough_is_no_question() -> None:
    told = {
        "how long is it": LENGTH,
        "what about that": (COST, SURE_OF_A_PART - 0.01),
        "how long is it? what about that?": LENGTH,
    }

    assert read("how long is it? what about that?", told).questions == (LENGTH,)


def test_a_part_that_is_unclear_alone_is_read_with_what_was_said_before_it() -> None:
    told = {
        "how long is it": LENGTH,
        "and is it covered": ("affirm", 0.7),
        "is it covered": ("affirm", 0.7),
        "how long is it, is it covered": COST,
        "how long is it? and is it covered?": LENGTH,
    }

    assert read("how long is it? and is it covered?", told).questions == (LENGTH, COST)


def test_the_overview_beside_a_narrower_question_of_its_topic_is_the_same_question() -> None:
    told = {
        "how long is it": (LENGTH, 0.8),
        "how many hours a week": HOURS,
        "how long is it? how many hours a week?": HOURS,
    }

    assert read("how long is it? how many hours a week?", told).questions == (HOURS,)


def test_an_overview_that_plainly_is_asked_beside_a_narrower_question_is_answered_too() -> None:
    told = {
        "how many months is it": (LENGTH, 0.99),
        "how many hours a week": HOURS,
        "how many months is it? how many hours a week?": HOURS,
    }

    assert read("how many months is it? how many hours a week?", told).questions == (LENGTH, HOURS)


# -- a buried question -------------------------------------------------------------------------------------------------

STORY = "My son came back last week. He cannot keep a job. I am so tired of all this. Do you know what it costs? Thanks"


def test_a_question_in_a_story_that_is_not_understood_as_a_whole_is_found() -> None:
    # given
    told = {"do you know what it costs": COST, "what it costs": COST}

    # when
    understood = read(STORY, told)

    # then
    assert understood.questions == (COST,)
    assert understood.accepted


@pytest.mark.parametrize("courtesy", ["greet", "thanks", "affirm", "not_sure"])
def test_a_question_beside_a_courtesy_is_the_question(courtesy: str) -> None:
    told = {"thank you so much. what does it cost?": courtesy, "what does it cost": COST}

    assert read("Thank you so much. What does it cost?", told).questions == (COST,)


def test_a_courtesy_without_a_question_is_a_courtesy() -> None:
    told = {"thank you so much. you helped a lot.": "thanks"}

    understood = read("Thank you so much. You helped a lot.", told)

    assert understood.questions == ("thanks",)


def test_where_the_whole_is_understood_a_buried_part_does_not_take_its_place() -> None:
    told = {"i want to sign up. do you know when?": "ask_admission_process", "do you know when": "ask_hours"}

    assert read("I want to sign up. Do you know when?", told).questions == ("ask_admission_process",)


def test_of_several_wonderings_without_a_question_the_last_is_meant() -> None:
    told = {"i was wondering about the cost": COST, "i have no idea where you are": PLACE}

    understood = read("I was wondering about the cost. I have no idea where you are.", told)

    assert understood.questions == (PLACE,)


# -- leaning on the talk -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told", "talk", "label"),
    [
        # a level and nothing else: whatever the model makes of it
        ("and php?", {"and php?": (PHP, 0.9)}, Talk(HOURS, "iop"), PHP_HOURS),
        ("and php?", {}, Talk(HOURS, "iop"), PHP_HOURS),
        ("What about day treatment?", {}, Talk(HOURS, "iop"), PHP_HOURS),
        ("partial hospitalization?", {}, Talk(), PHP),
        ("and the other one?", {}, Talk(PHP_HOURS, "php", "iop"), HOURS),
        ("tell me more", {}, Talk(HOURS, "iop"), LENGTH),
        # a question that names no level
        ("how many hours?", {"how many hours?": HOURS}, Talk(PHP, "php"), PHP_HOURS),
        ("how long?", {"how long?": LENGTH}, Talk(PHP, "php"), "out_of_scope/length_php"),
    ],
)
def test_a_short_message_leans_on_what_was_talked_about(
    text: str, told: dict[str, str | tuple[str, float]], talk: Talk, label: str
) -> None:
    understood = read(text, told, talk)

    assert (understood.questions, understood.accepted) == ((label,), True)
    assert understood.talk.asked == label


@pytest.mark.parametrize(
    ("text", "told", "talk"),
    [
        ("how many hours is iop?", {"how many hours is iop?": HOURS}, Talk(PHP, "php")),
        ("how many hours?", {"how many hours?": HOURS}, Talk()),
        ("what does it cost?", {"what does it cost?": COST}, Talk(PHP, "php")),
    ],
)
def test_what_says_itself_what_it_is_about_does_not_lean(
    text: str, told: dict[str, str | tuple[str, float]], talk: Talk
) -> None:
    assert read(text, told, talk).questions == tuple(told.values())


def test_where_it_is_unclear_what_is_meant_it_asks() -> None:
    # given: only one level was talked about
    talk = Talk(HOURS, "iop")

    # when
    understood = read("and the other one?", {}, talk)

    # then
    assert not understood.accepted
    assert PHP_HOURS in understood.suggestions
    assert len(understood.suggestions) >= 2
    assert understood.talk == talk, "what was not answered was not talked about"


@pytest.mark.parametrize(("confidence", "accepted"), [(SUGGEST, True), (SUGGEST - 0.01, False)])
def test_a_question_moved_to_another_level_keeps_its_own_doubt(confidence: float, accepted: bool) -> None:
    understood = read("how many hours?", {"how many hours?": (HOURS, confidence)}, Talk(PHP, "php"))

    assert understood.accepted is accepted
    assert understood.confidence == confidence


def test_a_second_question_leans_on_the_first() -> None:
    told = {"how many hours is iop": HOURS, "php": PHP, "and php": PHP, "how many hours is iop? and php?": HOURS}

    assert read("How many hours is IOP? And PHP?", told).questions == (HOURS, PHP_HOURS)


# -- what was talked about ---------------------------------------------------------------------------------------------


def test_after_a_message_the_talk_is_about_its_last_question() -> None:
    told = {"how many hours is iop": HOURS, "what does php stand for": PHP}

    understood = read("how many hours is iop? what does php stand for?", told)

    assert understood.talk == Talk(PHP, "php", "iop")


@pytest.mark.parametrize("label", sorted(NOT_QUESTIONS))
def test_a_courtesy_or_a_move_leaves_the_talk_as_it_was(label: str) -> None:
    talk = Talk(PHP_HOURS, "php", "iop")

    assert read("ok then", {"ok then": label}, talk).talk == talk


@pytest.mark.parametrize("label", [*sorted(REQUESTS), "delete_my_data"])
def test_what_asks_for_a_deed_leaves_the_talk_as_it_was(label: str) -> None:
    # "and php?" after a request for a call that was stopped must not ask for the call again
    talk = Talk(PHP_HOURS, "php", "iop")

    assert read("please do it", {"please do it": label}, talk).talk == talk


def test_what_was_not_understood_leaves_the_talk_as_it_was() -> None:
    talk = Talk(PHP_HOURS, "php", "iop")

    assert read("xyzzy", {}, talk).talk == talk


def test_a_level_that_was_only_named_is_talked_about_where_the_answer_speaks_of_none() -> None:
    assert read("what does php cost", {"what does php cost": COST}).talk == Talk(COST, "php")


def test_of_a_comparison_the_level_that_was_named_is_talked_about() -> None:
    comparison = "faq/iop_vs_inpatient__overview"

    assert read("tell me about inpatient here", {"tell me about inpatient here": comparison}).talk.level == "inpatient"


# -- whatever is typed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "?", "...", "\U0001f64f", "a" * 5000, "how long is it? " * 500])
def test_any_text_has_one_understanding(text: str) -> None:
    understood = read(text, {"how long is it": LENGTH})

    assert 1 <= len(understood.questions) <= MOST_QUESTIONS


def test_what_is_no_question_is_an_intent_of_the_domain() -> None:
    assert set(DOMAIN["intents"]) >= NOT_QUESTIONS
