"""Button payloads: what each means, and that a broken one of ours is named."""

from __future__ import annotations

from typing import Any

import pytest

from admissions import content
from admissions.core.follow_ups import Talk
from admissions.dialogue.parse import facet_entity, parse_payload, response_selector, talk_entities, talk_of
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


def test_a_facet_is_an_entity_of_the_whole_message() -> None:
    assert facet_entity("how_long__overview") == {
        "entity": "facet",
        "value": "how_long__overview",
        "start": 0,
        "end": 0,
    }


def test_a_tapped_question_is_one_and_what_is_talked_about_from_now_on() -> None:
    # when
    parsed = parse_payload('/faq{"facet": "iop_vs_php__php_schedule"}', "How many hours is PHP?", content.follow_ups())

    # then
    assert parsed is not None
    assert parsed["questions"] == ["faq/iop_vs_php__php_schedule"]
    assert talk_of(parsed, Talk("greet", "iop", "inpatient")) == Talk(
        "faq/iop_vs_php__php_schedule", "php", "inpatient"
    )


def test_a_tapped_move_asks_nothing_and_leaves_the_talk_as_it_was() -> None:
    # given
    before = Talk("faq/how_long__overview", "iop")

    # when
    parsed = parse_payload("/talk_to_human", "Talk to a person", content.follow_ups())

    # then
    assert parsed is not None
    assert "questions" not in parsed
    assert talk_of(parsed, before) == before


@pytest.mark.parametrize(
    "talk",
    [Talk(), Talk("greet"), Talk("faq/how_long__overview", "iop"), Talk("faq/how_long__overview", "iop", "php")],
)
def test_what_is_talked_about_comes_back_out_of_its_entities(talk: Talk) -> None:
    assert talk_of({"entities": talk_entities(talk)}, Talk()) == talk


def test_a_message_without_talk_leaves_it_as_it_was() -> None:
    before = Talk("faq/how_long__overview", "iop", "php")

    assert talk_of({}, before) == before
    assert talk_of({"entities": [{"entity": "level", "value": "php"}]}, before) == before


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
