"""The delivery worker: with fakes, with a real store and a real receiver, and as a process that is told to stop."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from admissions.core.delivery import Attempt, DeliveryState, OutboxItem, Outcome, Route
from admissions.core.retry import RetrySchedule
from admissions.delivery.sender import Sender, Senders
from admissions.delivery.worker import RECORD_TRIES, run_worker
from admissions.errors import StoreError, UnknownHandoff
from admissions.ports import Outbox
from admissions.settings import Secret
from admissions.store import SqlOutbox, make_engine
from tests.fakes import NOW, FakeReceiver, FixedClock, MemoryOutbox, Scripted, make_attempt, make_handoff

ROOT = Path(__file__).resolve().parents[2]
SECRET = Secret("whsec_YSBuZXcgc2VjcmV0IGZvciB0aGUgdGVzdCB2ZWN0b3I=")
BODY = b'{"data":{"contact":{"name":"canary"}}}'

#: How long a test waits for the worker on a busy machine before it fails.
PATIENCE_S = 20


class ScriptedSender:
    """Ends each attempt as scripted, then as the last one for ever; an exception is raised."""

    def __init__(self, *endings: Attempt | Exception) -> None:
        self._endings = list(endings or [make_attempt(Outcome.DELIVERED, status=200)])
        self.sent: list[OutboxItem] = []

    async def send(self, item: OutboxItem) -> Attempt:
        self.sent.append(item)
        ending = self._endings.pop(0) if len(self._endings) > 1 else self._endings[0]
        if isinstance(ending, Exception):
            raise ending
        return ending


async def work_until(
    done: Callable[[], bool], outbox: Outbox, sender: object, clock: FixedClock, workers: int = 1
) -> None:
    """Run workers until `done` holds, then stop them and wait for their end."""
    stop = asyncio.Event()
    running = [start(outbox, sender, clock, stop) for _ in range(workers)]
    try:
        await until(done)
    finally:
        stop.set()
        await asyncio.gather(*running)


def start(outbox: Outbox, sender: object, clock: FixedClock, stop: asyncio.Event) -> asyncio.Task[None]:
    """Start a worker that does not wait long for anything and adds no jitter."""
    return asyncio.create_task(
        run_worker(
            outbox,
            sender,  # type: ignore[arg-type]
            clock,
            stop=stop,
            jitter=lambda: 0.5,
            poll_s=0.01,
            trouble_pause_s=0.05,
        )
    )


def with_handoffs(count: int = 1, *, deliver: bool = True) -> MemoryOutbox:
    outbox = MemoryOutbox(FixedClock())
    for number in range(1, count + 1):
        outbox.add(make_handoff(number), BODY, deliver=deliver)
    return outbox


async def test_what_is_due_is_delivered_and_recorded() -> None:
    outbox, sender = with_handoffs(10), ScriptedSender()

    await work_until(lambda: len(outbox.list(DeliveryState.DELIVERED)) == 10, outbox, sender, FixedClock())

    assert sorted(item.handoff_id for item in sender.sent) == [f"hnd_{number:04d}" for number in range(1, 11)]
    assert sender.sent[0].body == BODY


async def test_what_was_held_is_released_when_a_worker_starts() -> None:
    outbox = with_handoffs(2, deliver=False)

    await work_until(lambda: len(outbox.list(DeliveryState.DELIVERED)) == 2, outbox, ScriptedSender(), FixedClock())


async def test_a_failed_attempt_is_scheduled_and_not_repeated_before_its_time() -> None:
    outbox, sender = with_handoffs(), ScriptedSender(make_attempt())

    await work_until(lambda: bool(outbox.list(DeliveryState.DELAYED)), outbox, sender, FixedClock())

    assert outbox.list()[0].next_attempt_at == NOW + timedelta(seconds=5)
    assert len(sender.sent) == 1


async def test_retry_after_puts_the_next_attempt_off() -> None:
    outbox = with_handoffs()
    sender = ScriptedSender(Attempt(NOW, Outcome.RETRY, 5, 429, retry_after_s=120))

    await work_until(lambda: bool(outbox.list(DeliveryState.DELAYED)), outbox, sender, FixedClock())

    assert outbox.list()[0].next_attempt_at == NOW + timedelta(seconds=120)


async def test_a_receiver_that_is_gone_is_sent_no_more() -> None:
    outbox = with_handoffs()
    sender = ScriptedSender(make_attempt(Outcome.GONE, status=410))

    await work_until(lambda: bool(outbox.list(DeliveryState.FAILED)), outbox, sender, FixedClock())

    assert len(sender.sent) == 1


async def test_a_used_up_schedule_makes_a_dead_letter_after_every_attempt() -> None:
    clock = FixedClock()
    outbox = MemoryOutbox(clock)
    outbox.add(make_handoff(), BODY, deliver=True)

    class Failing(ScriptedSender):
        async def send(self, item: OutboxItem) -> Attempt:
            self.sent.append(item)
            clock.advance(24 * 3600)  # the next one is due already
            return make_attempt(at=clock.now() - timedelta(days=1))

    sender = Failing()

    await work_until(lambda: bool(outbox.list(DeliveryState.FAILED)), outbox, sender, clock)

    assert len(sender.sent) == len(RetrySchedule().delays_s) + 1
    assert [item.attempts for item in sender.sent] == list(range(14))


async def test_a_fault_of_ours_is_an_attempt_too_and_the_rest_is_delivered() -> None:
    outbox = with_handoffs(2)
    sender = ScriptedSender(KeyError("canary"), make_attempt(Outcome.DELIVERED))

    await work_until(lambda: bool(outbox.list(DeliveryState.DELIVERED)), outbox, sender, FixedClock())

    (failed,) = outbox.list(DeliveryState.DELAYED)
    (attempt,) = outbox.show(failed.handoff_id)[2]
    assert attempt.detail == "not sent: KeyError"


async def test_database_trouble_is_logged_and_survived() -> None:
    outbox, sender = with_handoffs(), ScriptedSender()
    outbox.broken = True

    with capture_logs() as logs:
        stop = asyncio.Event()
        running = start(outbox, sender, FixedClock(), stop)
        await asyncio.sleep(0.1)
        outbox.broken = False
        await until(lambda: bool(outbox.list(DeliveryState.DELIVERED)))
        stop.set()
        await running

    trouble = [entry for entry in logs if entry["event"] == "worker.trouble"]
    assert trouble[0]["error"] == "StoreError"
    assert "locked" in trouble[0]["hint"]


async def test_recording_is_tried_again_before_a_delivery_is_repeated() -> None:
    class Flaky(MemoryOutbox):
        refusals = RECORD_TRIES - 1

        def record(self, *arguments: object, **options: object) -> None:
            if self.refusals:
                self.refusals -= 1
                raise StoreError("the database refused: database is locked")
            super().record(*arguments, **options)  # type: ignore[arg-type]

    outbox, sender = Flaky(FixedClock()), ScriptedSender()
    outbox.add(make_handoff(), BODY, deliver=True)

    await work_until(lambda: bool(outbox.list(DeliveryState.DELIVERED)), outbox, sender, FixedClock())

    assert len(sender.sent) == 1


async def test_what_could_not_be_recorded_is_sent_again_when_its_lease_ran_out() -> None:
    class Deaf(MemoryOutbox):
        deaf = True

        def record(self, *arguments: object, **options: object) -> None:
            if self.deaf:
                raise StoreError("the database refused: disk I/O error")
            super().record(*arguments, **options)  # type: ignore[arg-type]

    clock = FixedClock()
    outbox, sender = Deaf(clock), ScriptedSender()
    outbox.add(make_handoff(), BODY, deliver=True)
    await work_until(lambda: len(sender.sent) == 1, outbox, sender, clock)

    outbox.deaf = False
    clock.advance(60)
    await work_until(lambda: bool(outbox.list(DeliveryState.DELIVERED)), outbox, sender, clock)

    assert [item.handoff_id for item in sender.sent] == ["hnd_0001", "hnd_0001"]


async def test_a_handoff_deleted_on_its_way_does_not_stop_the_worker() -> None:
    class Forgetful(MemoryOutbox):
        def record(self, handoff_id: str, *arguments: object, **options: object) -> None:
            if handoff_id == "hnd_0001":
                raise UnknownHandoff("no handoff hnd_0001")
            super().record(handoff_id, *arguments, **options)  # type: ignore[arg-type]

    outbox = Forgetful(FixedClock())
    for number in (1, 2):
        outbox.add(make_handoff(number), BODY, deliver=True)

    await work_until(
        lambda: outbox.state("hnd_0002") is DeliveryState.DELIVERED, outbox, ScriptedSender(), FixedClock()
    )


async def test_a_stopping_worker_finishes_the_request_in_hand() -> None:
    outbox, clock, stop = with_handoffs(), FixedClock(), asyncio.Event()
    async with FakeReceiver(Scripted(silent_s=0.3)) as receiver:
        running = start(outbox, Sender(receiver.url, [SECRET], clock, allow_private=True), clock, stop)
        await until(lambda: bool(receiver.received))
        stop.set()
        await running

    assert outbox.state("hnd_0001") is DeliveryState.DELIVERED


async def test_the_log_has_one_line_for_each_attempt_and_only_ids() -> None:
    outbox = with_handoffs(2)
    sender = ScriptedSender(
        Attempt(NOW, Outcome.RETRY, 7, 500, "canary in the answer"), make_attempt(Outcome.DELIVERED, status=204)
    )

    with capture_logs() as logs:
        await work_until(lambda: bool(outbox.list(DeliveryState.DELIVERED)), outbox, sender, FixedClock())

    lines = [entry for entry in logs if entry["event"] == "delivery.attempt"]
    assert sorted((line["handoff_id"], line["status"]) for line in lines) == [("hnd_0001", 500), ("hnd_0002", 204)]
    assert "canary" not in str(logs)


async def test_a_dead_letter_is_logged_as_an_error() -> None:
    outbox, clock = with_handoffs(), FixedClock()
    sender = ScriptedSender(make_attempt())
    stop = asyncio.Event()

    with capture_logs() as logs:
        schedule = RetrySchedule(delays_s=())
        work = run_worker(outbox, sender, clock, stop=stop, schedule=schedule, poll_s=0.01)
        running = asyncio.create_task(work)
        await until(lambda: bool(outbox.list(DeliveryState.FAILED)))
        stop.set()
        await running

    (line,) = [entry for entry in logs if entry["event"] == "delivery.dead_letter"]
    assert (line["log_level"], line["handoff_id"]) == ("error", "hnd_0001")


async def test_a_receiver_that_is_gone_is_an_alert_that_says_what_to_do() -> None:
    outbox = with_handoffs()
    sender = ScriptedSender(make_attempt(Outcome.GONE, status=410))

    with capture_logs() as logs:
        await work_until(lambda: bool(outbox.list(DeliveryState.FAILED)), outbox, sender, FixedClock())

    (line,) = [entry for entry in logs if entry["event"] == "endpoint.disabled"]
    assert (line["log_level"], line["mend"]) == ("error", "admissions outbox enable default")


async def test_a_dead_endpoint_holds_up_no_other(tmp_path: Path) -> None:
    # given an endpoint that never answers in time, with more waiting for it than a worker sends at once
    clock, routes = FixedClock(), (Route("default"), Route("board"))
    outbox = SqlOutbox(make_engine(f"sqlite:///{tmp_path / 'admissions.db'}"), clock, routes)
    for number in range(1, 13):
        outbox.add(make_handoff(number), BODY, deliver=True)
    stop = asyncio.Event()

    async with FakeReceiver(Scripted(silent_s=30)) as dead, FakeReceiver() as alive:
        senders = Senders(
            {
                name: Sender(receiver.url, [SECRET], clock, allow_private=True, deadline_s=1)
                for name, receiver in (("default", dead), ("board", alive))
            }
        )
        work = run_worker(outbox, senders, clock, endpoints=("default", "board"), stop=stop, poll_s=0.01)
        running = asyncio.create_task(work)

        # when
        await until(lambda: len(alive.received) == 12)
        stop.set()
        await running

    # then
    assert {one.endpoint for one in outbox.list(DeliveryState.DELIVERED)} == {"board"}
    assert len({request.headers["webhook-id"] for request in alive.received}) == 12


async def test_workers_on_one_sqlite_file_never_both_deliver(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path / 'admissions.db'}", FixedClock()
    outboxes = [SqlOutbox(make_engine(url), clock) for _ in range(3)]
    for number in range(1, 61):
        outboxes[0].add(make_handoff(number), BODY, deliver=True)

    async with FakeReceiver() as receiver:
        sender = Sender(receiver.url, [SECRET], clock, allow_private=True)
        stop = asyncio.Event()
        running = [start(outbox, sender, clock, stop) for outbox in outboxes]
        await until(lambda: len(outboxes[0].list(DeliveryState.DELIVERED)) == 60)
        stop.set()
        await asyncio.gather(*running)

    times = Counter(request.headers["webhook-id"] for request in receiver.received)
    assert len(times) == 60
    assert set(times.values()) == {1}


WORKER_PROCESS = """
import asyncio, sys
from datetime import datetime, timezone
from admissions.delivery.sender import Sender
from admissions.delivery.worker import run_worker
from admissions.settings import Secret
from admissions.store import SqlOutbox, make_engine

class SystemClock:
    def now(self):
        return datetime.now(timezone.utc)

url, address, secret = sys.argv[1:]
clock = SystemClock()
outbox = SqlOutbox(make_engine(url), clock)
asyncio.run(run_worker(outbox, Sender(address, [Secret(secret)], clock, allow_private=True), clock))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_worker_process_told_to_stop_ends_well_with_its_request_recorded(
    tmp_path: Path, number: signal.Signals
) -> None:
    url = f"sqlite:///{tmp_path / 'admissions.db'}"
    outbox = SqlOutbox(make_engine(url), FixedClock())
    outbox.add(make_handoff(created_at=NOW - timedelta(days=3650)), BODY, deliver=True)  # due by any machine's clock

    async with FakeReceiver(Scripted(silent_s=1.0)) as receiver:
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER_PROCESS, url, receiver.url, SECRET.reveal()],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        try:
            await until(lambda: bool(receiver.received))
            process.send_signal(number)
            await until(lambda: process.poll() is not None)
        finally:
            process.kill()

    assert process.returncode == 0
    assert outbox.state("hnd_0001") is DeliveryState.DELIVERED


async def until(done: Callable[[], bool]) -> None:
    """Wait until `done` holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, "it did not come"
        await asyncio.sleep(0.02)
