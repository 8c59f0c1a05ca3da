"""A conversation as the widget reads it back: receipts tell where their handoff stands now, not when it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from admissions.core.message import Kind, Message
from admissions.core.receipt import response_name
from admissions.dialogue.rasa_agent import RasaAgent
from admissions.errors import UnknownHandoff
from admissions.ports import Outbox


def as_json(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Return messages in the wire form."""
    return [message.to_json() for message in messages]


def with_current_receipts(messages: Sequence[Message], outbox: Outbox, rasa: RasaAgent) -> list[Message]:
    """Return the messages with every receipt worded by its outbox row's present state. Raises StoreError."""
    return [_current(message, outbox, rasa) if message.kind is Kind.RECEIPT else message for message in messages]


def _current(message: Message, outbox: Outbox, rasa: RasaAgent) -> Message:
    if message.handoff_id is None:
        return message
    try:
        summary, _, _ = outbox.show(message.handoff_id)
    except UnknownHandoff:
        return message
    response = rasa.response(response_name(summary.state), reference=summary.reference)
    return replace(message, text=str(response["text"])) if response else message
