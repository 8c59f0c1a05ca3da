"""Answering what was asked the way its rule would: for several questions at once, and in the middle of an intake."""

from __future__ import annotations

from collections.abc import Sequence
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


def questions_of(tracker: Tracker) -> list[str]:
    """Return the labels of what the latest message asks, in order; its intent where nothing finer is known."""
    asked = tracker.latest_message.get("questions")
    if asked and intent_of(tracker) != names.INTENT_FALLBACK:
        return [str(label) for label in asked]
    intent, facet = intent_of(tracker), entity_of(tracker, names.ENTITY_FACET)
    return [f"{intent}/{facet}" if facet and intent == names.INTENT_FAQ else str(intent)]


def answer(
    dispatcher: CollectingDispatcher, labels: Sequence[str], domain: dict[str, Any], tracker: Tracker | None = None
) -> None:
    """Utter what each label's own rule would utter; what was not understood gets the honest out-of-scope answer.

    Args:
        tracker: whose latest message asked; without it hours are told for this moment only
    """
    for label in labels:
        if label == "ask_hours" and tracker is not None:
            utter_hours(dispatcher, str(tracker.latest_message.get("text") or ""), tracker.sender_id)
        elif label == "ask_hours":
            utter_hours(dispatcher)
        elif label == "ask_contact":
            utter_contact(dispatcher)
        else:
            known = f"utter_{label}" in domain.get("responses", {})
            dispatcher.utter_message(response=f"utter_{label}" if known else names.UTTER_OUT_OF_SCOPE)
