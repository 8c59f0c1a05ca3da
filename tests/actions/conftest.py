"""The actions' parts with everything in memory, and the centre's clock told the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from actions import centre as centre_actions
from actions import handoff as handoff_actions
from actions import intake as intake_actions
from admissions import content
from admissions.bootstrap import Parts
from admissions.service import AdmissionsService
from admissions.settings import Settings
from tests.fakes import NOW, FixedClock, MemoryConversations, MemoryOutbox

#: A Tuesday morning at ten in the centre's time zone: admissions is open.
OPEN_AT = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)


class Desk:
    """What the actions work with: set the clock, break a store, and see what was kept."""

    def __init__(self) -> None:
        self.clock = FixedClock()
        self.outbox = MemoryOutbox(self.clock)
        self.conversations = MemoryConversations()
        self.conversations.create("c1", NOW, page_url=None, time_zone=None)
        self.deliver = True

    def parts(self) -> Parts:
        service = AdmissionsService(
            self.outbox,
            self.conversations,
            self.clock,
            content.centre(),
            content_version="content-1",
            model="model-1",
            deliver=self.deliver,
        )
        return Parts(Settings(), self.clock, self.outbox, self.conversations, service)

    def set_clock(self, now: datetime) -> None:
        self.clock.advance((now - self.clock.now()).total_seconds())


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Parts in memory in place of this machine's."""
    made = Desk()
    for module in (centre_actions, handoff_actions, intake_actions):
        monkeypatch.setattr(module, "parts", made.parts)
    return made


@pytest.fixture
def no_phone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A centre that has no phone number configured."""
    without = replace(content.centre(), phone=None)
    monkeypatch.setattr(content, "centre", lambda: without)
