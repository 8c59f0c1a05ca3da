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
from tests.conversations.interruptions import (
    KEPT,
    NO_QUESTION,
    SMALL_TALK,
    answer_texts,
    intake_at,
    questions,
    requests_for_a_person,
    steps,
    walks,
)
from tests.conversations.script import Script
from tests.conversations.stage import Performance

LINES = content.script().lines
ASKED = {**questions(), **SMALL_TALK}

#: Answers that an action words from centre.yml.
_FROM_THE_CENTRE = {
    "ask_hours": (names.UTTER_HOURS_OPEN, names.UTTER_HOURS_CLOSED),
    "ask_contact": (names.UTTER_CONTACT,),
}


@pytest.fixture(scope="module")
def parsed() -> Mapping[str, Mapping[str, Any]]:
    """By label what the trained model makes of its question, each read once."""
    reader = Reader()
    return {label: reader.parse(words) for label, words in ASKED.items()}


@pytest.mark.model
@pytest.mark.parametrize("step", [*steps(), CHANGE])
@pytest.mark.parametrize("label", ASKED)
async def test_a_question_is_answered_and_the_open_one_comes_back_once(
    label: str, step: str, parsed: Mapping[str, Mapping[str, Any]]
) -> None:
    # given
    tracker = Tracker(
        "c1",
        {names.SLOT_INTAKE: intake_at(step).to_json(), names.SLOT_REQUESTED: names.SLOT_OUTCOME},
        dict(parsed[label]),
        [],
        False,
        None,
        {},
        None,
    )
    dispatcher = CollectingDispatcher()

    # when
    events = await ValidateIntakeForm().run(dispatcher, tracker, {"responses": {f"utter_{one}": [] for one in ASKED}})

    # then
    *answers, asked = dispatcher.messages
    said = [one["response"] for one in answers]
    assert said in [[f"utter_{label}"], *([name] for name in _FROM_THE_CENTRE.get(label, ()))]
    assert asked["text"] == f"{LINES['return']}\n{_wording(step)}"
    (kept,) = (event["value"] for event in events if event.get("name") == names.SLOT_INTAKE)
    assert kept == intake_at(step).to_json(), "nothing was taken for an answer"


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
    for script in [*walks(), *requests_for_a_person()]:
        yield pytest.param(script, id=script.name)


@pytest.mark.model
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
