"""The hourly test: signed like a handoff, sent once an hour to each endpoint in use, remembered."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from admissions.core import signing
from admissions.core.canary import EVERY
from admissions.core.delivery import Attempt, OutboxItem, Outcome
from admissions.delivery.canary import CanaryRounds
from admissions.delivery.sender import Sender, Senders
from admissions.errors import StoreError
from admissions.settings import Secret
from admissions.store import SqlOutbox, make_engine
from admissions.store.canaries import SqlCanaries
from tests.fakes import NOW, FakeReceiver, FixedClock, Scripted, make_attempt, make_handoff

SECRET = "whsec_YSBuZXcgc2VjcmV0IGZvciB0aGUgdGVzdCB2ZWN0b3I="


class World:
    """A store, a clock and a sender to a receiver."""

    def __init__(self, folder: Path) -> None:
        engine = make_engine(f"sqlite:///{folder / 'admissions.db'}")
        self.clock = FixedClock()
        self.outbox, self.canaries = SqlOutbox(engine, self.clock), SqlCanaries(engine)

    def rounds(self, url: str) -> CanaryRounds:
        sender = Sender(url, [Secret(SECRET)], self.clock, allow_private=True)
        return CanaryRounds(self.canaries, self.outbox, Senders({"default": sender}), self.clock, ["default"])


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty world."""
    return World(tmp_path)


async def test_the_test_is_signed_and_holds_nothing_of_a_visitor(world: World) -> None:
    # given a handoff that waits
    world.outbox.add(make_handoff(), b'{"data":{"contact":{"name":"Sam"}}}', deliver=True)

    # when
    async with FakeReceiver() as receiver:
        assert await world.rounds(receiver.url).round() == 1

    # then
    (request,) = receiver.received
    assert signing.verify(request.headers, request.body, [SECRET], NOW)
    sent = json.loads(request.body)
    assert (sent["type"], sent["test"], set(sent["data"])) == ("admissions.test", True, {"id"})
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert sent["data"]["id"] == headers["webhook-id"]
    assert len(world.outbox.list()) == 1


async def test_one_an_hour_each_with_an_id_of_its_own(world: World) -> None:
    async with FakeReceiver() as receiver:
        rounds = world.rounds(receiver.url)
        counts = []
        for seconds in (0, 30, EVERY.total_seconds() - 60, 60):
            world.clock.advance(seconds)
            counts.append(await rounds.round())

    assert counts == [1, 0, 0, 1]
    assert len({request.body for request in receiver.received}) == 2
    (status,) = world.canaries.statuses()
    assert status.age(world.clock.now()) == timedelta(0)


async def test_a_receiver_that_fails_leaves_the_age_to_grow_and_is_told_to_the_operator(world: World) -> None:
    # given one that worked an hour ago
    async with FakeReceiver(Scripted(), Scripted(status=500, body=b"sorry")) as receiver:
        rounds = world.rounds(receiver.url)
        await rounds.round()
        world.clock.advance(EVERY.total_seconds())

        # when
        with capture_logs() as logs:
            await rounds.round()

    # then
    (status,) = world.canaries.statuses()
    assert status.age(world.clock.now()) == EVERY
    assert status.detail == "sorry"
    assert [(line["event"], line["log_level"], line["status"]) for line in logs] == [("canary.failed", "error", 500)]


async def test_an_endpoint_that_said_410_is_left_in_peace(world: World) -> None:
    # given
    world.outbox.add(make_handoff(), b"{}", deliver=True)
    world.outbox.record("hnd_0001", make_attempt(Outcome.GONE, status=410), next_attempt_at=None)

    # when / then
    async with FakeReceiver() as receiver:
        assert await world.rounds(receiver.url).round() == 0
    assert receiver.received == []


class Once:
    """A sender that tells when it was used."""

    def __init__(self, stop: asyncio.Event) -> None:
        self.stop = stop

    async def send(self, item: OutboxItem) -> Attempt:
        self.stop.set()
        return make_attempt(Outcome.DELIVERED, status=200, at=datetime(2026, 11, 24, tzinfo=timezone.utc))


async def test_a_database_that_fails_does_not_end_the_rounds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    stop = asyncio.Event()
    take, failures = world.canaries.take, [StoreError("the database refused: locked"), RuntimeError("secret words")]

    def fails_first(endpoint: str, now: datetime) -> bool:
        if failures:
            raise failures.pop(0)
        return take(endpoint, now)

    monkeypatch.setattr(world.canaries, "take", fails_first)

    # when
    with capture_logs() as logs:
        await CanaryRounds(world.canaries, world.outbox, Once(stop), world.clock, ["default"]).run(stop, every_s=0.01)

    # then
    hints = [line["hint"] for line in logs if line["event"] == "canary.trouble"]
    assert hints == ["the database refused: locked", None]
    assert "secret words" not in str(logs)
