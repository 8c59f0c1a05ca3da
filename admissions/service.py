"""The use cases: what the assistant does for a visitor, apart from Rasa, databases and HTTP."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from admissions.core.centre import Centre
from admissions.core.delivery import DeliveryState
from admissions.core.handoff import Consent, Handoff, Reason, Urgency, to_payload
from admissions.core.preview import Packet
from admissions.core.steps import Plan
from admissions.errors import StoreError, UnknownHandoff
from admissions.ports import Clock, Conversations, Outbox, TrackerEvents

#: No 0/O, 1/I/L and no vowels: a reference is read out on the phone and must not spell anything.
REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
REFERENCE_LENGTH = 6

#: Fields of the wire that are not the visitor's words: they may differ when the same intake is sent again.
PASSING = frozenset(("id", "reference", "after_hours", "content_version", "model"))

REASON_OF_PLAN = {
    Plan.SCREENING: Reason.SCREENING,
    Plan.CALLBACK: Reason.CALLBACK,
    Plan.HUMAN: Reason.HUMAN_REQUESTED,
}


@dataclass(frozen=True)
class HandoffRequest:
    """What the visitor agreed to pass on."""

    conversation_id: str
    plan: Plan
    packet: Packet
    consent: Consent
    danger: bool = False  #: the visitor answered that somebody is in danger or very unwell
    intake_id: str | None = None  #: names the intake within its conversation: sent twice, it is one handoff


class AdmissionsService:
    """Passes visitors on to admissions and says where their handoff stands."""

    def __init__(
        self,
        outbox: Outbox,
        conversations: Conversations,
        clock: Clock,
        centre: Centre,
        *,
        content_version: str,
        model: str,
        deliver: bool,
        tracker: TrackerEvents | None = None,
    ) -> None:
        self._outbox = outbox
        self._conversations = conversations
        self._clock = clock
        self._centre = centre
        self._content_version = content_version
        self._model = model
        self._deliver = deliver
        self._tracker = tracker

    def now(self) -> datetime:
        """Return the current moment, aware UTC."""
        return self._clock.now()

    def time_zone_of(self, conversation_id: str) -> str:
        """Return the visitor's time zone as the widget gave it, else the centre's."""
        return self._conversations.context(conversation_id)[1] or self._centre.time_zone

    def lane_of(self, conversation_id: str) -> str | None:
        """Return the safety lane an emergency card was shown for in this conversation, None when none was."""
        return self._conversations.lane(conversation_id)

    def hand_over(self, request: HandoffRequest) -> Handoff:
        """Commit a handoff and the duty to deliver it; when this returns, it is not lost any more.

        The same intake again is the handoff it already made; with other words it is that handoff corrected, an event of
        its own.

        Raises:
            StoreError: nothing was kept, and the visitor has to be told so.
        """
        now = self._clock.now()
        lane = self._conversations.lane(request.conversation_id)
        packet = request.packet
        # Asking for a person below an emergency card is the visitor's choice to be contacted about it.
        reason = Reason.CRISIS if lane and request.plan is Plan.HUMAN else REASON_OF_PLAN[request.plan]
        handoff = Handoff(
            id=_handoff_id(request),
            reference="".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH)),
            reason=reason,
            urgency=_urgency(lane, request.danger),
            created_at=now,
            conversation_id=request.conversation_id,
            after_hours=not self._centre.hours.is_open(now),
            content_version=self._content_version,
            model=self._model,
            consent=request.consent,
            contact=packet.contact,
            about=packet.about,
            adult=packet.adult,
            lane=lane if reason is Reason.CRISIS else None,
            screening=packet.screening,
            topics=tuple(dict.fromkeys(indication.topic for indication in packet.indications)),
            indications=packet.indications,
        )
        latest, words = self._latest(handoff)
        if latest is not None:
            if words == _words(to_payload(handoff)):
                return latest
            handoff = replace(handoff, reference=latest.reference, revision=latest.revision + 1)
        body = json.dumps(to_payload(handoff), ensure_ascii=False, separators=(",", ":")).encode()
        self._outbox.add(handoff, body, deliver=self._deliver)
        return self._as_kept(handoff)

    def _as_kept(self, handoff: Handoff) -> Handoff:
        """Return it with the reference its row has: the same intake, sent twice at one time, was kept once."""
        try:
            kept = self._outbox.show(handoff.event_id)[0].reference
        except StoreError:  # it is committed, and saying otherwise would make the visitor send it again
            return handoff
        return replace(handoff, reference=kept.partition("+")[0])

    def _latest(self, handoff: Handoff) -> tuple[Handoff | None, dict[str, Any]]:
        """Return what of this intake is kept already, its last correction, and the words in it."""
        latest, words = None, {}
        try:
            while True:
                tried = replace(handoff, revision=latest.revision + 1 if latest else 0)
                summary, body, _ = self._outbox.show(tried.event_id)
                reference = summary.reference.partition("+")[0]
                latest, words = replace(tried, reference=reference, created_at=summary.created_at), json.loads(body)
        except UnknownHandoff:
            return latest, _words(words)

    def newest_line(self, conversation_id: str) -> int:
        """Return the number of the newest message of a conversation."""
        return self._conversations.newest(conversation_id)

    def remove_answers(self, conversation_id: str) -> None:
        """Take the answers of an intake, as data, out of Rasa's record; the chat stays. Raises StoreError."""
        if self._tracker:
            self._tracker.remove_answers(conversation_id, words=False)

    def remove_all_said(self, conversation_id: str, since: int) -> None:
        """Take all that was said in an intake, from message `since` on, out of every place but the handoff itself.

        Raises:
            StoreError: some of it may still be there.
        """
        if self._tracker:
            self._tracker.remove_answers(conversation_id, words=True)
        self._conversations.remove_lines(conversation_id, since)

    def state_of(self, handoff_id: str) -> DeliveryState:
        """Return where a handoff stands right now."""
        return self._outbox.state(handoff_id)


def _handoff_id(request: HandoffRequest) -> str:
    """Return the same id for the same intake of the same conversation, else one of its own."""
    if request.intake_id is None:
        return f"hnd_{secrets.token_hex(12)}"
    named = f"{request.conversation_id}\n{request.intake_id}".encode()
    return f"hnd_{hashlib.sha256(named).hexdigest()[:24]}"


def _words(payload: dict[str, Any]) -> dict[str, Any]:
    """Return what the visitor gave, without what differs each time it is sent."""
    data = {name: value for name, value in payload.get("data", {}).items() if name not in PASSING}
    if "consent" in data:
        data["consent"] = {name: value for name, value in data["consent"].items() if name != "at"}
    return data


def _urgency(lane: str | None, danger: bool) -> Urgency:
    if lane is not None:
        return Urgency.EMERGENCY
    return Urgency.URGENT if danger else Urgency.ROUTINE
