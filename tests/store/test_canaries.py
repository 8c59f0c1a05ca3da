"""The hourly test of each endpoint, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from admissions.core.canary import EVERY, CanaryStatus
from admissions.store.canaries import SqlCanaries
from tests.fakes import NOW


@pytest.fixture
def canaries(engine: Engine) -> SqlCanaries:
    """A store that knows of no test yet."""
    return SqlCanaries(engine)


def test_a_test_is_due_at_once_and_then_every_hour(canaries: SqlCanaries) -> None:
    moments = [timedelta(0), timedelta(minutes=1), EVERY - timedelta(seconds=1), EVERY, EVERY + timedelta(minutes=1)]

    assert [canaries.take("default", NOW + moment) for moment in moments] == [True, False, False, True, False]
    assert canaries.take("other", NOW)


def test_a_clock_that_goes_back_leaves_no_hour_without_a_test(canaries: SqlCanaries) -> None:
    canaries.take("default", NOW)

    assert canaries.take("default", NOW - timedelta(hours=3))


def test_of_many_workers_one_sends_the_test(canaries: SqlCanaries) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: canaries.take("default", NOW), range(8)))

    assert sum(taken) == 1


def test_the_age_counts_from_the_last_good_one(canaries: SqlCanaries) -> None:
    # given
    canaries.take("default", NOW)
    canaries.note("default", NOW, good=True, detail="kept: thanks")
    later = NOW + timedelta(hours=1)

    # when
    canaries.note("default", later, good=False, detail="no connection")

    # then
    (status,) = canaries.statuses()
    assert status == CanaryStatus("default", later, NOW, "no connection")
    assert status.age(later) == timedelta(hours=1)
    assert status.age(NOW - timedelta(hours=1)) == timedelta(0)


def test_a_test_nobody_took_counts_as_well_and_none_has_no_age(canaries: SqlCanaries) -> None:
    canaries.note("default", NOW, good=False, detail="refused")

    (status,) = canaries.statuses()
    assert status.age(NOW) is None
    assert not canaries.take("default", NOW + timedelta(minutes=1))
