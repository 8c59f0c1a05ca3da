"""A conversation `c1` in a store in memory, and the turns on top of it with the real gate, cards and never list."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import pytest

from admissions import content
from admissions.core.message import Message
from admissions.dialogue.turns import Turns
from tests.fakes import NOW, FixedClock, MemoryConversations

PHONE = "719-555-0142"

#: What is said when anything behind the assistant fails.
SAFE_ANSWER = content.cards().fallback(PHONE)


def texts(messages: Sequence[Message]) -> list[str]:
    """Return what was said."""
    return [message.text for message in messages]


@pytest.fixture
def conversations() -> Iterator[MemoryConversations]:
    """The store; a call that hangs in it is let go when the test is over."""
    made = MemoryConversations()
    made.create("c1", NOW, page_url=None, time_zone=None)
    made.create("c2", NOW, page_url=None, time_zone=None)
    yield made
    if made.stuck is not None:
        made.stuck.set()


@pytest.fixture
def hang(conversations: MemoryConversations) -> threading.Event:
    """Make every call on the store hang from now on."""
    conversations.stuck = threading.Event()
    return conversations.stuck


@pytest.fixture
def turns(conversations: MemoryConversations) -> Turns:
    """What the channel calls."""
    return Turns(
        conversations,
        content.gate(),
        content.cards(),
        content.after_card(),
        content.never_list(),
        FixedClock(),
        PHONE,
    )
