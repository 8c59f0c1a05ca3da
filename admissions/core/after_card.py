"""What a person may write after an emergency card, and which words of ours answer it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from admissions.core.message import Kind, Message, Sender
from admissions.core.wording import says
from admissions.errors import ContentError

#: A longer message says more than "I am safe now", in words: it is answered like any other.
LONGEST_REPLY_WORDS = 14

#: How many messages after a card such a reply still belongs to it, of both sides: two or three turns.
CARD_REMEMBERED_MESSAGES = 10


@dataclass(frozen=True)
class Reply:
    """One thing people write after a card."""

    said: tuple[str, ...]  #: ways to say it
    answers: Mapping[str, tuple[str, ...]]  #: by language, wordings that take turns


@dataclass(frozen=True)
class AfterCard:
    """Every reply to a card, and the line below a later "I did not understand"."""

    replies: tuple[Reply, ...]
    still_here: Mapping[str, tuple[str, ...]]

    def read(self, text: str) -> Reply | None:
        """Return the reply a short message is, were it written after a card."""
        words = _without_accents(text)
        if len(words.split()) > LONGEST_REPLY_WORDS or "?" in text:
            return None
        return next((reply for reply in self.replies if says(words, reply.said)), None)

    def answer(self, reply: Reply, before: Sequence[Message], language: str) -> str | None:
        """Return what to say to a reply, None when no card was shown lately.

        Args:
            reply: what `read` made of the message.
            before: the conversation so far.
            language: of the visitor, "en" or "es".
        """
        if not card_in(before[-CARD_REMEMBERED_MESSAGES:]):
            return None
        return _other_than_before(reply.answers[language], before)

    def reminder(self, before: Sequence[Message], language: str) -> str | None:
        """Return the line below an answer that says "I did not understand"; None when there was no card."""
        return _other_than_before(self.still_here[language], before) if card_in(before) else None


def card_in(messages: Sequence[Message]) -> bool:
    """Say whether an emergency card stands among the messages."""
    return any(message.kind is Kind.EMERGENCY for message in messages)


def load_after_card(raw: Mapping[str, Any]) -> AfterCard:
    """Build the replies from the loaded safety/cards.yml.

    Raises:
        ContentError: a part is missing or empty.
    """
    try:
        replies = tuple(
            Reply(tuple(map(str, one["said"])), {language: tuple(one[language]) for language in ("en", "es")})
            for one in raw["replies"].values()
        )
        still_here = {language: tuple(raw["still_here"][language]) for language in ("en", "es")}
    except (KeyError, TypeError, AttributeError) as missing:
        raise ContentError(f"safety/cards.yml: {missing} is missing") from None
    if not all(reply.said and all(reply.answers.values()) for reply in replies) or not all(still_here.values()):
        raise ContentError("safety/cards.yml: replies and still_here need at least one line a language")
    return AfterCard(replies, still_here)


def _other_than_before(wordings: Sequence[str], before: Sequence[Message]) -> str:
    """Return the wording that was said longest ago, so that no line comes twice running."""
    said = [message.text for message in before if message.sender is Sender.BOT]
    return min(wordings, key=lambda words: max((i for i, text in enumerate(said) if text == words), default=-1))


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
