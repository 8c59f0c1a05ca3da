"""Answering an intent the way its rule would, for a question that comes in the middle of an intake."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.centre import utter_contact, utter_hours
from admissions import names


def intent_of(tracker: Tracker) -> str | None:
    """Return the intent of the latest message."""
    name = (tracker.latest_message.get("intent") or {}).get("name")
    return str(name) if name else None


def entity_of(tracker: Tracker, entity: str) -> str | None:
    """Return the first value of an entity in the latest message."""
    return next((str(value) for value in tracker.get_latest_entity_values(entity)), None)


def answer_in_between(dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> None:
    """Utter what the intent's own rule would utter; what was not understood gets the honest out-of-scope answer."""
    intent = intent_of(tracker)
    if intent == "ask_hours":
        return utter_hours(dispatcher)
    if intent == "ask_contact":
        return utter_contact(dispatcher)
    facet = entity_of(tracker, names.SLOT_FACET)
    response = f"utter_{names.INTENT_FAQ}/{facet}" if intent == names.INTENT_FAQ else f"utter_{intent}"
    known = response in domain.get("responses", {})
    dispatcher.utter_message(response=response if known else names.UTTER_OUT_OF_SCOPE)
    return None
