"""What the centre's own facts answer: opening hours and how to reach admissions."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._fence import AdmissionsAction, Events
from admissions import content, names
from admissions.bootstrap import parts
from admissions.core.handoff import Handoff, Urgency
from admissions.core.hours_words import HoursDesk
from admissions.errors import StoreError


class ActionAskHours(AdmissionsAction):
    """Says whether admissions is open, until when, or when it opens."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return names.ACTION_ASK_HOURS

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Utter the hours."""
        utter_hours(dispatcher, str(tracker.latest_message.get("text") or ""), tracker.sender_id)
        return []


class ActionAskContact(AdmissionsAction):
    """Says how to reach admissions: the phone where one is configured, and a call back."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return names.ACTION_ASK_CONTACT

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Utter the ways to reach a person."""
        utter_contact(dispatcher)
        return []


def utter_hours(dispatcher: CollectingDispatcher, text: str = "", conversation_id: str | None = None) -> None:
    """Answer a question about hours: this moment, the days it names, or the week.

    Args:
        text: what the visitor said; without it the answer is about this moment
        conversation_id: to tell the time in the visitor's zone too
    """
    desk, now = _hours_desk(conversation_id), parts().clock.now()
    words = desk.answer(text, now) if text or desk.centre.hours.never_closes(now) else None
    if words is not None:
        dispatcher.utter_message(text=words, buttons=[dict(button) for button in desk.said.buttons])
        return
    closes, opens = desk.closes(now), desk.opens(now)
    if closes:
        dispatcher.utter_message(response=names.UTTER_HOURS_OPEN, closes=closes)
    else:
        dispatcher.utter_message(response=names.UTTER_HOURS_CLOSED, opens=opens)


def utter_call_back(dispatcher: CollectingDispatcher, handoff: Handoff) -> None:
    """Say when a person will get in touch; who said that somebody is in danger is told not to wait for it."""
    desk, now = _hours_desk(handoff.conversation_id), parts().clock.now()
    closes, opens = desk.closes(now), desk.opens(now)
    if handoff.urgency is not Urgency.ROUTINE:
        line = desk.said.lines["urgent_open" if closes else "urgent_closed"]
        dispatcher.utter_message(text=line.format(opens=opens))
    elif closes:
        dispatcher.utter_message(response=names.UTTER_CALL_BACK_OPEN, closes=closes)
    else:
        dispatcher.utter_message(response=names.UTTER_CALL_BACK_CLOSED, opens=opens)
        if desk.elsewhere(now) and (windows := desk.windows(now)):
            dispatcher.utter_message(text=windows)


def utter_contact(dispatcher: CollectingDispatcher) -> None:
    """Say the phone number where one is configured, and offer a call."""
    phone = content.centre().phone
    if phone:
        dispatcher.utter_message(response=names.UTTER_CONTACT, phone=phone)
    else:
        dispatcher.utter_message(response=names.UTTER_CONTACT_NO_PHONE)


def opening_words(conversation_id: str | None = None) -> tuple[str | None, str]:
    """Return (when it closes or None when closed now, when it opens next), in words with the zone's name."""
    desk, now = _hours_desk(conversation_id), parts().clock.now()
    return desk.closes(now), desk.opens(now)


def _hours_desk(conversation_id: str | None) -> HoursDesk:
    return HoursDesk(content.centre(), content.hours_content(), _visitors_zone(conversation_id))


def _visitors_zone(conversation_id: str | None) -> ZoneInfo | None:
    """Return the zone the visitor's browser named, None when there is none to be had: hours are told all the same."""
    if conversation_id is None:
        return None
    try:
        return ZoneInfo(parts().service.time_zone_of(conversation_id))
    except (StoreError, ZoneInfoNotFoundError, ValueError, OSError):
        return None
