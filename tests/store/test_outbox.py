"""The outbox: what is committed, who may claim it, and what an attempt changes. On every database we support."""

from __future__ import annotations

import dataclasses
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy.engine import Engine

from admissions.core.delivery import Attempt, DeliveryState, Outcome, Route
from admissions.core.handoff import Reason
from admissions.errors import StoreError, UnknownHandoff
from admissions.store import SqlOutbox, make_engine
from tests.fakes import NOW, FixedClock, MemoryOutbox, make_attempt, make_handoff

LEASE_S = 30.0
BODY = b'{"type":"admissions.test"}'

AnyOutbox = SqlOutbox | MemoryOutbox


@pytest.fixture
def sql_outbox(engine: Engine, clock: FixedClock) -> SqlOutbox:
    return SqlOutbox(engine, clock)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def claim_one(outbox: AnyOutbox, now: datetime = NOW) -> str:
    """Claim the only due item; return the claim's name."""
    (item,) = outbox.claim(now, lease_s=LEASE_S, limit=10)
    return item.claim


def test_an_added_handoff_is_saved_and_due_at_once(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)

    assert outbox.state("hnd_0001") is DeliveryState.SAVED
    assert outbox.oldest_due(NOW) == NOW


def test_a_handoff_without_a_webhook_is_held_and_never_claimed(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=False)

    assert outbox.state("hnd_0001") is DeliveryState.HELD
    assert not outbox.claim(later(9999), lease_s=LEASE_S, limit=10)
    assert outbox.oldest_due(later(9999)) is None


def test_adding_the_same_id_again_changes_nothing(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    outbox.add(make_handoff(), b"another body", deliver=False)

    summary, body, _ = outbox.show("hnd_0001")
    assert (summary.state, body) == (DeliveryState.SAVED, BODY)
    assert len(outbox.list()) == 1


def test_another_handoff_with_the_same_reference_is_refused(sql_outbox: SqlOutbox) -> None:
    sql_outbox.add(make_handoff(), BODY, deliver=True)

    with pytest.raises(StoreError, match="reference"):
        sql_outbox.add(dataclasses.replace(make_handoff(2), reference="REF001"), BODY, deliver=True)

    assert [summary.handoff_id for summary in sql_outbox.list()] == ["hnd_0001"]


def test_a_claimed_item_carries_what_is_sent(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)

    (item,) = outbox.claim(NOW, lease_s=LEASE_S, limit=10)

    assert (item.handoff_id, item.body, item.attempts, item.created_at) == ("hnd_0001", BODY, 0, NOW)
    assert item.event_type == "admissions.callback.requested"


def test_a_claimed_item_is_being_sent_and_nobody_else_gets_it(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)

    claim_one(outbox)

    assert outbox.state("hnd_0001") is DeliveryState.SENDING
    assert not outbox.claim(later(LEASE_S - 1), lease_s=LEASE_S, limit=10)


def test_a_lease_that_ran_out_can_be_claimed_again(outbox: AnyOutbox, clock: FixedClock) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    claim_one(outbox)

    clock.advance(LEASE_S)

    assert outbox.state("hnd_0001") is DeliveryState.SAVED  # nothing is being sent, so nobody is told so
    assert claim_one(outbox, clock.now())


def test_the_oldest_are_claimed_first_and_no_more_than_asked_for(outbox: AnyOutbox) -> None:
    for number, age_s in ((1, 10), (2, 30), (3, 20)):
        outbox.add(make_handoff(number, created_at=later(-age_s)), BODY, deliver=True)

    items = outbox.claim(NOW, lease_s=LEASE_S, limit=2)

    assert [item.handoff_id for item in items] == ["hnd_0002", "hnd_0003"]


def test_a_delivered_attempt_ends_the_duty(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)

    outbox.record(
        "hnd_0001", make_attempt(Outcome.DELIVERED, status=204), next_attempt_at=None, claim=claim_one(outbox)
    )

    assert outbox.state("hnd_0001") is DeliveryState.DELIVERED
    assert not outbox.claim(later(10**7), lease_s=LEASE_S, limit=10)


def test_a_failed_attempt_delays_until_its_next_moment(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)

    outbox.record("hnd_0001", make_attempt(), next_attempt_at=later(60), claim=claim_one(outbox))

    assert outbox.state("hnd_0001") is DeliveryState.DELAYED
    assert not outbox.claim(later(59), lease_s=LEASE_S, limit=10)
    (item,) = outbox.claim(later(60), lease_s=LEASE_S, limit=10)
    assert item.attempts == 1


def test_a_failed_attempt_without_a_next_one_is_a_dead_letter(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)

    outbox.record("hnd_0001", make_attempt(Outcome.GONE, status=410), next_attempt_at=None, claim=claim_one(outbox))

    assert outbox.state("hnd_0001") is DeliveryState.FAILED
    assert not outbox.claim(later(10**7), lease_s=LEASE_S, limit=10)


def test_a_late_failure_does_not_undo_a_delivery(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    lost = claim_one(outbox)
    second = claim_one(outbox, later(LEASE_S))
    outbox.record("hnd_0001", make_attempt(Outcome.DELIVERED), next_attempt_at=None, claim=second)

    outbox.record("hnd_0001", make_attempt(), next_attempt_at=later(60), claim=lost)

    assert outbox.state("hnd_0001") is DeliveryState.DELIVERED
    assert [attempt.outcome for attempt in outbox.show("hnd_0001")[2]] == [Outcome.DELIVERED, Outcome.RETRY]


def test_a_late_failure_without_a_claim_does_not_undo_a_delivery(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    outbox.record("hnd_0001", make_attempt(Outcome.DELIVERED), next_attempt_at=None)

    outbox.record("hnd_0001", make_attempt(), next_attempt_at=None)

    assert outbox.state("hnd_0001") is DeliveryState.DELIVERED


@pytest.mark.parametrize("next_attempt_at", [None, NOW])
def test_a_late_failure_does_not_release_the_next_workers_claim(
    outbox: AnyOutbox, clock: FixedClock, next_attempt_at: datetime | None
) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    lost = claim_one(outbox)
    clock.advance(LEASE_S)
    claim_one(outbox, clock.now())

    outbox.record("hnd_0001", make_attempt(), next_attempt_at=next_attempt_at, claim=lost)

    assert outbox.state("hnd_0001") is DeliveryState.SENDING
    assert not outbox.claim(clock.now(), lease_s=LEASE_S, limit=10)


def test_a_late_delivery_counts_whoever_holds_the_claim(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    lost = claim_one(outbox)
    second = claim_one(outbox, later(LEASE_S))

    outbox.record("hnd_0001", make_attempt(Outcome.DELIVERED), next_attempt_at=None, claim=lost)
    outbox.record("hnd_0001", make_attempt(), next_attempt_at=None, claim=second)

    assert outbox.state("hnd_0001") is DeliveryState.DELIVERED


def test_a_late_delivery_saves_a_dead_letter(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    lost = claim_one(outbox)
    outbox.record("hnd_0001", make_attempt(), next_attempt_at=None, claim=claim_one(outbox, later(LEASE_S)))

    outbox.record("hnd_0001", make_attempt(Outcome.DELIVERED), next_attempt_at=None, claim=lost)

    assert outbox.state("hnd_0001") is DeliveryState.DELIVERED


def test_attempts_are_kept_as_they_were_oldest_first(sql_outbox: SqlOutbox) -> None:
    sql_outbox.add(make_handoff(), BODY, deliver=True)
    first = Attempt(NOW, Outcome.RETRY, 10_000, None, "no complete answer within 10 s", None)
    second = Attempt(later(5), Outcome.RETRY, 31, 429, "slow down \x00\ud800", 120.0)

    for attempt in (first, second):
        sql_outbox.record("hnd_0001", attempt, next_attempt_at=later(60))

    kept = sql_outbox.show("hnd_0001")[2]
    assert kept == tuple(dataclasses.replace(one, next_attempt_at=later(60)) for one in (first, second))


def test_a_handoff_is_found_by_id_and_by_reference_in_any_case(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)

    assert outbox.show("hnd_0001")[0] == outbox.show("ref001")[0]


def test_an_unknown_handoff_is_said_to_be_unknown(outbox: AnyOutbox) -> None:
    with pytest.raises(UnknownHandoff):
        outbox.state("hnd_9999")
    with pytest.raises(UnknownHandoff):
        outbox.show("REF999")
    with pytest.raises(UnknownHandoff):
        outbox.retry("REF999", NOW)
    with pytest.raises(UnknownHandoff):
        outbox.record("hnd_9999", make_attempt(), next_attempt_at=None)


def test_retry_makes_a_dead_letter_due_now(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    outbox.record("hnd_0001", make_attempt(), next_attempt_at=None, claim=claim_one(outbox))

    summary = outbox.retry("REF001", later(1000))

    assert summary.state is DeliveryState.DELAYED
    assert claim_one(outbox, later(1000))


def test_retry_makes_a_held_handoff_due_now(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=False)

    assert outbox.retry("hnd_0001", NOW).state is DeliveryState.SAVED


def test_retry_leaves_a_delivered_handoff_alone(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    outbox.record("hnd_0001", make_attempt(Outcome.DELIVERED), next_attempt_at=None)

    assert outbox.retry("hnd_0001", NOW).state is DeliveryState.DELIVERED
    assert not outbox.claim(later(10**7), lease_s=LEASE_S, limit=10)


def test_retry_does_not_take_an_item_from_the_worker_that_holds_it(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    claim_one(outbox)

    assert outbox.retry("hnd_0001", NOW).state is DeliveryState.SENDING
    assert not outbox.claim(NOW, lease_s=LEASE_S, limit=10)


def test_held_handoffs_become_due_together(outbox: AnyOutbox) -> None:
    for number in (1, 2):
        outbox.add(make_handoff(number), BODY, deliver=False)
    outbox.add(make_handoff(3), BODY, deliver=True)

    assert outbox.release_held(NOW) == 2
    assert outbox.release_held(NOW) == 0
    assert len(outbox.claim(NOW, lease_s=LEASE_S, limit=10)) == 3


def test_the_list_is_newest_first_and_limited(outbox: AnyOutbox) -> None:
    for number in (1, 2, 3):
        outbox.add(make_handoff(number, created_at=later(number)), BODY, deliver=True)

    assert [summary.reference for summary in outbox.list(limit=2)] == ["REF003", "REF002"]


def test_the_list_filters_by_every_state(outbox: AnyOutbox) -> None:
    for number in range(1, 6):
        outbox.add(make_handoff(number), BODY, deliver=number != 1)
    outbox.record("hnd_0002", make_attempt(), next_attempt_at=later(99))
    outbox.record("hnd_0003", make_attempt(), next_attempt_at=None)
    outbox.record("hnd_0004", make_attempt(Outcome.DELIVERED), next_attempt_at=None)
    outbox.claim(NOW, lease_s=LEASE_S, limit=1)
    outbox.add(make_handoff(6), BODY, deliver=True)

    found = {state: [summary.handoff_id for summary in outbox.list(state)] for state in DeliveryState}

    assert found == {
        DeliveryState.HELD: ["hnd_0001"],
        DeliveryState.DELAYED: ["hnd_0002"],
        DeliveryState.FAILED: ["hnd_0003"],
        DeliveryState.DELIVERED: ["hnd_0004"],
        DeliveryState.SENDING: ["hnd_0005"],
        DeliveryState.SAVED: ["hnd_0006"],
    }


def test_the_lag_counts_from_when_the_longest_owed_was_owed_and_not_from_its_next_try(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(1, created_at=later(-20)), BODY, deliver=True)
    outbox.add(make_handoff(2, created_at=later(-10)), BODY, deliver=True)
    outbox.record("hnd_0001", make_attempt(), next_attempt_at=later(3600))

    assert outbox.oldest_due(NOW) == later(-20)


def test_the_lag_of_a_dead_letter_tried_again_counts_from_then(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    outbox.record("hnd_0001", make_attempt(), next_attempt_at=None)
    assert outbox.oldest_due(later(99)) is None

    outbox.retry("hnd_0001", later(100))

    assert outbox.oldest_due(later(200)) == later(100)


def test_a_410_disables_the_endpoint_and_what_it_is_owed_waits(outbox: AnyOutbox, clock: FixedClock) -> None:
    # given
    for number in (1, 2):
        outbox.add(make_handoff(number), BODY, deliver=True)

    # when
    outbox.record("hnd_0001", make_attempt(Outcome.GONE, status=410), next_attempt_at=None)
    outbox.add(make_handoff(3), BODY, deliver=True)

    # then nothing is sent, nothing is lost, and a person is asked to act
    assert not outbox.claim(later(10**7), lease_s=LEASE_S, limit=10)
    assert {outbox.state(f"hnd_000{number}") for number in (1, 2, 3)} == {DeliveryState.FAILED}
    assert len(outbox.list(DeliveryState.FAILED)) == 3
    (status,) = outbox.endpoints()
    assert (status.disabled_at, status.waiting, status.failed) == (NOW, 3, 0)
    assert outbox.oldest_due(later(60)) == NOW

    # and when it is enabled again, all of it is due
    assert outbox.enable("default", later(50)) == 3
    assert len(outbox.claim(later(50), lease_s=LEASE_S, limit=10)) == 3
    assert outbox.endpoints()[0].disabled_at is None


def test_a_dead_letter_tried_again_has_its_whole_schedule_again(outbox: AnyOutbox) -> None:
    outbox.add(make_handoff(), BODY, deliver=True)
    for _ in range(3):
        outbox.record("hnd_0001", make_attempt(), next_attempt_at=None)

    outbox.retry("hnd_0001", NOW)

    (item,) = outbox.claim(NOW, lease_s=LEASE_S, limit=1)
    assert item.attempts == 0
    assert len(outbox.show("hnd_0001")[2]) == 3


def test_many_are_tried_again_by_state_and_by_when_they_were_made(outbox: AnyOutbox) -> None:
    # given
    for number in range(1, 6):
        outbox.add(make_handoff(number, created_at=later(number)), BODY, deliver=number != 5)
    for number in (1, 2, 3):
        outbox.record(f"hnd_000{number}", make_attempt(), next_attempt_at=None)
    outbox.record("hnd_0004", make_attempt(Outcome.DELIVERED), next_attempt_at=None)

    # when / then
    assert outbox.retry_many(later(9), state=DeliveryState.DELIVERED) == 0
    assert outbox.retry_many(later(9), state=DeliveryState.FAILED, since=later(2), until=later(3)) == 1
    assert outbox.state("hnd_0002") is DeliveryState.DELAYED
    assert outbox.retry_many(later(9), state=DeliveryState.FAILED) == 2
    assert outbox.retry_many(later(9)) == 4
    assert len(outbox.claim(later(9), lease_s=LEASE_S, limit=10)) == 4


def test_a_clock_that_went_back_an_hour_holds_nothing_up(outbox: AnyOutbox, clock: FixedClock) -> None:
    # given one new, one delayed and one held by a worker that died, all noted by the clock before
    for number in (1, 2, 3):
        outbox.add(make_handoff(number, created_at=later(-number)), BODY, deliver=True)
    outbox.record("hnd_0002", make_attempt(), next_attempt_at=later(30))
    (item,) = outbox.claim(NOW, lease_s=LEASE_S, limit=1)
    assert item.handoff_id == "hnd_0003"

    # when
    clock.advance(-3600)

    # then
    assert outbox.state("hnd_0003") is DeliveryState.SAVED
    assert len(outbox.claim(clock.now(), lease_s=LEASE_S, limit=10)) == 3


def test_each_endpoint_gets_what_it_takes_and_keeps_a_state_of_its_own(engine: Engine, clock: FixedClock) -> None:
    # given
    routes = (Route("default"), Route("board", frozenset(("admissions.callback.requested",))))
    outbox = SqlOutbox(engine, clock, routes)
    outbox.add(make_handoff(1), BODY, deliver=True)
    outbox.add(make_handoff(2, reason=Reason.SCREENING), BODY, deliver=True)

    # when
    (item,) = outbox.claim(NOW, lease_s=LEASE_S, limit=10, endpoint="board")
    gone = make_attempt(Outcome.GONE, status=410)
    outbox.record(item.handoff_id, gone, next_attempt_at=None, claim=item.claim, endpoint="board")

    # then the other one goes on
    assert [(one.handoff_id, one.endpoint, one.state.value) for one in outbox.list()] == [
        ("hnd_0001", "board", "failed"),
        ("hnd_0001", "default", "saved"),
        ("hnd_0002", "default", "saved"),
    ]
    assert outbox.state("hnd_0001") is DeliveryState.SAVED
    assert len(outbox.claim(NOW, lease_s=LEASE_S, limit=10)) == 2
    outbox.record("hnd_0001", make_attempt(Outcome.DELIVERED), next_attempt_at=None)
    assert outbox.state("hnd_0001") is DeliveryState.DELIVERED
    assert [attempt.endpoint for attempt in outbox.show("hnd_0001")[2]] == ["board", "default"]
    board, default = outbox.endpoints()
    assert (board.name, board.disabled_at, board.waiting) == ("board", NOW, 1)
    assert (default.name, default.disabled_at, default.waiting) == ("default", None, 1)


def test_an_event_that_no_endpoint_takes_is_held(engine: Engine, clock: FixedClock) -> None:
    outbox = SqlOutbox(engine, clock, (Route("board", frozenset(("admissions.test",))),))

    outbox.add(make_handoff(), BODY, deliver=True)

    assert outbox.state("hnd_0001") is DeliveryState.HELD
    assert outbox.release_held(NOW) == 0


def test_what_is_owed_to_an_endpoint_that_was_taken_out_goes_to_the_others(engine: Engine, clock: FixedClock) -> None:
    SqlOutbox(engine, clock, (Route("old"),)).add(make_handoff(), BODY, deliver=True)

    outbox = SqlOutbox(engine, clock, (Route("default"), Route("board")))

    assert outbox.release_held(NOW) == 1
    assert [one.endpoint for one in outbox.list()] == ["board", "default"]


def test_times_come_back_as_aware_utc(sql_outbox: SqlOutbox) -> None:
    created_at = later(0.123456)
    sql_outbox.add(make_handoff(created_at=created_at), BODY, deliver=True)

    summary = sql_outbox.list()[0]

    assert summary.created_at == created_at
    assert summary.created_at.utcoffset() == timedelta(0)


def test_claims_of_many_threads_never_overlap(database_url: str, clock: FixedClock) -> None:
    outbox = SqlOutbox(make_engine(database_url), clock)
    for number in range(1, 41):
        outbox.add(make_handoff(number), BODY, deliver=True)
    claimed: list[str] = []

    def work() -> None:
        own = SqlOutbox(make_engine(database_url), clock)
        while items := own.claim(NOW, lease_s=LEASE_S, limit=3):
            claimed.extend(item.handoff_id for item in items)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    # On PostgreSQL a worker passes over rows another is just claiming, so it may go home early; none is given twice.
    while items := outbox.claim(NOW, lease_s=LEASE_S, limit=3):
        claimed.extend(item.handoff_id for item in items)
    assert sorted(claimed) == [f"hnd_{number:04d}" for number in range(1, 41)]
