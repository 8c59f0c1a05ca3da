"""Whatever a receiver does and wherever we die: no handoff is lost, none twice, and "passed on" only after a 2xx.

Hypothesis looks for a sequence of faults, crashes, jumps of the clock and operator commands that breaks it, with the
real tables, the real sender and real sockets.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from admissions.core.delivery import Attempt, DeliveryState, OutboxItem, Outcome
from admissions.core.receipt import response_name
from admissions.core.retry import RetrySchedule
from admissions.delivery.sender import Sender
from admissions.settings import Secret
from admissions.store import SqlOutbox, make_engine
from tests.delivery.faulty_receiver import Fault, FaultyReceiver
from tests.fakes import FixedClock, make_handoff

SECRET = "whsec_YSBuZXcgc2VjcmV0IGZvciB0aGUgdGVzdCB2ZWN0b3I="
LEASE_S = 30.0

#: Of an attempt whose answer never comes, and of every other one. Seconds.
SHORT_S, LONG_S = 0.1, 10.0
NEVER_ANSWERED = (Fault.SILENCE, Fault.SLOW_BODY)


class Delivery(RuleBasedStateMachine):
    """Some handoffs, two workers that may die at any moment, and one receiver."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = make_engine(f"sqlite:///{self.folder.name}/admissions.db")
        self.outbox = SqlOutbox(self.engine, self.clock)
        self.loop = asyncio.new_event_loop()
        self.receiver = FaultyReceiver(SECRET, self.clock)
        self.loop.run_until_complete(self.receiver.start(Path(self.folder.name)))
        self.acknowledged: list[str] = []
        self.in_hand: list[tuple[OutboxItem, Attempt]] = []  #: ended and not yet written down

    @initialize(count=st.integers(1, 4))
    def some_visitors_send(self, count: int) -> None:
        for _ in range(count):
            self.a_visitor_sends(twice=False)

    @rule(twice=st.booleans())
    def a_visitor_sends(self, twice: bool) -> None:
        number = len(self.acknowledged) + 1
        handoff = make_handoff(number, created_at=self.clock.now())
        self.outbox.add(handoff, f'{{"number":{number}}}'.encode(), deliver=True)
        if twice:
            self.outbox.add(handoff, b"other words", deliver=True)
        self.acknowledged.append(handoff.id)

    @rule(
        fault=st.sampled_from(Fault),
        limit=st.integers(1, 3),
        wait_s=st.sampled_from((0, 6, 31, 100, 13 * 3600, -3600)),
        then=st.sampled_from(("writes it down", "writes it down", "is slow to write it down", "dies")),
        mended=st.booleans(),
    )
    def a_worker_sends(self, fault: Fault, limit: int, wait_s: int, then: str, mended: bool) -> None:
        """After some time, or after the clock went back; one that dies has sent and written nothing."""
        self.clock.advance(wait_s)
        if mended:
            self.outbox.enable("default", self.clock.now())
        self.receiver.fault = fault
        items = self.outbox.claim(self.clock.now(), lease_s=LEASE_S, limit=limit)
        attempts = self.loop.run_until_complete(self._send(items, fault))
        if then != "dies":
            self.in_hand += zip(items, attempts, strict=True)
        if then == "writes it down":
            for _ in items:
                self._record(*self.in_hand.pop())

    async def _send(self, items: tuple[OutboxItem, ...], fault: Fault) -> list[Attempt]:
        sender = Sender(
            self.receiver.tls_url if fault is Fault.WRONG_CERTIFICATE else self.receiver.url,
            [Secret(SECRET)],
            self.clock,
            allow_private=True,
            deadline_s=SHORT_S if fault in NEVER_ANSWERED else LONG_S,
        )
        return list(await asyncio.gather(*(sender.send(item) for item in items)))

    @precondition(lambda self: self.in_hand)
    @rule(data=st.data())
    def a_worker_writes_one_down(self, data: st.DataObject) -> None:
        """In any order, and however late."""
        item, attempt = self.in_hand.pop(data.draw(st.integers(0, len(self.in_hand) - 1)))
        self._record(item, attempt)

    def _record(self, item: OutboxItem, attempt: Attempt) -> None:
        next_attempt_at = None
        if attempt.outcome is Outcome.RETRY:
            number, jitter = item.attempts + 1, random.Random(item.attempts).random()
            next_attempt_at = RetrySchedule((5, 60)).next_attempt(number, attempt.at, jitter, attempt.retry_after_s)
        self.outbox.record(item.handoff_id, attempt, next_attempt_at=next_attempt_at, claim=item.claim)

    @rule(state=st.sampled_from((None, *DeliveryState)))
    def an_operator_tries_again(self, state: DeliveryState | None) -> None:
        self.outbox.retry_many(self.clock.now(), state=state)

    @invariant()
    def no_visitor_is_told_passed_on_before_a_2xx(self) -> None:
        for id in self.acknowledged:
            told = response_name(self.outbox.state(id))
            assert told != "utter_receipt_delivered" or id in self.receiver.answered_2xx

    @invariant()
    def every_acknowledged_handoff_is_kept_and_none_is_invented(self) -> None:
        assert sorted(one.handoff_id for one in self.outbox.list()) == sorted(self.acknowledged)
        assert set(self.receiver.kept) <= set(self.acknowledged)

    @invariant()
    def the_receiver_never_got_what_it_should_not(self) -> None:
        assert self.receiver.wrong == []

    def teardown(self) -> None:
        """The receiver recovers and a person looks after it: then everything arrives."""
        try:
            self.receiver.fault = Fault.NONE
            self.clock.advance(2 * 3600)
            self.outbox.enable("default", self.clock.now())
            self.outbox.retry_many(self.clock.now(), state=DeliveryState.FAILED)
            while items := self.outbox.claim(self.clock.now(), lease_s=LEASE_S, limit=10):
                for item, attempt in zip(
                    items, self.loop.run_until_complete(self._send(items, Fault.NONE)), strict=True
                ):
                    self._record(item, attempt)
            for item, attempt in self.in_hand:  # what was late comes last and undoes nothing
                self._record(item, attempt)
            assert {self.outbox.state(id) for id in self.acknowledged} <= {DeliveryState.DELIVERED}
            assert sorted(self.receiver.kept) == sorted(self.acknowledged)
            assert self.receiver.wrong == []
        finally:
            self.loop.run_until_complete(self._stop())
            self.loop.close()
            self.engine.dispose()
            self.folder.cleanup()

    async def _stop(self) -> None:
        await self.receiver.stop()
        running = asyncio.all_tasks() - {asyncio.current_task()}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


TestDelivery = Delivery.TestCase
TestDelivery.settings = settings(
    max_examples=30,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink over sockets takes longer than a test may
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
