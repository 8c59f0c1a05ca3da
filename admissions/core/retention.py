"""How long things are kept, and how much of it is too old."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Keep:
    """Days from when it began; older things are deleted."""

    conversations_days: int
    handoffs_days: int


@dataclass(frozen=True)
class Expired:
    """How much is older than that."""

    conversations: int
    messages: int  #: of these conversations
    events: int  #: Rasa's
    handoffs: int
    undelivered: int  #: of these handoffs: admissions never had them
