"""One turn of a conversation: safety gate, then Rasa, then a checked answer; a failure never ends in silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog

from admissions.core.cards import Cards
from admissions.core.message import Button, Kind, Message, Sender
from admissions.core.never import NeverList
from admissions.core.safety import Alarm, SafetyGate
from admissions.core.sensitive import remove_sensitive
from admissions.dialogue.answers import as_answer, bot_message, message_id
from admissions.dialogue.parse import parse_payload
from admissions.dialogue.problems import GONE, NOT_OFFERED
from admissions.dialogue.rasa_agent import RasaAgent
from admissions.errors import AdmissionsError, StoreError
from admissions.names import INTENT_FAQ, UTTER_SENSITIVE_REMOVED, UTTER_TOO_LONG
from admissions.ports import Clock, Conversations

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

#: Text beyond this is answered calmly and does not reach the model, in characters (docs/architecture.md).
LONGEST_TEXT = 2000

#: The longest a visitor waits for Rasa and the actions before the safe answer, in seconds: a receipt may take 1.5.
TURN_TIMEOUT_S = 6.0

#: The longest an ordinary turn waits for our own tables, in seconds.
STORE_TIMEOUT_S = 3.0

#: What an emergency card may wait for, in seconds: the rest of its answer is worth less than its speed.
CARD_TIMEOUT_S = 0.08


@dataclass(frozen=True)
class Said:
    """What came in: a client's message id and either text or the payload of a button."""

    client_id: str
    text: str | None = None
    payload: str | None = None


class Turns:
    """Takes visitors' messages, one at a time within a conversation."""

    def __init__(
        self, conversations: Conversations, gate: SafetyGate, cards: Cards, never: NeverList, clock: Clock, phone: str | None
    ) -> None:
        self._conversations = conversations
        self._gate = gate
        self._cards = cards
        self._never = never
        self._clock = clock
        self._phone = phone
        self._locks: dict[str, asyncio.Lock] = {}
        self._background: set[asyncio.Task[Any]] = set()

    async def take(self, rasa: RasaAgent, conversation_id: str, said: Said) -> Sequence[Message]:
        """Answer one message.

        Raises:
            Problem: NOT_OFFERED for a payload that was not offered here, GONE for a conversation that was deleted.
        """
        text, offer = said.text or "", None
        if said.payload is not None:
            try:
                offer = await self._stored(self._conversations.was_offered, conversation_id, said.payload)
            except StoreError:
                return self._safe_answer()
            if offer is None:
                raise NOT_OFFERED
            text = next(button.title for button in offer.buttons if button.payload == said.payload)
        alarm = self._gate.detect(text)
        if alarm:
            return await self._emergency(rasa, conversation_id, said, text, alarm)
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        try:
            async with lock:
                return await self._ordinary(rasa, conversation_id, said, text)
        finally:
            if not lock.locked():
                self._locks.pop(conversation_id, None)

    async def _ordinary(self, rasa: RasaAgent, conversation_id: str, said: Said, text: str) -> Sequence[Message]:
        text, removed = remove_sensitive(text)
        try:
            if not await self._stored(self._conversations.exists, conversation_id):
                raise GONE
        except StoreError:
            log.error("turn.store_away")
            return self._safe_answer()
        line = Message(message_id(), Sender.VISITOR, self._clock.now(), Kind.TEXT, text)
        try:
            before = await self._stored(self._conversations.begin_turn, conversation_id, said.client_id, line)
            if before is not None:
                return before or await self._answer_of_running_turn(conversation_id, said.client_id, line)
        except StoreError:
            log.error("turn.not_claimed")
            return self._safe_answer()
        answer = await self._ask_rasa(rasa, conversation_id, said, text)
        if removed:
            answer = [*self._respond(rasa, UTTER_SENSITIVE_REMOVED), *answer]
        try:
            await self._stored(self._conversations.finish_turn, conversation_id, said.client_id, answer)
        except StoreError:
            log.error("turn.answer_not_kept")
        return answer

    async def _ask_rasa(self, rasa: RasaAgent, conversation_id: str, said: Said, text: str) -> list[Message]:
        if len(text) > LONGEST_TEXT:
            return self._respond(rasa, UTTER_TOO_LONG) or self._safe_answer()
        if not rasa.is_ready():
            return self._safe_answer()
        try:
            parsed = parse_payload(said.payload, text) if said.payload else None
            words = await asyncio.wait_for(rasa.take_turn(conversation_id, text, parsed), TURN_TIMEOUT_S)
        except Exception as error:
            # Whatever broke, the visitor gets an answer; the error's text may hold their words, its type does not.
            log.error("turn.failed", error=type(error).__name__)
            return self._safe_answer()
        answer = [self._checked(message) for message in as_answer(words, self._clock.now())]
        if not answer:
            # Rasa answers nothing when it lost the message; silence is a fault, not an answer.
            log.error("turn.empty")
            return self._safe_answer()
        return answer

    async def _emergency(
        self, rasa: RasaAgent, conversation_id: str, said: Said, text: str, alarm: Alarm
    ) -> Sequence[Message]:
        """Answer with the card at once; storing it and answering a question in the same message may not hold it up."""
        log.warning("safety.card", lane=alarm.lane.value, rule=alarm.rule)
        now = self._clock.now()
        card = Message(message_id(), Sender.BOT, now, Kind.EMERGENCY, self._cards.card(alarm))
        answer = [card, *await self._question_in(rasa, text)]
        asking = await self._quickly(asyncio.to_thread(self._conversations.messages, conversation_id))
        answer.append(self._after_card(alarm, in_intake=asking is not None and _offers(asking, "/stop")))
        line = Message(message_id(), Sender.VISITOR, now, Kind.TEXT, remove_sensitive(text)[0])
        keeping = asyncio.create_task(
            asyncio.to_thread(self._keep_emergency, conversation_id, said.client_id, line, answer, alarm)
        )
        self._background.add(keeping)
        keeping.add_done_callback(self._background.discard)
        kept = await self._quickly(asyncio.shield(keeping))
        return kept or answer

    def _keep_emergency(
        self, conversation_id: str, client_id: str, line: Message, answer: list[Message], alarm: Alarm
    ) -> Sequence[Message] | None:
        """Store the turn and its lane; returns the earlier answer when this message id was answered before."""
        try:
            before = self._conversations.begin_turn(conversation_id, client_id, line)
            if before:
                return before
            self._conversations.finish_turn(conversation_id, client_id, answer)
            self._conversations.note_lane(conversation_id, alarm.lane.value)
            self._conversations.count_event(f"lane.{alarm.lane.value}", line.at)
        except AdmissionsError as error:
            log.error("safety.not_kept", error=type(error).__name__)
        return None

    async def _question_in(self, rasa: RasaAgent, text: str) -> list[Message]:
        """Return the answer to an ordinary question that stands in the same message, when one is understood."""
        if not rasa.is_ready() or "?" not in text:
            return []
        try:
            parsed = await rasa.parse(text)
        except Exception as error:
            log.error("safety.question_not_read", error=type(error).__name__)
            return []
        intent = parsed.get("intent", {}).get("name") or ""
        facet = next((entity["value"] for entity in parsed.get("entities", ()) if entity["entity"] == "facet"), "")
        asked = f"utter_{INTENT_FAQ}/{facet}" if facet else f"utter_{intent}"
        return [replace(message, buttons=(), kind=Kind.TEXT) for message in self._respond(rasa, asked)] if facet else []

    def _after_card(self, alarm: Alarm, *, in_intake: bool) -> Message:
        buttons = [Button("Talk to a person", "/talk_to_human")]
        if in_intake:
            buttons.append(Button("Go on with the questions", "/repeat"))
        text = self._cards.after_card(alarm)
        return Message(message_id(), Sender.BOT, self._clock.now(), Kind.CHOICE, text, tuple(buttons))

    def _respond(self, rasa: RasaAgent, name: str) -> list[Message]:
        response = rasa.response(name)
        return [bot_message(response, self._clock.now())] if response else []

    def _safe_answer(self) -> list[Message]:
        """Return the constant that is said when anything behind us fails: it never needs Rasa, a store or an action."""
        return [Message(message_id(), Sender.BOT, self._clock.now(), Kind.TEXT, self._cards.fallback(self._phone))]

    def _checked(self, message: Message) -> Message:
        """Replace a message that says what may never be said (safety/never.yml)."""
        findings = self._never.findings(message.text)
        if not findings:
            return message
        log.error("never_list.stopped", reasons=[finding.reason for finding in findings])
        return replace(message, text=self._cards.fallback(self._phone), kind=Kind.TEXT)

    async def _answer_of_running_turn(self, conversation_id: str, client_id: str, line: Message) -> Sequence[Message]:
        """Wait for the same message id's first turn, which another request is running."""
        for _ in range(int(TURN_TIMEOUT_S / 0.1)):
            await asyncio.sleep(0.1)
            before = await self._stored(self._conversations.begin_turn, conversation_id, client_id, line)
            if before is None:
                self._conversations.abandon_turn(conversation_id, client_id)
                break
            if before:
                return before
        return self._safe_answer()

    async def _stored(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """Run a call on our tables off the event loop, within STORE_TIMEOUT_S. Raises StoreError."""
        try:
            return await asyncio.wait_for(asyncio.to_thread(call, *arguments), STORE_TIMEOUT_S)
        except asyncio.TimeoutError:
            raise StoreError("the database did not answer in time") from None

    async def _quickly(self, waiting: Any) -> Any:
        try:
            return await asyncio.wait_for(waiting, CARD_TIMEOUT_S)
        except (asyncio.TimeoutError, AdmissionsError):
            return None


def _offers(messages: Sequence[Message], payload: str) -> bool:
    """Say whether the newest bot message with buttons offers this payload."""
    for message in reversed(messages):
        if message.buttons:
            return any(button.payload == payload for button in message.buttons)
    return False
