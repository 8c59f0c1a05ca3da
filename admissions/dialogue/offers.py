"""The choices that are open in a conversation: what was offered last, and what typing its words means."""

from __future__ import annotations

from collections.abc import Sequence

from admissions.core.message import Message
from admissions.core.wording import fold

#: The longest text that is compared with the open choices' words, in characters.
LONGEST_TITLE = 60

#: The payload that brings the open question back.
REPEAT = "/repeat"

#: Payloads that only an open intake offers: its questions, its preview, and the way back to it after a card.
IN_INTAKE = ("/stop", "/deny", REPEAT)


def typed_choice(offer: Message | None, text: str) -> str | None:
    """Return the payload of the open choice whose words the visitor typed instead of tapping it."""
    if offer is None or len(text) > LONGEST_TITLE:
        return None
    said = fold(text)
    return next((button.payload for button in offer.buttons if fold(button.title) == said), None)


def is_short_answer(offer: Message | None, text: str) -> bool:
    """Say whether a short message answers an open intake: a name such as "Maria de la Cruz" tells no language."""
    return offer is not None and len(text) <= LONGEST_TITLE and any(offers([offer], payload) for payload in IN_INTAKE)


def offers(messages: Sequence[Message], payload: str) -> bool:
    """Say whether the newest message with buttons offers this payload."""
    newest = next((message for message in reversed(messages) if message.buttons), None)
    return newest is not None and any(button.payload == payload for button in newest.buttons)
