"""`admissions worker`: delivers, sends the hourly test and notices, and purges, until stopped; any number may run."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

from admissions import content, logs
from admissions.bootstrap import Parts, build
from admissions.commands.purge import keep_of_centre, purge_rounds
from admissions.delivery.canary import CanaryRounds
from admissions.delivery.sender import Sender, Senders
from admissions.delivery.worker import run_worker
from admissions.notify.channels import Channels
from admissions.notify.rounds import NoticeRounds
from admissions.settings import Settings, load_settings


def run(given: argparse.Namespace) -> int:
    """Run one worker; SIGTERM and SIGINT stop it after the request in hand.

    Without a webhook and without notices it only deletes what is older than the centre keeps it.
    """
    logs.configure()
    settings = load_settings()
    parts = build(settings)
    asyncio.run(_work(settings, parts, make_senders(settings, parts)))
    return 0


def make_senders(settings: Settings, parts: Parts) -> dict[str, Sender]:
    """Return a sender for each receiver by its name. Raises SettingsError, DeliveryRefused."""
    return {
        webhook.name: Sender(webhook.url, webhook.secrets, parts.clock, allow_private=settings.webhook_allow_private)
        for webhook in settings.webhooks
    }


async def _work(settings: Settings, parts: Parts, senders: dict[str, Sender]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    jobs: list[Coroutine[Any, Any, None]] = []
    if senders:
        every, names = Senders(senders), list(senders)
        jobs.append(run_worker(parts.outbox, every, parts.clock, endpoints=names, stop=stop))
        if parts.canaries is not None:
            jobs.append(CanaryRounds(parts.canaries, parts.outbox, every, parts.clock, names).run(stop))
    if settings.notify_urls and parts.notices is not None:
        channels = Channels(settings.notify_urls)
        wordings = content.notice_wordings()
        jobs.append(NoticeRounds(parts.notices, channels, parts.clock, content.centre(), wordings).run(stop))
    if parts.retention is not None:
        jobs.append(purge_rounds(parts.retention, parts.clock, keep_of_centre(), stop))
    await asyncio.gather(*jobs)
