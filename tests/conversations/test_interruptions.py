"""Every question at every step: it is answered, and the open question comes back once, worded as a return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.intake import ValidateIntakeForm
from admissions import content, names
from admissions.commands.parse import Reader
from admissions.core.intake import CHANGE, PREVIEW
from admissions.core.steps import Plan
from tests.conversations.interruptions import (
    KEPT,
    NO_QUESTION,
    PERSON,
    SMALL_TALK,
    answer_texts,
    intake_at,
    questions,
    steps,
    walks,
)
from tests.conversations.script import Script
from tests.conversations.stage import ALL_TIMEOUT_S, Performance

LINES = content.script().lines
ASKED = {**questions(), **SMALL_TALK}

#: Answers that an action words from centre.yml.
_FROM_THE_CENTRE = {
    "ask_hours": (names.UTTER_HOURS_OPEN, names.UTTER_HOURS_CLOSED),
    "ask_contact": (names.UTTER_CONTACT,),
}


#: Steps that are asked of somebody who only wants a person.
_CONTACT = [step.name for step in content.script().steps if Plan.HUMAN in step.plans]


@pytest.fixture(scope="module")
def parsed(trained_reader: Reader) -> Mapping[str, Mapping[str, Any]]:
    """By label what the trained model makes of its question, each read once."""
    return {label: trained_reader.parse(words) for label, words in {**ASKED, "person": PERSON}.items()}


async def say(parsed: Mapping[str, Any], step: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Say something while a step is open; returns what is answered, and the intake then."""
    slots = {names.SLOT_INTAKE: intake_at(step).to_json(), names.SLOT_REQUESTED: names.SLOT_OUTCOME}
    tracker = Tracker("c1", slots, dict(parsed), [], False, None, {}, None)
    dispatcher = CollectingDispatcher()
    domain = {"responses": {f"utter_{one}": [] for one in ASKED}}
    events = await ValidateIntakeForm().run(dispatcher, tracker, domain)
    return dispatcher.messages, next(event["value"] for event in events if event.get("name") == names.SLOT_INTAKE)


@pytest.mark.model
@pytest.mark.parametrize("step", [*steps(), CHANGE])
@pytest.mark.parametrize("label", ASKED)
async def test_a_question_is_answered_and_the_open_one_comes_back_once(
    label: str, step: str, parsed: Mapping[str, Mapping[str, Any]]
) -> None:
    # when
    (*answers, asked), kept = await say(parsed[label], step)

    # then
    (said,) = answers
    by_name = said["response"] in (f"utter_{label}", *_FROM_THE_CENTRE.get(label, ()))
    assert by_name or (label == "ask_hours" and said["text"].startswith("Admissions is "))
    assert asked["text"] == f"{LINES['return']}\n{_wording(step)}"
    assert kept == intake_at(step).to_json(), "nothing was taken for an answer"


@pytest.mark.model
@pytest.mark.parametrize("step", steps())
async def test_a_person_is_reached_from_every_step_with_the_answers_kept(
    step: str, parsed: Mapping[str, Mapping[str, Any]]
) -> None:
    # when
    said, kept = await say(parsed["person"], step)

    # then the next question is one of how to reach the visitor, and it is asked once
    assert kept["step"] == (step if step in (*_CONTACT, PREVIEW) else _CONTACT[0])
    assert "".join(one["text"] for one in said).count(_wording(kept["step"])) == 1
    assert kept["answers"] == intake_at(step).to_json()["answers"]


def _wording(step: str) -> str:
    if step == PREVIEW:
        return LINES["consent"]
    return LINES["change_which"] if step == CHANGE else content.script().step(step).wording("self")


def test_the_matrix_has_every_facet_gap_and_known_unknown() -> None:
    wanted = {label for label in content.nlu_files().answers} | {
        label for label in content.nlu_files().labels if label.startswith("ask_")
    }
    assert wanted - set(ASKED) == NO_QUESTION


def _walks() -> Iterator[object]:
    for script in walks():
        yield pytest.param(script, id=script.name)


@pytest.mark.model
@pytest.mark.timeout(ALL_TIMEOUT_S)
@pytest.mark.parametrize("script", _walks())
def test_the_place_is_kept_over_http(script: Script, performances: Mapping[str, Performance]) -> None:
    failure = performances[script.name].failure
    assert failure is None, failure


def test_over_http_every_question_is_asked_and_every_step_interrupted_at_least_twice() -> None:
    by_question = [script for script in walks() if "questions" in script.title]
    assert len(by_question) >= 2
    asked = {words for script in by_question for scene in script.scenes for words in scene.visitor}
    assert set(ASKED.values()) <= asked


def test_every_step_of_the_screening_has_an_answer_to_walk_with() -> None:
    assert set(KEPT) == {step.name for step in content.script().steps}
    assert all(answer_texts(label) for label in ASKED)


def test_no_question_of_the_matrix_was_trained_on() -> None:
    trained = {example.text.lower() for example in content.nlu_files().examples}
    written = content.read_yaml(Path(__file__).parent / "questions.yml")
    assert {label for label, words in written.items() if words.lower() in trained} == set()
    assert set(written) <= set(ASKED)
