"""`admissions purge`: deletes what is older than centre.yml keeps it; the worker does so every hour."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import asdict

import structlog

from admissions import content
from admissions.bootstrap import build
from admissions.core.retention import Expired, Keep
from admissions.ports import Clock, Retention
from admissions.rounds import make_rounds
from admissions.settings import load_settings

log = structlog.get_logger(__name__)

#: How often the worker looks: what is kept for days may stay an hour longer.
EVERY_S = 3600.0


def run(given: argparse.Namespace) -> int:
    """Say how much is too old, and delete it unless only that was asked."""
    parts = build(load_settings())
    assert parts.retention is not None
    work = parts.retention.expired if given.dry_run else parts.retention.purge
    keep = keep_of_centre()
    done = work(parts.clock.now(), keep)
    print(in_words(done, keep, "would be deleted" if given.dry_run else "deleted"))
    return 0


def keep_of_centre() -> Keep:
    """Return how long the centre keeps things."""
    centre = content.centre()
    return Keep(centre.conversations_days, centre.handoffs_days)


def in_words(expired: Expired, keep: Keep, what: str) -> str:
    """Return two lines that say how much it is."""
    return (
        f"conversations older than {keep.conversations_days} days: {expired.conversations} {what},"
        f" with {expired.messages} messages and {expired.events} events of Rasa\n"
        f"handoffs older than {keep.handoffs_days} days: {expired.handoffs} {what},"
        f" {expired.undelivered} of them never delivered"
    )


async def purge_rounds(
    retention: Retention, clock: Clock, keep: Keep, stop: asyncio.Event, every_s: float = EVERY_S
) -> None:
    """Delete what is too old, now and every `every_s` seconds, until `stop` is set."""

    async def purge() -> None:
        done = await asyncio.to_thread(retention.purge, clock.now(), keep)
        if any(asdict(done).values()):
            (log.warning if done.undelivered else log.info)("purge.done", **asdict(done))

    await make_rounds(purge, stop, every_s, name="purge")
