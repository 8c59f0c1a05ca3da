"""Builds the parts from the settings, once per process; imports nothing of Rasa, so worker and actions stay small."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache

from admissions import content
from admissions.core.delivery import Route
from admissions.ports import Canaries, Clock, Conversations, Notices, Outbox, Reads, Retention
from admissions.service import AdmissionsService
from admissions.settings import Settings, load_settings
from admissions.store.canaries import SqlCanaries
from admissions.store.conversations import SqlConversations
from admissions.store.db import make_engine
from admissions.store.notices import SqlNotices
from admissions.store.outbox import SqlOutbox
from admissions.store.reads import SqlReads
from admissions.store.retention import TRACKER_FILE, SqlRetention
from admissions.store.sealing import DATA_KEY_FILE, Sealer
from admissions.store.tracker_events import SqlTrackerEvents


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current moment, aware UTC."""
        return datetime.now(timezone.utc)


@dataclass(frozen=True)
class FixedTime:
    """A clock that stands still (ADMISSIONS_CLOCK, for tests and demonstrations)."""

    at: datetime

    def now(self) -> datetime:
        """Return the one moment it knows."""
        return self.at


@dataclass(frozen=True)
class Parts:
    """Everything a process of ours is put together from."""

    settings: Settings
    clock: Clock
    outbox: Outbox
    conversations: Conversations
    service: AdmissionsService
    notices: Notices | None = None  #: None only in tests that have none
    canaries: Canaries | None = None
    retention: Retention | None = None
    reads: Reads | None = None


def build(settings: Settings) -> Parts:
    """Put the parts together.

    Raises:
        AdmissionsError: a setting, a content file or the database cannot be used.
    """
    clock: Clock = FixedTime(settings.fixed_clock) if settings.fixed_clock else SystemClock()
    engine = make_engine(settings.database_url)
    routes = [Route(webhook.name, webhook.events) for webhook in settings.webhooks]
    sealer = Sealer(settings.data_keys, settings.var / DATA_KEY_FILE)
    outbox, conversations = SqlOutbox(engine, clock, routes, sealer), SqlConversations(engine)
    service = AdmissionsService(
        outbox,
        conversations,
        clock,
        content.centre(),
        content_version=content.content_version(),
        model=f"admissions-{content.model_version()}",
        deliver=settings.webhook_url is not None,
        tracker=SqlTrackerEvents(settings.var / TRACKER_FILE),
    )
    retention = SqlRetention(engine, settings.var / TRACKER_FILE)
    return Parts(
        settings,
        clock,
        outbox,
        conversations,
        service,
        SqlNotices(engine),
        SqlCanaries(engine),
        retention,
        SqlReads(engine),
    )


@lru_cache(maxsize=1)
def parts() -> Parts:
    """Return this process's parts, built on first use."""
    return build(load_settings())
