"""The answer to a message that raised an alarm: the card at once, from constants; all else may fail or be late."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import structlog

from admissions.core.after_card import AfterCard
from admissions.core.answers import is_question
from admissions.core.cards import Cards
from admissions.core.danger import Finding
from admissions.core.message import Button, Kind, Message, Sender
from admissions.core.never import NeverList
from admissions.core.safety import Alarm
from admissions.core.sensitive import remove_sensitive
from admissions.dialogue.answers import bot_message, message_id
from admissions.dialogue.offers import IN_INTAKE, REPEAT, offers
from admissions.dialogue.rasa_agent import RasaAgent
from admissions.errors import AdmissionsError
from admissions.names import INTENT_FALLBACK, INTENT_FAQ
from admissions.ports import Clock, Conversations

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

#: What an emergency card may wait for, in seconds: the rest of its answer is worth less than its speed.
CARD_TIMEOUT_S = 0.08


#: How many questions of a message are read for an answer below the card, about 5 ms each.
QUESTIONS_READ = 3

#: How the labels begin whose answers need nothing but words.
_ANSWERED_BELOW_A_CARD = (f"{INTENT_FAQ}/", "ask_")

#: Where one sentence ends: its question mark stays with it.
_SENTENCE_END = re.compile(r"(?<=[.?!\n])\s*|,\s")


class EmergencyDesk:
    """Answers alarms; needs no model, no action server and no database to show the card."""

    def __init__(
        self, conversations: Conversations, cards: Cards, after_card: AfterCard, never: NeverList, clock: Clock
    ) -> None:
        self._conversations = conversations
        self._never = never
        self._cards = cards
        self._replies = after_card
        self._clock = clock
        self._keeping: set[asyncio.Task[Any]] = set()

    async def answer(
        self, rasa: RasaAgent, conversation_id: str, client_id: str, text: str, alarm: Alarm, found: Finding
    ) -> Sequence[Message]:
        """Return the card, the answer to an ordinary question in the same message, and a gentle line with a person."""
        log.warning("safety.card", lane=alarm.lane.value, rule=alarm.rule)
        now = self._clock.now()
        card = Message(message_id(), Sender.BOT, now, Kind.EMERGENCY, self._cards.card(alarm))
        before = await self._before(conversation_id)
        answer = [card, *await self._question_in(rasa, text), self._after_card(alarm, before)]
        line = Message(message_id(), Sender.VISITOR, now, Kind.TEXT, remove_sensitive(text)[0])
        keeping = asyncio.create_task(asyncio.to_thread(self._keep, conversation_id, client_id, line, answer, found))
        self._keeping.add(keeping)
        keeping.add_done_callback(self._keeping.discard)
        return await _quickly(asyncio.shield(keeping)) or answer

    async def answer_to_reply(self, conversation_id: str, text: str) -> list[Message]:
        """Return the answer to a reply to a card, such as "I am safe now"; nothing for any other message."""
        reply = self._replies.read(text)
        if reply is None:
            return []
        before = await self._before(conversation_id)
        language = self._language(before)
        words = self._replies.answer(reply, before, language)
        if words is None:
            return []
        return [self._choice(words, language, before)]

    async def reminder(self, conversation_id: str) -> list[Message]:
        """Return the line with the numbers below "I did not understand", once a card has been shown."""
        before = await self._before(conversation_id)
        words = self._replies.reminder(before, self._language(before))
        return [Message(message_id(), Sender.BOT, self._clock.now(), Kind.TEXT, words)] if words else []

    async def _before(self, conversation_id: str) -> Sequence[Message]:
        return await _quickly(asyncio.to_thread(self._conversations.messages, conversation_id)) or ()

    def _keep(
        self, conversation_id: str, client_id: str, line: Message, answer: Sequence[Message], found: Finding
    ) -> Sequence[Message] | None:
        """Store the turn and its lane; returns the earlier answer when this message id was answered before."""
        try:
            before = self._conversations.begin_turn(conversation_id, client_id, line)
            if before:
                return before
            self._conversations.finish_turn(conversation_id, client_id, answer)
            if found.alarm:
                lane = found.alarm.lane.value
                self._conversations.note_lane(conversation_id, lane)
                self._conversations.count_event(f"lane.{lane}", line.at)
            if found.disagreement:
                self._conversations.count_event(f"signal.{found.disagreement.value}", line.at)
        except AdmissionsError as error:
            log.error("safety.not_kept", error=type(error).__name__)
        return None

    async def _question_in(self, rasa: RasaAgent, text: str) -> list[Message]:
        """Return the answer to a question that stands in the same message, when one is understood."""
        if not rasa.is_ready():
            return []
        questions = [sentence for sentence in _SENTENCE_END.split(text) if is_question(sentence)]
        if "?" in text and not questions:
            questions = [text]
        try:
            label = await asyncio.wait_for(self._label_of(rasa, questions[:QUESTIONS_READ]), CARD_TIMEOUT_S)
        except Exception as error:
            log.error("safety.question_not_read", error=type(error).__name__)
            return []
        response = rasa.response(f"utter_{label}") if label else None
        if response is None or self._never.findings(response["text"]):
            return []
        return [replace(bot_message(response, self._clock.now()), buttons=(), kind=Kind.TEXT)]

    async def _label_of(self, rasa: RasaAgent, questions: Sequence[str]) -> str | None:
        """Return what the first of these that is understood asks: of the article, or cost, visits and their like."""
        for question in questions:
            parsed = await rasa.parse(question)
            if parsed["intent"]["name"] == INTENT_FALLBACK:
                continue
            asked = (label for label in parsed.get("questions", ()) if label.startswith(_ANSWERED_BELOW_A_CARD))
            if label := next(asked, None):
                return str(label)
        return None

    def _after_card(self, alarm: Alarm, before: Sequence[Message]) -> Message:
        """Return the gentle line below the card, other words each time, and the way back into an open intake."""
        cards_before = sum(message.kind is Kind.EMERGENCY for message in before)
        return self._choice(self._cards.after_card(alarm, turn=cards_before), alarm.language, before)

    def _language(self, before: Sequence[Message]) -> str:
        """Return the language of the newest card."""
        card = next((message.text for message in reversed(before) if message.kind is Kind.EMERGENCY), None)
        return "es" if any(card == wordings["es"] for wordings in self._cards.texts.values()) else "en"

    def _choice(self, text: str, language: str, before: Sequence[Message]) -> Message:
        if self._never.findings(text):
            log.error("never_list.stopped")
            text = self._cards.fallback(None)
        words = self._cards.buttons[language]
        buttons = [Button(words["person"], "/talk_to_human")]
        if any(offers(before, payload) for payload in IN_INTAKE):
            buttons.append(Button(words["go_on"], REPEAT))
        return Message(message_id(), Sender.BOT, self._clock.now(), Kind.CHOICE, text, tuple(buttons))


async def _quickly(waiting: Awaitable[Result]) -> Result | None:
    """Wait at most CARD_TIMEOUT_S; None when it takes longer or the database refuses."""
    try:
        return await asyncio.wait_for(waiting, CARD_TIMEOUT_S)
    except (asyncio.TimeoutError, AdmissionsError):
        return None
