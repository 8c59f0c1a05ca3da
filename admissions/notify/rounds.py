"""Looks for handoffs that nobody has claimed and tells admissions of them, until told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

import structlog

from admissions.core.centre import Centre
from admissions.core.notices import Wording, due
from admissions.ports import Clock, Notices
from admissions.rounds import make_rounds

log = structlog.get_logger(__name__)

#: How often is looked: a notice some seconds late is early enough for a person.
LOOK_EVERY_S = 5.0


class Sends(Protocol):
    """Sends one notice; `channels.Channels` and the tests' fakes."""

    def send(self, title: str, body: str) -> bool:
        """Send it and say whether somebody got it."""


class NoticeRounds:
    """One round at a time; store and channels block, so they run in a thread."""

    def __init__(
        self, notices: Notices, channels: Sends, clock: Clock, centre: Centre, wordings: Mapping[str, Wording]
    ) -> None:
        self._notices = notices
        self._channels = channels
        self._clock = clock
        self._centre = centre
        self._wordings = wordings

    async def run(self, stop: asyncio.Event, every_s: float = LOOK_EVERY_S) -> None:
        """Make rounds until `stop` is set."""
        await make_rounds(self.round, stop, every_s, name="notice")

    async def round(self) -> int:
        """Send what is due and return how many notices went out."""
        return await asyncio.to_thread(self._round)

    def _round(self) -> int:
        now, sent = self._clock.now(), 0
        for notice in due(self._notices.waiting(now), self._centre, self._wordings, now):
            number = self._notices.take(notice.handoff_id, notice.kind, now)
            if number is None:  # another worker has it, it waits for its next try, or it was tried often enough
                continue
            good = self._channels.send(notice.title, notice.body)
            if good:
                self._notices.note_sent(notice.handoff_id, notice.kind, self._clock.now())
                sent += 1
            (log.info if good else log.error)(
                "notice.sent" if good else "notice.failed",
                handoff_id=notice.handoff_id,
                kind=notice.kind.value,
                number=number,
            )
        return sent
