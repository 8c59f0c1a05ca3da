"""When to try a delivery again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Seconds between the end of one failed attempt and the next: dense while somebody may still be awake and waiting, then
#: twice a day, together just under three days (the span Stripe and Svix also give a receiver to come back).
DELAYS_S: tuple[float, ...] = (
    5,
    30,
    2 * 60,
    10 * 60,
    30 * 60,
    3600,
    3 * 3600,
    6 * 3600,
    12 * 3600,
    12 * 3600,
    12 * 3600,
    12 * 3600,
    12 * 3600,
)

#: Each delay is stretched or shortened by up to this share, so that a backlog does not return all at one moment.
JITTER_SHARE = 0.2

#: A receiver may slow us down, but by no more than our own longest delay: a person waits behind each handoff.
RETRY_AFTER_MAX_S: float = 12 * 3600


@dataclass(frozen=True)
class RetrySchedule:
    """The delays between attempts; one attempt more than there are delays, then a dead letter."""

    delays_s: tuple[float, ...] = DELAYS_S
    jitter_share: float = JITTER_SHARE
    retry_after_max_s: float = RETRY_AFTER_MAX_S

    def next_attempt(
        self, attempts_ended: int, now: datetime, jitter: float, retry_after_s: float | None = None
    ) -> datetime | None:
        """Return when to try again after `attempts_ended` failed attempts, None when the schedule is used up.

        Args:
            attempts_ended: attempts so far, the one that just failed included; 1 or more
            now: aware, when the last attempt ended
            jitter: a random number from 0 to 1
            retry_after_s: what the receiver asked for. It only ever lengthens a delay: a receiver that always says
                "in one second" would otherwise use up three days of attempts within a minute.
        """
        if attempts_ended < 1:
            raise ValueError("attempts_ended counts the attempt that just failed, so it is 1 or more")
        if not 0 <= jitter <= 1:
            raise ValueError("jitter must be from 0 to 1")
        if now.tzinfo is None:
            raise ValueError("now must be an aware datetime")
        if attempts_ended > len(self.delays_s):
            return None
        delay_s = self.delays_s[attempts_ended - 1] * (1 + self.jitter_share * (2 * jitter - 1))
        if retry_after_s is not None and not math.isnan(retry_after_s):
            delay_s = max(delay_s, min(retry_after_s, self.retry_after_max_s))
        return now + timedelta(seconds=delay_s)
