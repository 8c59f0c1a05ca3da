"""Trackers as Rasa posts them to an action, and what an action said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._fence import AdmissionsAction, Events

#: The domain as far as actions look at it.
DOMAIN = {
    "responses": {
        "utter_faq/how_long__overview": [{"text": "At least nine weeks."}],
        "utter_faq/how_long__hours_per_week": [{"text": "At least nine hours a week."}],
        "utter_ask_cost_or_insurance": [{"text": "Our information does not cover cost."}],
        "utter_out_of_scope/schedule_details": [{"text": "It gives no weekends."}, {"text": "I have no exact times."}],
    }
}


def make_tracker(
    text: str = "",
    intent: str | None = None,
    *,
    tapped: bool = False,
    slots: Mapping[str, Any] | None = None,
    entities: Mapping[str, str] | None = None,
    suggestions: Sequence[str] = (),
    questions: Sequence[str] = (),
    events: Sequence[Mapping[str, Any]] = (),
) -> Tracker:
    """Return the tracker of conversation `c1` after this message; a tapped button is certain of its intent."""
    message: dict[str, Any] = {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0 if tapped else 0.8},
        "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
        "intent_ranking": [] if tapped else [{"name": intent, "confidence": 0.8}],
        "suggestions": list(suggestions),
    }
    if questions:
        message["questions"] = list(questions)
    return Tracker("c1", dict(slots or {}), message, [dict(event) for event in events], False, None, {}, None)


def bot(text: str | None, response: str | None = None, buttons: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """Return the event of something the assistant said."""
    return {
        "event": "bot",
        "text": text,
        "data": {"buttons": list(buttons) or None},
        "metadata": {"utter_action": response} if response else {},
    }


async def run(action: AdmissionsAction, tracker: Tracker) -> tuple[list[dict[str, Any]], Events]:
    """Run an action the way the action server does; returns what it said and its events."""
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker, DOMAIN)
    return dispatcher.messages, events


def slots_of(events: Events) -> dict[str, Any]:
    """Return the slots that events set."""
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def responses(said: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the responses that were uttered."""
    return [message["response"] for message in said]
