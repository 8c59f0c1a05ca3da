"""Several questions in one message: each is answered, in the order asked, once."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions._fence import AdmissionsAction, Events
from actions._replies import answer, questions_of
from admissions import names


class ActionAnswerSeveral(AdmissionsAction):
    """Utters the answer to every question of the latest message."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return names.ACTION_ANSWER_SEVERAL

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Utter them, and close the turn they belong to."""
        answer(dispatcher, questions_of(tracker), domain, tracker)
        return [SlotSet(names.SLOT_SEVERAL, None)]

    def after_failure(self, tracker: Tracker) -> Events:
        """Close the turn all the same: the next question is one again."""
        return [SlotSet(names.SLOT_SEVERAL, None)]
