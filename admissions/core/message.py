"""One message of a conversation, as the widget sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from admissions.core.handoff import iso


class Sender(Enum):
    """Who wrote a message."""

    BOT = "bot"
    VISITOR = "visitor"
    STAFF = "staff"


class Kind(Enum):
    """How the widget shows a message."""

    TEXT = "text"
    EMERGENCY = "emergency"
    CHOICE = "choice"  #: a question with buttons
    TABLE = "table"
    RECEIPT = "receipt"  #: what became of a handoff; its words follow the outbox row's state


@dataclass(frozen=True)
class Button:
    """A choice offered to the visitor; only an offered payload counts when it comes back."""

    title: str
    payload: str


@dataclass(frozen=True)
class Message:
    """One message, immutable once stored."""

    id: str
    sender: Sender
    at: datetime  #: aware UTC
    kind: Kind
    text: str
    buttons: tuple[Button, ...] = ()
    source: str | None = None  #: where the answer comes from, "article §3"
    handoff_id: str | None = None  #: of a receipt: the handoff whose state it tells; never sent to the visitor

    def to_json(self) -> dict[str, Any]:
        """Return the wire form: {"id", "from", "at", "kind", "text", "buttons", "source"?}."""
        body: dict[str, Any] = {
            "id": self.id,
            "from": self.sender.value,
            "at": iso(self.at),
            "kind": self.kind.value,
            "text": self.text,
            "buttons": [{"title": button.title, "payload": button.payload} for button in self.buttons],
        }
        if self.source is not None:
            body["source"] = self.source
        return body
