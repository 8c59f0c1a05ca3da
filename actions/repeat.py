"""Saying the last thing again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._fence import AdmissionsAction, Events
from actions.fallback import last_reply
from admissions import names


class ActionRepeat(AdmissionsAction):
    """Utters the assistant's last message again, or a greeting when there is none."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return names.ACTION_REPEAT

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Utter it again, with its buttons; what nobody understood is not said twice."""
        if (before := last_reply(tracker)) in names.MISSES or before == "utter_out_of_scope/noise":
            dispatcher.utter_message(response=names.UTTER_TOPICS_AND_PERSON)
            return []
        for event in reversed(tracker.events):
            if event.get("event") == "bot" and event.get("text"):
                buttons = (event.get("data") or {}).get("buttons") or []
                dispatcher.utter_message(text=event["text"], buttons=buttons)
                return []
        dispatcher.utter_message(response=names.UTTER_SESSION_START)
        return []
