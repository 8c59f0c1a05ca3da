"""The age of the hourly test as /health/ready tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from admissions import content
from admissions.bootstrap import Parts
from admissions.core.canary import CanaryStatus
from admissions.dialogue.health import canary_age_s
from admissions.errors import StoreError
from admissions.service import AdmissionsService
from admissions.settings import Secret, Settings
from tests.fakes import NOW, FixedClock, MemoryConversations, MemoryOutbox


class Canaries:
    """`ports.Canaries` with set statuses; without them the store is away."""

    def __init__(self, *statuses: CanaryStatus, broken: bool = False) -> None:
        self._statuses, self._broken = statuses, broken

    def take(self, endpoint: str, now: datetime) -> bool:
        return False

    def note(self, endpoint: str, at: datetime, *, good: bool, detail: str) -> None:
        raise StoreError("nothing is noted here")

    def statuses(self) -> Sequence[CanaryStatus]:
        if self._broken:
            raise StoreError("the database is away")
        return self._statuses


def status(minutes: float | None, endpoint: str = "default") -> CanaryStatus:
    good = None if minutes is None else NOW - timedelta(minutes=minutes)
    return CanaryStatus(endpoint, NOW, good, "")


def parts(canaries: Canaries | None, url: str | None = "https://crm.example.org/") -> Parts:
    outbox, conversations, clock = MemoryOutbox(), MemoryConversations(), FixedClock()
    service = AdmissionsService(
        outbox, conversations, clock, content.centre(), content_version="c", model="m", deliver=True
    )
    settings = Settings(webhook_url=url, webhook_secrets=(Secret("whsec_x"),))
    return replace(Parts(settings, clock, outbox, conversations, service), canaries=canaries)


@pytest.mark.parametrize(
    ("canaries", "seconds"),
    [
        pytest.param(Canaries(status(20)), 1200.0, id="it arrived 20 minutes ago"),
        pytest.param(Canaries(status(20), status(5, "an endpoint taken out")), 1200.0, id="others do not count"),
        pytest.param(Canaries(status(-60)), 0.0, id="the clock went back"),
        pytest.param(Canaries(status(None)), None, id="it never arrived"),
        pytest.param(Canaries(), None, id="none was sent yet"),
        pytest.param(Canaries(broken=True), None, id="the store is away"),
        pytest.param(None, None, id="nobody keeps them"),
    ],
)
async def test_the_age_of_the_hourly_test(canaries: Canaries | None, seconds: float | None) -> None:
    assert await canary_age_s(parts(canaries)) == seconds


async def test_without_a_webhook_there_is_no_age() -> None:
    assert await canary_age_s(parts(Canaries(status(20)), url=None)) is None
