"""What the centre's own facts answer: opening hours and how to reach admissions."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._fence import AdmissionsAction, Events
from admissions import content, names
from admissions.bootstrap import parts
from admissions.core.hours import say_clock, say_moment


class ActionAskHours(AdmissionsAction):
    """Says whether admissions is open, until when, or when it opens."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return names.ACTION_ASK_HOURS

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Utter the hours."""
        utter_hours(dispatcher)
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


def utter_hours(dispatcher: CollectingDispatcher) -> None:
    """Say whether admissions is open now, and the moment that changes, in the centre's time."""
    closes, opens = opening_words()
    if closes:
        dispatcher.utter_message(response=names.UTTER_HOURS_OPEN, closes=closes)
    else:
        dispatcher.utter_message(response=names.UTTER_HOURS_CLOSED, opens=opens)


def utter_contact(dispatcher: CollectingDispatcher) -> None:
    """Say the phone number where one is configured, and offer a call."""
    phone = content.centre().phone
    if phone:
        dispatcher.utter_message(response=names.UTTER_CONTACT, phone=phone)
    else:
        dispatcher.utter_message(response=names.UTTER_CONTACT_NO_PHONE)


def opening_words() -> tuple[str | None, str]:
    """Return (when it closes or None when closed now, when it opens next), in words with the zone's name."""
    centre = content.centre()
    now, hours = parts().clock.now(), centre.hours
    closes, opens = hours.closes_at(now), hours.next_opening(now)
    said_closes = f"{say_clock(closes, hours.zone)} ({centre.time_zone_name})" if closes else None
    said_opens = (
        f"{say_moment(opens, now, hours.zone)} ({centre.time_zone_name})" if opens else "at a time I do not know"
    )
    return said_closes, said_opens
