"""Notices and claims on both databases: each notice once, whoever asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from admissions.core.notices import Kind
from admissions.errors import UnknownHandoff
from admissions.store import SqlOutbox, schema
from admissions.store.notices import TOLD_OF_FOR, TRY_AGAIN_AFTER, SqlNotices
from tests.fakes import NOW, FixedClock, make_handoff

LATER = timedelta(days=1)


@pytest.fixture
def notices(engine: Engine) -> SqlNotices:
    """A store with two handoffs, the first of them corrected once."""
    outbox = SqlOutbox(engine, FixedClock())
    for number in (1, 2):
        outbox.add(make_handoff(number, created_at=NOW + timedelta(minutes=number)), b"{}", deliver=False)
    outbox.add(replace(make_handoff(1, created_at=NOW + timedelta(minutes=3)), revision=1), b"{}", deliver=False)
    return SqlNotices(engine)


def references(notices: SqlNotices, after: timedelta = timedelta(hours=1)) -> list[str]:
    return [one.reference for one in notices.waiting(NOW + after)]


def test_what_nobody_has_claimed_waits_oldest_first(notices: SqlNotices) -> None:
    assert references(notices) == ["REF001", "REF002", "REF001+1"]


def test_a_claim_by_reference_takes_on_the_corrections_too(notices: SqlNotices) -> None:
    assert notices.claim("ref001", NOW) == 2
    assert references(notices) == ["REF002"]
    assert notices.claim("REF001", NOW) == 0


def test_a_claim_by_id_is_for_that_one(notices: SqlNotices) -> None:
    assert notices.claim("hnd_0002", NOW) == 1
    assert references(notices) == ["REF001", "REF001+1"]


@pytest.mark.parametrize("named", ["REF999", "", "%", "REF00_", "REF001%"])
def test_a_claim_of_what_there_is_not_is_refused(notices: SqlNotices, named: str) -> None:
    with pytest.raises(UnknownHandoff):
        notices.claim(named, NOW)
    assert len(references(notices)) == 3


def test_a_notice_that_went_out_is_remembered_and_not_taken_again(notices: SqlNotices) -> None:
    # when
    assert notices.take("hnd_0001", Kind.FIRST, NOW) == 1
    notices.note_sent("hnd_0001", Kind.FIRST, NOW)

    # then
    assert notices.take("hnd_0001", Kind.FIRST, NOW + LATER) is None
    told = {one.handoff_id: one.told for one in notices.waiting(NOW + timedelta(hours=1))}
    assert told["hnd_0001"] == {Kind.FIRST}
    assert told["hnd_0002"] == frozenset()


def test_both_notices_sent_nothing_is_owed(notices: SqlNotices) -> None:
    for kind in Kind:
        notices.take("hnd_0001", kind, NOW)
        notices.note_sent("hnd_0001", kind, NOW)

    assert references(notices) == ["REF002", "REF001+1"]


def test_a_notice_that_fails_is_tried_again_a_few_times_and_then_no_more(notices: SqlNotices) -> None:
    now, numbers = NOW, []
    for pause in (*TRY_AGAIN_AFTER, LATER, LATER):
        numbers.append(notices.take("hnd_0001", Kind.FIRST, now))
        assert notices.take("hnd_0001", Kind.FIRST, now + pause - timedelta(seconds=1)) is None or pause == LATER
        now += pause

    assert numbers == [1, 2, 3, 4, 5, 6, None]


def test_of_many_workers_one_takes_a_notice(notices: SqlNotices) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: notices.take("hnd_0001", Kind.FIRST, NOW), range(8)))

    assert sorted(taken, key=str) == [1] + [None] * 7


def test_old_handoffs_and_deleted_ones_are_told_of_no_more(notices: SqlNotices) -> None:
    assert references(notices, TOLD_OF_FOR + timedelta(hours=1)) == []
    assert notices.take("hnd_9999", Kind.FIRST, NOW) is None


def test_with_a_handoff_its_notices_and_claims_go(engine: Engine, notices: SqlNotices) -> None:
    # given
    notices.take("hnd_0002", Kind.FIRST, NOW)
    notices.claim("hnd_0002", NOW)

    # when
    with engine.begin() as connection:
        for table in (schema.outbox, schema.attempts):
            connection.execute(table.delete().where(table.c.handoff_id == "hnd_0002"))
        connection.execute(schema.handoffs.delete().where(schema.handoffs.c.id == "hnd_0002"))

    # then
    with engine.connect() as connection:
        left = [connection.execute(table.select()).all() for table in (schema.notices, schema.claims)]
    assert left == [[], []]
