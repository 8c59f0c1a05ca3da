"""What happens when a message was not understood, or asks what the article does not say."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._fence import AdmissionsAction, Events
from actions._replies import answer, intent_of, questions_of
from admissions import content, names


class ActionFallback(AdmissionsAction):
    """Offers the closest topics once, a person the second time, and never the same words twice running."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return names.ACTION_FALLBACK

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Utter one of the fallback replies."""
        before = last_reply(tracker)
        if intent_of(tracker) == names.INTENT_OUT_OF_SCOPE:
            answer(dispatcher, questions_of(tracker), domain, tracker)
            return []
        if before in names.MISSES:
            again = before == names.UTTER_TOPICS_AND_PERSON
            dispatcher.utter_message(
                response=names.UTTER_OUT_OF_SCOPE_AGAIN if again else names.UTTER_TOPICS_AND_PERSON
            )
            return []
        buttons = suggestions(tracker)
        if buttons:
            dispatcher.utter_message(response=names.UTTER_DID_YOU_MEAN, buttons=buttons)
        else:
            dispatcher.utter_message(response=names.UTTER_NOT_UNDERSTOOD)
        return []


def last_reply(tracker: Tracker) -> str | None:
    """Return the response name of the last thing the assistant said before this message."""
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            return (event.get("metadata") or {}).get("utter_action")
    return None


def suggestions(tracker: Tracker) -> list[dict[str, Any]]:
    """Return the closest two or three things as buttons in plain words, and a way out."""
    titles = content.titles()
    labels = [label for label in tracker.latest_message.get("suggestions") or [] if label in titles]
    if not labels:
        return []
    buttons = [{"title": titles[label], "payload": _payload(label)} for label in labels[:3]]
    return [*buttons, {"title": "Something else", "payload": "/start_over"}]


def _payload(label: str) -> str:
    intent, _, facet = label.partition("/")
    return f'/{intent}{{"facet": "{facet}"}}' if facet else f"/{intent}"
