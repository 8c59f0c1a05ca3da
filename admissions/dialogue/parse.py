"""The shape in which Rasa passes on what was understood: for free text and for a button alike."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from admissions.core.follow_ups import FollowUps, Talk
from admissions.errors import ContentError

#: The retrieval intent of every question the article answers; its facets are written faq/<facet>.
FAQ = "faq"

#: Entities that carry what a conversation is about into the slots of the same names.
ASKED, TALK_LEVEL, TALK_OTHER = "asked", "talk_level", "talk_other"
#: Entity and slot: a message asked several things, and one action answers them all.
SEVERAL = "several"

_PAYLOAD = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?\Z", re.DOTALL)


def facet_entity(facet: str) -> dict[str, Any]:
    """Return the facet as an entity: `admissions parse` and the intake read it there."""
    return entity("facet", facet)


def entity(name: str, value: object) -> dict[str, Any]:
    """Return an entity that stands for the message as a whole."""
    return {"entity": name, "value": value, "start": 0, "end": 0}


def talk_entities(talk: Talk) -> list[dict[str, Any]]:
    """Return what the conversation is about after a message, as entities that fill the slots."""
    values = {ASKED: talk.asked, TALK_LEVEL: talk.level, TALK_OTHER: talk.other}
    return [entity(name, value) for name, value in values.items() if value is not None]


def talk_of(parsed: Mapping[str, Any], before: Talk) -> Talk:
    """Return what a conversation is about after a parsed message: the slots as Rasa would set them."""
    found = {one["entity"]: one["value"] for one in parsed.get("entities", ())}
    return Talk(
        found.get(ASKED, before.asked), found.get(TALK_LEVEL, before.level), found.get(TALK_OTHER, before.other)
    )


def response_selector(facet: str, confidence: float) -> dict[str, Any]:
    """Return what Rasa's `utter_faq` reads to choose the answer."""
    key = f"{FAQ}/{facet}"
    response = {
        "responses": None,
        "confidence": confidence,
        "intent_response_key": key,
        "utter_action": f"utter_{key}",
    }
    return {"all_retrieval_intents": [FAQ], FAQ: {"response": response, "ranking": []}}


def parse_payload(payload: str, title: str, follow_ups: FollowUps | None = None) -> dict[str, Any] | None:
    """Return the parse of a payload `/intent{"entity": "value"}`, or None when it is plain words to be understood.

    Args:
        payload: what the offered button carries; comes from our own YAML, never from a visitor.
        title: the words on the button, kept as the message's text.
        follow_ups: tells which level of care a facet speaks of, so that the next message can lean on it.

    Raises:
        ContentError: the payload starts with / and is not of that form.
    """
    if not payload.startswith("/"):
        return None
    match = _PAYLOAD.match(payload)
    try:
        entities = json.loads(match["entities"] or "{}") if match else None
    except ValueError:
        entities = None
    if match is None or not isinstance(entities, dict):
        raise ContentError(f'the button payload {payload!r} must look like /intent or /intent{{"entity": "value"}}')
    parsed: dict[str, Any] = {
        "text": title,
        "intent": {"name": match["intent"], "confidence": 1.0},
        "entities": [{**entity(name, value), "confidence": 1.0} for name, value in entities.items()],
        "intent_ranking": [],
    }
    facet = entities.get("facet")
    if match["intent"] == FAQ and isinstance(facet, str):
        parsed["response_selector"] = response_selector(facet, 1.0)
        parsed["questions"] = [f"{FAQ}/{facet}"]
        if follow_ups:
            levels: Sequence[str] = follow_ups.levels_of(f"{FAQ}/{facet}")
            parsed["entities"] += talk_entities(Talk().about(f"{FAQ}/{facet}", levels))
    return parsed
