"""The canary: a signed `admissions.test` an hour, so that a dead webhook is noticed before a handoff needs it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from admissions.core.delivery import OutboxItem
from admissions.core.handoff import WIRE_VERSION, EventType, iso

#: How often each endpoint is tried.
EVERY = timedelta(hours=1)

#: Two that were missed and some minutes: then the webhook is looked at.
TOO_OLD = timedelta(hours=2, minutes=15)


@dataclass(frozen=True)
class CanaryStatus:
    """What is known of one endpoint's canary."""

    endpoint: str
    tried_at: datetime | None  #: aware UTC, when the last one ended
    good_at: datetime | None  #: when one last got a 2xx
    detail: str  #: what the last failed one ended with

    def age(self, now: datetime) -> timedelta | None:
        """Return how long ago one last arrived, None when none ever did; never negative, clocks step back."""
        return None if self.good_at is None else max(now - self.good_at, timedelta(0))


def oldest_age(statuses: Sequence[CanaryStatus], endpoints: Sequence[str], now: datetime) -> timedelta | None:
    """Return the age at the endpoint where it is oldest, None without endpoints or when none ever arrived at one."""
    known = {status.endpoint: status.age(now) for status in statuses}
    ages = [known.get(endpoint) for endpoint in endpoints]
    return max((age for age in ages if age is not None), default=None) if None not in ages else None


def canary_item(test_id: str, endpoint: str, now: datetime) -> OutboxItem:
    """Return a test as the sender takes it; it holds nothing but its id.

    Args:
        test_id: "test_" and a random part
    """
    payload = {
        "type": EventType.TEST.value,
        "version": WIRE_VERSION,
        "timestamp": iso(now),
        "test": True,
        "data": {"id": test_id},
    }
    body = json.dumps(payload, separators=(",", ":")).encode()
    return OutboxItem(test_id, EventType.TEST.value, body, 0, now, endpoint=endpoint)
