"""Rounds of notices over a real store: a handoff is told of once, again when it stays unclaimed, and no more."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from admissions import content
from admissions.core.handoff import Contact, ScreeningItem, Urgency, to_payload
from admissions.notify.rounds import NoticeRounds
from admissions.store import SqlOutbox, make_engine
from admissions.store.notices import TRY_AGAIN_AFTER, SqlNotices
from tests.fakes import FixedClock, make_handoff

#: Tuesday 10:00 in the centre's zone: open until 20:00.
MORNING = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)

SAID = {"Zebedee", "+17195550134", "zebedee@example.org", "heroin", "my son", "withdrawal", "loved_one", "crisis"}


class Board:
    """Where notices go; refuses while `broken`."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.broken = False

    def send(self, title: str, body: str) -> bool:
        if not self.broken:
            self.sent.append((title, body))
        return not self.broken


class World:
    """A store, a clock and a board."""

    def __init__(self, folder: Path) -> None:
        engine = make_engine(f"sqlite:///{folder / 'admissions.db'}")
        self.clock, self.board = FixedClock(MORNING), Board()
        self.outbox, self.notices = SqlOutbox(engine, self.clock), SqlNotices(engine)
        centre = replace(content.centre(), unclaimed_minutes=30)
        self.rounds = NoticeRounds(self.notices, self.board, self.clock, centre, content.notice_wordings())

    def hand_over(self, number: int = 1, urgency: Urgency = Urgency.ROUTINE) -> None:
        handoff = replace(
            make_handoff(number, created_at=self.clock.now()),
            urgency=urgency,
            lane="withdrawal",
            about="loved_one",
            contact=Contact("Zebedee", "+17195550134", "zebedee@example.org"),
            screening=(ScreeningItem("substances", "heroin", "what my son takes"),),
        )
        self.outbox.add(handoff, str(to_payload(handoff)).encode(), deliver=False)

    async def round_after(self, minutes: float = 0) -> int:
        self.clock.advance(minutes * 60)
        return await self.rounds.round()


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty world."""
    return World(tmp_path)


async def test_a_handoff_is_told_of_once_and_again_when_nobody_claims_it(world: World) -> None:
    world.hand_over()

    counts = [await world.round_after(minutes) for minutes in (0, 1, 28, 1, 60, 600)]

    assert counts == [1, 0, 0, 1, 0, 0]
    assert [title for title, _ in world.board.sent] == [
        "A request waits: REF001",
        "Nobody has taken on request REF001",
    ]


async def test_what_somebody_has_claimed_is_told_of_no_more(world: World) -> None:
    world.hand_over()
    await world.round_after()
    world.notices.claim("REF001", world.clock.now())

    assert await world.round_after(240) == 0


async def test_at_night_the_second_notice_waits_for_the_morning(world: World) -> None:
    # given a handoff ten minutes before closing
    world.clock.advance(timedelta(hours=9, minutes=50).total_seconds())
    world.hand_over()
    await world.round_after()

    # when / then: ten minutes of opening hours tonight, twenty tomorrow from 8:00
    assert await world.round_after(6 * 60) == 0
    assert await world.round_after(6 * 60 + 10 + 19) == 0
    assert await world.round_after(1) == 1


async def test_a_notice_holds_nothing_the_visitor_said(world: World) -> None:
    world.hand_over(1)
    world.hand_over(2, Urgency.EMERGENCY)
    with capture_logs() as logs:
        await world.round_after()
        await world.round_after(31)

    words = f"{world.board.sent} {logs}"
    assert len(world.board.sent) == 4
    assert [said for said in SAID if said in words] == []
    assert "emergency" not in words


async def test_a_channel_that_is_down_is_tried_again_and_given_up_in_the_end(world: World) -> None:
    # given
    world.hand_over()
    world.board.broken = True

    # when it comes back at the third try
    with capture_logs() as logs:
        await world.round_after()
        await world.round_after(1)
        world.board.broken = False
        await world.round_after(5)

    # then
    assert [(line["event"], line["number"]) for line in logs] == [
        ("notice.failed", 1),
        ("notice.failed", 2),
        ("notice.sent", 3),
    ]
    assert len(world.board.sent) == 1


async def test_a_notice_nobody_takes_is_not_tried_for_ever(world: World) -> None:
    world.hand_over()
    world.board.broken = True

    with capture_logs() as logs:
        for pause in (*TRY_AGAIN_AFTER, *TRY_AGAIN_AFTER[-1:] * 4):
            await world.round_after(pause.total_seconds() / 60)

    first = [line for line in logs if line["kind"] == "first"]
    assert len(first) == len(TRY_AGAIN_AFTER) + 1


async def test_two_workers_send_each_notice_once(world: World) -> None:
    for number in range(1, 9):
        world.hand_over(number)

    counts = await asyncio.gather(*(world.rounds.round() for _ in range(4)))

    assert sum(counts) == 8
    assert len({title for title, _ in world.board.sent}) == len(world.board.sent) == 8


async def test_a_fault_does_not_end_the_rounds_and_its_words_are_not_logged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a store that fails once
    stop, faults = asyncio.Event(), [RuntimeError("hunter2")]
    waiting = world.notices.waiting

    def fails_first(now: datetime) -> object:
        if faults:
            raise faults.pop()
        stop.set()
        return waiting(now)

    monkeypatch.setattr(world.notices, "waiting", fails_first)
    world.hand_over()

    # when
    with capture_logs() as logs:
        await world.rounds.run(stop, every_s=0.01)

    # then
    assert len(world.board.sent) == 1
    assert [line["event"] for line in logs] == ["notice.trouble", "notice.sent"]
    assert "hunter2" not in str(logs)
