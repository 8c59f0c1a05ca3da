"""From what Rasa said in a turn to messages for the widget."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from admissions.core.message import Button, Kind, Message, Sender


def message_id() -> str:
    """Return a fresh id for a message of ours."""
    return str(uuid.uuid4())


def bot_message(said: dict[str, Any], at: datetime) -> Message:
    """Return one of Rasa's messages as the widget's; kind, source and handoff come in its metadata."""
    described = said.get("metadata") or {}
    section = described.get("section")
    buttons = tuple(
        Button(str(button["title"]), str(button.get("payload") or button["title"]))
        for button in said.get("buttons") or ()
    )
    kind = Kind(said.get("kind") or described.get("kind") or (Kind.CHOICE if buttons else Kind.TEXT).value)
    return Message(
        id=message_id(),
        sender=Sender.BOT,
        at=at,
        kind=kind,
        text=str(said.get("text") or "").strip(),
        buttons=buttons,
        source=f"article {section}" if section else None,
        handoff_id=said.get("handoff_id"),
    )


def as_answer(said: Sequence[dict[str, Any]], at: datetime) -> list[Message]:
    """Return the messages of a turn: empty ones dropped, and one set of choices at a time, the last one's."""
    messages = [message for part in said if (message := bot_message(part, at)).text]
    last = max((index for index, message in enumerate(messages) if message.buttons), default=-1)
    return [
        message if index == last or not message.buttons else replace(message, buttons=(), kind=_without_choice(message))
        for index, message in enumerate(messages)
    ]


def _without_choice(message: Message) -> Kind:
    return Kind.TEXT if message.kind is Kind.CHOICE else message.kind
