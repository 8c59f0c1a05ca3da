"""The shape in which Rasa passes on what was understood: for free text and for a button alike."""

from __future__ import annotations

import json
import re
from typing import Any

from admissions.errors import ContentError

#: The retrieval intent of every question the article answers; its facets are written faq/<facet>.
FAQ = "faq"

_PAYLOAD = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?\Z", re.DOTALL)


def facet_entity(facet: str) -> dict[str, Any]:
    """Return the facet as an entity, so that the slot of the same name remembers it."""
    return {"entity": "facet", "value": facet, "start": 0, "end": 0}


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


def parse_payload(payload: str, title: str) -> dict[str, Any] | None:
    """Return the parse of a payload `/intent{"entity": "value"}`, or None when it is plain words to be understood.

    Args:
        payload: what the offered button carries; comes from our own YAML, never from a visitor.
        title: the words on the button, kept as the message's text.

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
        "entities": [
            {"entity": name, "value": value, "start": 0, "end": 0, "confidence": 1.0}
            for name, value in entities.items()
        ],
        "intent_ranking": [],
    }
    if match["intent"] == FAQ and isinstance(entities.get("facet"), str):
        parsed["response_selector"] = response_selector(entities["facet"], 1.0)
    return parsed
