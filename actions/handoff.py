"""The end of an intake: what the visitor agreed to is committed, and the receipt tells the truth about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions._fence import AdmissionsAction, Events, utter_phone
from actions.centre import utter_call_back
from admissions import content, names
from admissions.bootstrap import parts
from admissions.core.delivery import DeliveryState
from admissions.core.handoff import Handoff
from admissions.core.intake import Intake, Outcome
from admissions.core.message import Kind
from admissions.core.preview import consent, packet
from admissions.core.receipt import response_name
from admissions.errors import StoreError
from admissions.service import HandoffRequest

log = structlog.get_logger(__name__)

#: How long the receipt waits for the first delivery attempt, in seconds: longer than a healthy one takes.
WAIT_FOR_DELIVERY_S = 1.5
_LOOK_EVERY_S = 0.1

#: States that may still change within a moment.
_PENDING = (DeliveryState.SAVED, DeliveryState.SENDING)


class ActionSubmitHandoff(AdmissionsAction):
    """Commits an agreed intake and utters the receipt; forgets the answers of every other one."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return names.ACTION_SUBMIT_HANDOFF

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Hand over, tell where it stands, and empty the intake."""
        forgotten = [SlotSet(names.SLOT_INTAKE, None), SlotSet(names.SLOT_OUTCOME, None)]
        kept = tracker.get_slot(names.SLOT_INTAKE)
        outcome, service = tracker.get_slot(names.SLOT_OUTCOME), parts().service
        if outcome == Outcome.MINOR.value or kept is None:
            # What they wrote stays: it says that they are under 18, wherever they ask again.
            await _remove(partial(service.remove_answers, tracker.sender_id))
            return forgotten
        intake = Intake.from_json(kept)
        remove_all = partial(service.remove_all_said, tracker.sender_id, intake.since)
        if outcome != Outcome.AGREED.value:
            await _remove(remove_all)
            return forgotten
        try:
            handoff = await asyncio.to_thread(_hand_over, tracker, intake)
        except StoreError as error:
            log.error("handoff.not_saved", error=type(error).__name__)
            return _not_saved(dispatcher)
        log.info("handoff.saved", handoff_id=handoff.event_id)
        await _remove(remove_all)
        state = await _settled(handoff.event_id)
        dispatcher.utter_message(
            response=response_name(state),
            reference=handoff.reference,
            kind=Kind.RECEIPT.value,
            handoff_id=handoff.event_id,
        )
        _say_when(dispatcher, handoff)
        return forgotten


def _hand_over(tracker: Tracker, state: Intake) -> Handoff:
    script, rules, service = content.script(), content.topic_rules(), parts().service
    return service.hand_over(
        HandoffRequest(
            conversation_id=tracker.sender_id,
            plan=state.plan,
            packet=packet(script, rules, state, service.time_zone_of(tracker.sender_id)),
            consent=consent(script, rules, state, service.now(), service.lane_of(tracker.sender_id)),
            danger=state.given("danger_now") == "yes",
            intake_id=_opened_at(tracker),
        )
    )


async def _remove(remove: Callable[[], None]) -> None:
    """Remove what is not needed any more; a database that fails leaves it, and the operator reads of it."""
    try:
        await asyncio.to_thread(remove)
    except StoreError as error:
        log.error("answers.not_removed", error=type(error).__name__)


def _opened_at(tracker: Tracker) -> str | None:
    """Return when this intake was opened, which names it: a turn that is lost and said again is the same intake."""
    opened = None
    for event in tracker.events:
        if event.get("event") == "slot" and event.get("name") == names.SLOT_INTAKE:
            opened = (opened or event.get("timestamp")) if event.get("value") is not None else None
    return None if opened is None else repr(opened)


async def _settled(handoff_id: str) -> DeliveryState:
    """Return the row's state, giving a healthy worker a moment to finish.

    The row is committed: when the database cannot be asked any more, it is at least saved, and saying otherwise would
    make the visitor send it twice.
    """
    service, waited = parts().service, 0.0
    state = DeliveryState.SAVED if parts().settings.webhook_url else DeliveryState.HELD
    try:
        state = await asyncio.to_thread(service.state_of, handoff_id)
        while state in _PENDING and waited < WAIT_FOR_DELIVERY_S:
            await asyncio.sleep(_LOOK_EVERY_S)
            waited += _LOOK_EVERY_S
            state = await asyncio.to_thread(service.state_of, handoff_id)
    except StoreError as error:
        log.error("handoff.state_not_read", handoff_id=handoff_id, error=type(error).__name__)
    return state


def _say_when(dispatcher: CollectingDispatcher, handoff: Handoff) -> None:
    """Say when a person will get in touch, or that nobody can without a way to reach the visitor."""
    if handoff.contact is None or not (handoff.contact.phone or handoff.contact.email):
        utter_phone(dispatcher)
        return
    utter_call_back(dispatcher, handoff)


def _not_saved(dispatcher: CollectingDispatcher) -> Events:
    """Tell the visitor that nothing was kept, and leave their answers so that they can try again."""
    phone = content.centre().phone
    if phone:
        dispatcher.utter_message(response=names.UTTER_NOT_SAVED_PHONE, phone=phone)
    else:
        dispatcher.utter_message(response=names.UTTER_NOT_SAVED)
    return [SlotSet(names.SLOT_OUTCOME, None)]
