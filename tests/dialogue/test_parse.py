"""Button payloads: what each means, and that a broken one of ours is named."""

from __future__ import annotations

from typing import Any

import pytest

from admissions.dialogue.parse import facet_entity, parse_payload, response_selector
from admissions.errors import ContentError


def entity(name: str, value: str) -> dict[str, Any]:
    return {"entity": name, "value": value, "start": 0, "end": 0, "confidence": 1.0}


def test_a_payload_is_its_intent_with_certainty_and_the_words_of_the_button() -> None:
    assert parse_payload("/talk_to_human", "Talk to a person") == {
        "text": "Talk to a person",
        "intent": {"name": "talk_to_human", "confidence": 1.0},
        "entities": [],
        "intent_ranking": [],
    }


def test_a_payload_may_carry_entities() -> None:
    parsed = parse_payload('/go_back{"step": "reach"}', "Reach you at: sam@example.org")
    assert parsed is not None
    assert parsed["intent"]["name"] == "go_back"
    assert parsed["entities"] == [entity("step", "reach")]
    assert "response_selector" not in parsed


def test_a_question_of_the_article_carries_what_its_answer_is_chosen_by() -> None:
    # when
    parsed = parse_payload('/faq{"facet": "how_long__overview"}', "How long does it take?")

    # then
    assert parsed is not None
    assert parsed["entities"] == [entity("facet", "how_long__overview")]
    assert parsed["response_selector"] == response_selector("how_long__overview", 1.0)
    response = parsed["response_selector"]["faq"]["response"]
    assert response["utter_action"] == "utter_faq/how_long__overview"
    assert response["intent_response_key"] == "faq/how_long__overview"


def test_a_facet_is_an_entity_so_that_its_slot_remembers_it() -> None:
    assert facet_entity("how_long__overview") == {
        "entity": "facet",
        "value": "how_long__overview",
        "start": 0,
        "end": 0,
    }


@pytest.mark.parametrize("words", ["Any time", "Yes, 18 or over", "", " /stop"])
def test_words_are_no_payload(words: str) -> None:
    assert parse_payload(words, words) is None


@pytest.mark.parametrize(
    "payload",
    [
        "/",
        "/Talk to a person",
        "/go_back{",
        '/go_back{"step"}',
        "/go_back{'step': 'reach'}",
        "/go_back[1]",
        "/stop\n/affirm",
        "/stop\n",
    ],
)
def test_a_payload_of_ours_that_cannot_be_read_is_named(payload: str) -> None:
    with pytest.raises(ContentError, match="button payload"):
        parse_payload(payload, "A button")
