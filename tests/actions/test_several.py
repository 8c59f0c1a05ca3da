"""Several questions of one message: answered in the order asked, once each, by what each one's own rule would say."""

from __future__ import annotations

from typing import Any

import pytest

from actions import _replies
from actions.several import ActionAnswerSeveral
from admissions import names
from tests.actions.conftest import Desk
from tests.actions.trackers import make_tracker, responses, run, slots_of

LENGTH, HOURS, COST = "faq/how_long__overview", "faq/how_long__hours_per_week", "ask_cost_or_insurance"
WEEKENDS = "out_of_scope/schedule_details"


async def answers_to(*questions: str) -> list[dict[str, Any]]:
    tracker = make_tracker("two things", names.INTENT_FAQ, questions=questions, slots={names.SLOT_SEVERAL: True})
    said, events = await run(ActionAnswerSeveral(), tracker)
    assert slots_of(events) == {names.SLOT_SEVERAL: None}, "the next message asks one thing again"
    return said


@pytest.mark.parametrize(
    "questions",
    [[LENGTH, HOURS], [HOURS, LENGTH], [COST, LENGTH], [LENGTH, COST, WEEKENDS], [LENGTH]],
    ids=" ".join,
)
async def test_every_question_is_answered_in_the_order_asked(questions: list[str]) -> None:
    assert responses(await answers_to(*questions)) == [f"utter_{question}" for question in questions]


@pytest.mark.usefixtures("desk")
async def test_opening_hours_and_the_ways_to_reach_admissions_are_told_as_ever() -> None:
    said = await answers_to("ask_hours", "ask_contact", LENGTH)
    assert responses(said) == [names.UTTER_HOURS_CLOSED, names.UTTER_CONTACT, f"utter_{LENGTH}"]


@pytest.mark.parametrize("label", ["faq/a_facet_without_an_answer", "out_of_scope/no_such_gap", "nlu_fallback"])
async def test_what_has_no_answer_is_said_to_be_so_between_the_others(label: str) -> None:
    said = await answers_to(LENGTH, label, COST)
    assert responses(said) == [f"utter_{LENGTH}", names.UTTER_OUT_OF_SCOPE, f"utter_{COST}"]


async def test_an_answer_that_fails_closes_the_turn_all_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    def breaks(*_arguments: object) -> None:
        raise RuntimeError("no words")

    monkeypatch.setattr(_replies, "utter_hours", breaks)
    tracker = make_tracker("two things", "faq", questions=["ask_hours", LENGTH], slots={names.SLOT_SEVERAL: True})

    # when
    said, events = await run(ActionAnswerSeveral(), tracker)

    # then
    assert responses(said)[0] == names.UTTER_TECHNICAL_PROBLEM
    assert slots_of(events) == {names.SLOT_SEVERAL: None}


@pytest.mark.parametrize(
    ("intent", "facet", "questions", "asked"),
    [
        # what the reader found goes first
        ("faq", "how_long__overview", [LENGTH, COST], [LENGTH, COST]),
        ("out_of_scope", None, [WEEKENDS], [WEEKENDS]),
        # a button, or a model that finds no more than intent and facet
        ("faq", "how_long__overview", [], [LENGTH]),
        ("ask_cost_or_insurance", None, [], [COST]),
        ("go_back", "how_long__overview", [], ["go_back"]),
        ("faq", None, [], ["faq"]),
        # a guess that was not sure enough is none
        ("nlu_fallback", None, [LENGTH], ["nlu_fallback"]),
    ],
)
def test_what_a_message_asks_is_its_questions_else_its_intent(
    intent: str, facet: str | None, questions: list[str], asked: list[str]
) -> None:
    entities = {names.ENTITY_FACET: facet} if facet else {}
    tracker = make_tracker("hm", intent, questions=questions, entities=entities)
    assert _replies.questions_of(tracker) == asked
