"""One turn of a conversation: safety gate, then Rasa, then a checked answer; a failure never ends in silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import structlog

from admissions.core.after_card import AfterCard
from admissions.core.answers import is_question
from admissions.core.cards import Cards
from admissions.core.danger import Finding, find_danger
from admissions.core.follow_ups import FollowUps
from admissions.core.language import asks_for_spanish, foreign_language
from admissions.core.message import Kind, Message, Sender
from admissions.core.never import NeverList
from admissions.core.safety import SafetyGate
from admissions.core.sensitive import remove_sensitive
from admissions.dialogue.answers import as_answer, bot_message, message_id
from admissions.dialogue.common_words import COMMONEST_WORDS
from admissions.dialogue.emergency import EmergencyDesk
from admissions.dialogue.offers import REPEAT, is_short_answer, typed_choice
from admissions.dialogue.parse import parse_payload
from admissions.dialogue.problems import GONE, NOT_OFFERED
from admissions.dialogue.rasa_agent import RasaAgent
from admissions.errors import StoreError
from admissions.names import (
    MISSES,
    UTTER_OTHER_LANGUAGE,
    UTTER_OTHER_LANGUAGE_ES,
    UTTER_OUT_OF_SCOPE,
    UTTER_PHONE_ES,
    UTTER_SENSITIVE_REMOVED,
    UTTER_TOO_LONG,
)
from admissions.ports import Clock, Conversations

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

#: Text beyond this is answered calmly and does not reach the model, in characters (docs/architecture.md).
LONGEST_TEXT = 2000

#: The longest a visitor waits for Rasa and the actions before the safe answer, in seconds: a receipt may take 1.5.
TURN_TIMEOUT_S = 6.0

#: The longest an ordinary turn waits for our own tables, in seconds.
STORE_TIMEOUT_S = 3.0


@dataclass(frozen=True)
class Said:
    """What came in: a client's message id and either text or the payload of a button."""

    client_id: str
    text: str | None = None
    payload: str | None = None


class Turns:
    """Takes visitors' messages, one at a time within a conversation."""

    def __init__(
        self,
        conversations: Conversations,
        gate: SafetyGate,
        cards: Cards,
        after_card: AfterCard,
        never: NeverList,
        clock: Clock,
        phone: str | None,
        follow_ups: FollowUps | None = None,
    ) -> None:
        self._follow_ups = follow_ups
        self._conversations = conversations
        self._gate = gate
        self._cards = cards
        self._never = never
        self._clock = clock
        self._phone = phone
        self._emergencies = EmergencyDesk(conversations, cards, after_card, never, clock)
        self._running: set[asyncio.Task[Any]] = set()
        #: One lock a conversation, gone when nobody waits for it any more.
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

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
        found = self._danger_in(rasa, text)
        if found.alarm:
            return await self._emergencies.answer(rasa, conversation_id, said.client_id, text, found.alarm, found)
        if found.disagreement:
            await self._count(f"signal.{found.disagreement.value}")
        # A task of its own: a dropped connection ends the waiting and not the turn, and the widget's retry finds it.
        turn = asyncio.create_task(self._in_order(conversation_id, self._ordinary(rasa, conversation_id, said, text)))
        self._running.add(turn)
        turn.add_done_callback(self._running.discard)
        return await asyncio.shield(turn)

    def _danger_in(self, rasa: RasaAgent, text: str) -> Finding:
        try:
            return find_danger(self._gate, rasa.danger_signal(), text)
        except Exception as error:
            # Whatever broke in the trained signal, the patterns alone still answer; its text may hold words of theirs.
            log.error("safety.signal_failed", error=type(error).__name__)
            return find_danger(self._gate, None, text)

    async def forget(self, rasa: RasaAgent, conversation_id: str) -> str:
        """Delete a conversation everywhere, after the turn that is running in it, and return the id of the receipt.

        Raises:
            StoreError: it may still be there.
        """

        async def delete() -> str:
            await asyncio.to_thread(rasa.forget, conversation_id)
            return await self._stored(self._conversations.forget, conversation_id, self._clock.now())

        return await self._in_order(conversation_id, delete())

    async def _in_order(self, conversation_id: str, work: Coroutine[Any, Any, Result]) -> Result:
        """Do one thing at a time within a conversation."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            return await work

    async def _ordinary(self, rasa: RasaAgent, conversation_id: str, said: Said, text: str) -> Sequence[Message]:
        text, removed = remove_sensitive(text)
        line = Message(message_id(), Sender.VISITOR, self._clock.now(), Kind.TEXT, text)
        try:
            if not await self._stored(self._conversations.exists, conversation_id):
                raise GONE
            before = await self._stored(self._conversations.begin_turn, conversation_id, said.client_id, line)
            if before is not None:
                return before or await self._answer_of_running_turn(conversation_id, said.client_id, line)
            offer = await self._stored(self._conversations.latest_offer, conversation_id)
        except StoreError:
            log.error("turn.not_claimed")
            return self._safe_answer()
        payload = said.payload or typed_choice(offer, text)
        if removed and not is_question(text):
            payload = REPEAT  # what is left of the message is about the number: the open question comes back
        foreign = None if payload else self._foreign_language(offer, text)
        said_last = offer.text if offer else ""
        answer = [] if payload else await self._emergencies.answer_to_reply(conversation_id, text)
        answer = answer or await self._ask_rasa(rasa, conversation_id, payload, text, foreign, said_last)
        if removed:
            answer = [*self._respond(rasa, UTTER_SENSITIVE_REMOVED), *answer]
        try:
            await self._stored(self._conversations.finish_turn, conversation_id, said.client_id, answer)
        except StoreError:
            log.error("turn.answer_not_kept")
        return answer

    @staticmethod
    def _foreign_language(offer: Message | None, text: str) -> str | None:
        if is_short_answer(offer, text) and not asks_for_spanish(text):
            return None
        return foreign_language(text, COMMONEST_WORDS)

    async def _ask_rasa(
        self,
        rasa: RasaAgent,
        conversation_id: str,
        payload: str | None,
        text: str,
        foreign: str | None,
        said_last: str,
    ) -> list[Message]:
        if len(text) > LONGEST_TEXT:
            return self._respond(rasa, UTTER_TOO_LONG, said_last) or self._safe_answer()
        if not rasa.is_ready():
            return self._safe_answer()
        if foreign:
            return self._in_another_language(rasa, foreign, said_last) or self._safe_answer()
        try:
            parsed = parse_payload(payload, text, self._follow_ups) if payload else None
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
        if any(_is_no_answer(part.get("utter_action")) for part in words):
            answer += await self._emergencies.reminder(conversation_id)
        return answer

    def _in_another_language(self, rasa: RasaAgent, language: str, said_last: str) -> list[Message]:
        """Return the notice in Spanish, with the phone where there is one, or in English for any other language."""
        if language != "es":
            return self._respond(rasa, UTTER_OTHER_LANGUAGE, said_last)
        phone = rasa.response(UTTER_PHONE_ES, phone=self._phone) if self._phone else None
        notice = self._respond(rasa, UTTER_OTHER_LANGUAGE_ES, said_last)
        return [*([bot_message(phone, self._clock.now())] if phone else []), *notice]

    def _respond(self, rasa: RasaAgent, name: str, said_last: str = "") -> list[Message]:
        response = rasa.response(name, said_last)
        return [self._checked(bot_message(response, self._clock.now()))] if response else []

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
                await self._stored(self._conversations.abandon_turn, conversation_id, client_id)
                break
            if before:
                return before
        return self._safe_answer()

    async def _count(self, event: str) -> None:
        """Count an event without a text; a database that fails takes the count and nothing else."""
        try:
            await self._stored(self._conversations.count_event, event, self._clock.now())
        except StoreError:
            log.error("turn.event_not_counted", counted=event)

    async def _stored(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """Run a call on our tables off the event loop, within STORE_TIMEOUT_S. Raises StoreError."""
        try:
            return await asyncio.wait_for(asyncio.to_thread(call, *arguments), STORE_TIMEOUT_S)
        except asyncio.TimeoutError:
            raise StoreError("the database did not answer in time") from None


def _is_no_answer(response: str | None) -> bool:
    """Say whether a response means "I cannot answer that": after a card it is not left without the numbers."""
    return response in MISSES or str(response).startswith(f"{UTTER_OUT_OF_SCOPE}/")
