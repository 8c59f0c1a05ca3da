"""Faults of Rasa's forms that others met; each test says what would break here if it came back."""

from __future__ import annotations

import pytest

from admissions import content
from tests.conversations.expectations import open_question
from tests.e2e.assistant import Visitor

pytestmark = pytest.mark.model

SCRIPT = content.script()


def ask(step: str) -> str:
    return SCRIPT.step(step).wording("self")


def test_rasa_7751_an_interrupted_question_is_not_asked_twice(visitor: Visitor) -> None:
    """RasaHQ/rasa#7751: after an interruption the form asked for its slot once more than it should."""
    # given
    visitor.tap("Take a few questions")
    visitor.say("no")

    # when
    answer = visitor.say("what is php?")

    # then: the form's own request and the return are one question, and no bare copy of it stands around them
    assert answer.count(ask("about")) == 1
    assert visitor.last[-1]["text"] == f"{SCRIPT.lines['return']}\n{ask('about')}"
    assert len(visitor.last) == 2


def test_rasa_7712_the_answer_that_ends_one_intake_does_not_fill_the_next(visitor: Visitor) -> None:
    """RasaHQ/rasa#7712: the last message of a form filled the first slot of the form that followed."""
    # given an intake that ends with a yes, which would also answer the screening's first question
    visitor.say("please call me back")
    for words in ("Sam", "sam@example.org", "any time"):
        visitor.say(words)
    assert "reference is" in visitor.say("yes")

    # when
    visitor.say("can i take the questions now")

    # then nobody has said that somebody is in danger
    assert open_question(visitor.last) == "danger_now"
    visitor.say("no")
    assert open_question(visitor.last) == "about"


def test_rasa_7712_the_message_that_opens_an_intake_is_not_its_first_answer(visitor: Visitor) -> None:
    """RasaHQ/rasa#7712 from the other side (#10219): the words that start a form also filled its first text slot."""
    visitor.say("please call me back")
    assert open_question(visitor.last) == "name"


def test_rasa_8717_what_is_not_understood_fills_nothing_and_leaves_the_form_open(visitor: Visitor) -> None:
    """RasaHQ/rasa#8717: what a fallback does while a form is open was never settled: fill the slot, or leave it."""
    # given
    visitor.say("please call me back")
    visitor.say("Sam")

    # when nothing of it can be understood
    answer = visitor.say("glorp fandango blix")

    # then the same question, no list of topics from the fallback outside, and the next answer still counts
    assert open_question(visitor.last) == "reach"
    assert "Is it about one of these" not in answer
    visitor.say("sam@example.org")
    assert open_question(visitor.last) == "when"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("when are you open?", "Admissions is"),  # a rule with an action
        ("how much does it cost?", "does not cover"),  # a rule with an utterance
        ("how many hours a week is iop?", "9 hours"),  # a retrieval intent
        ("are you a robot?", "iop, php and inpatient care"),  # small talk
    ],
)
def test_rasa_7557_what_has_a_rule_is_answered_while_a_form_with_changing_steps_is_open(
    visitor: Visitor, words: str, answer: str
) -> None:
    """RasaHQ/rasa#7557: with a form whose slots depend on answers, rules and fallback were silent while it was open."""
    # given a form whose next steps depend on the answers so far
    visitor.tap("Take a few questions")
    for said in ("no", "a client of mine"):
        visitor.say(said)

    # when / then
    assert answer.lower() in visitor.say(words).lower()
    assert open_question(visitor.last) == "adult"
