"""`admissions secret`: makes a webhook secret."""

from __future__ import annotations

import argparse

from admissions.commands.up import new_webhook_secret


def run(given: argparse.Namespace) -> int:
    """Print one fresh secret."""
    print(new_webhook_secret())
    return 0
