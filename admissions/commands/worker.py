"""`admissions worker`: delivers handoffs to the webhook until it is stopped; any number may run."""

from __future__ import annotations

import argparse
import asyncio

from admissions import logs
from admissions.bootstrap import build
from admissions.delivery.sender import Sender, Senders
from admissions.delivery.worker import run_worker
from admissions.errors import SettingsError
from admissions.settings import load_settings


def run(given: argparse.Namespace) -> int:
    """Run one worker; SIGTERM and SIGINT stop it after the request in hand.

    Raises:
        SettingsError: no webhook is configured, so there is nothing to deliver to.
    """
    logs.configure()
    settings = load_settings()
    if settings.webhook_url is None:
        raise SettingsError(
            "ADMISSIONS_WEBHOOK_URL is not set: handoffs are kept, see them with `admissions outbox list`"
        )
    parts = build(settings)
    private = settings.webhook_allow_private
    senders = {
        webhook.name: Sender(webhook.url, webhook.secrets, parts.clock, allow_private=private)
        for webhook in settings.webhooks
    }
    asyncio.run(run_worker(parts.outbox, Senders(senders), parts.clock, endpoints=list(senders)))
    return 0
