"""The fence around every action: whatever goes wrong behind it, the visitor is told and nothing of theirs is logged."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from admissions import content
from admissions.names import UTTER_PHONE, UTTER_TECHNICAL_PROBLEM

log = structlog.get_logger(__name__)

Events = list[dict[str, Any]]


class AdmissionsAction(Action, ABC):
    """An action that never raises: subclasses write `act` instead of `run`."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Run the action; on any error say that something went wrong and how to reach a person."""
        try:
            return await self.act(dispatcher, tracker, domain)
        except Exception as error:
            # The message of an error may hold a visitor's words, its type does not.
            log.error("action.failed", action=self.name(), error=type(error).__name__)
            dispatcher.messages.clear()
            dispatcher.utter_message(response=UTTER_TECHNICAL_PROBLEM)
            utter_phone(dispatcher)
            return self.after_failure(tracker)

    @abstractmethod
    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Do the action's work and return its events."""

    def after_failure(self, tracker: Tracker) -> Events:
        """Return the events that keep the conversation where it was."""
        return []


def utter_phone(dispatcher: CollectingDispatcher) -> None:
    """Say the centre's phone number, where one is configured."""
    phone = content.centre().phone
    if phone:
        dispatcher.utter_message(response=UTTER_PHONE, phone=phone)
