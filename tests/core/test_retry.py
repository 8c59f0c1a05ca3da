"""When a delivery is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from admissions.core.retry import DELAYS_S, RetrySchedule
from tests.fakes import NOW

NO_JITTER = 0.5
HOUR_S = 3600.0


@pytest.mark.parametrize(
    ("attempts_ended", "delay_s"),
    [
        (1, 5),  # somebody may still be looking at the screen
        (2, 30),
        (5, 30 * 60),
        (9, 12 * HOUR_S),
        (13, 12 * HOUR_S),  # the last one
    ],
)
def test_the_delay_grows_with_the_attempts(attempts_ended: int, delay_s: float) -> None:
    assert RetrySchedule().next_attempt(attempts_ended, NOW, NO_JITTER) == NOW + timedelta(seconds=delay_s)


def test_the_schedule_is_used_up_after_about_three_days() -> None:
    schedule = RetrySchedule()

    moment: datetime | None = NOW
    attempts = 0
    while moment is not None:
        last, attempts = moment, attempts + 1
        moment = schedule.next_attempt(attempts, last, NO_JITTER)

    assert attempts == len(DELAYS_S) + 1
    assert timedelta(hours=60) < last - NOW < timedelta(hours=84)


def test_delays_never_shrink() -> None:
    assert list(DELAYS_S) == sorted(DELAYS_S)


@pytest.mark.parametrize(("jitter", "share"), [(0.0, 0.8), (0.25, 0.9), (0.5, 1.0), (1.0, 1.2)])
def test_jitter_moves_a_delay_by_a_fifth_at_most(jitter: float, share: float) -> None:
    moment = RetrySchedule().next_attempt(6, NOW, jitter)

    assert moment is not None
    assert (moment - NOW).total_seconds() == pytest.approx(HOUR_S * share)


@pytest.mark.parametrize(
    ("retry_after_s", "delay_s"),
    [
        (120.0, 120.0),  # longer than our own delay: honoured
        (1.0, 5.0),  # shorter: ours, or the schedule would be used up within a minute
        (-1.0, 5.0),  # nonsense
        (float("nan"), 5.0),  # nonsense
        (float("inf"), 12 * HOUR_S),  # no receiver silences a handoff for ever
        (30 * 24 * HOUR_S, 12 * HOUR_S),
    ],
)
def test_retry_after_is_honoured_within_bounds(retry_after_s: float, delay_s: float) -> None:
    moment = RetrySchedule().next_attempt(1, NOW, NO_JITTER, retry_after_s)

    assert moment == NOW + timedelta(seconds=delay_s)


def test_retry_after_does_not_prolong_a_used_up_schedule() -> None:
    assert RetrySchedule(delays_s=(5,)).next_attempt(2, NOW, NO_JITTER, 60) is None


@pytest.mark.parametrize(
    ("attempts_ended", "now", "jitter"),
    [(0, NOW, 0.5), (1, NOW.replace(tzinfo=None), 0.5), (1, NOW, 1.1), (1, NOW, -0.1)],
)
def test_arguments_outside_their_range_are_refused(attempts_ended: int, now: datetime, jitter: float) -> None:
    with pytest.raises(ValueError, match=r"must|1 or more"):
        RetrySchedule().next_attempt(attempts_ended, now, jitter)
