"""`admissions receiver`: the sample admissions desk."""

from __future__ import annotations

import argparse

from admissions.delivery.receiver import run_receiver
from admissions.errors import SettingsError
from admissions.settings import load_settings


def run(given: argparse.Namespace) -> int:
    """Serve until stopped. Raises SettingsError without a secret to verify with."""
    settings = load_settings()
    if not settings.webhook_secrets:
        raise SettingsError("ADMISSIONS_WEBHOOK_SECRETS is needed to verify signatures (make one: admissions secret)")
    run_receiver([secret.reveal() for secret in settings.webhook_secrets], settings.receiver_port)
    return 0
