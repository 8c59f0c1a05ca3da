"""`admissions outbox list | show ID | retry ID`: handoffs and their delivery attempts."""

from __future__ import annotations

import argparse
import sys

from admissions.bootstrap import build
from admissions.commands.outbox_tables import outbox_list, outbox_retry, outbox_show
from admissions.errors import SettingsError
from admissions.settings import load_settings


def run(given: argparse.Namespace) -> int:
    """Print what was asked for. Raises SettingsError when show or retry lack the id."""
    parts = build(load_settings())
    if given.action == "list":
        outbox_list(parts.outbox, sys.stdout)
        return 0
    if not given.handoff:
        raise SettingsError(f"which handoff? admissions outbox {given.action} ID (an id or a reference, see `list`)")
    if given.action == "show":
        outbox_show(parts.outbox, given.handoff, sys.stdout)
    else:
        outbox_retry(parts.outbox, given.handoff, parts.clock.now(), sys.stdout)
    return 0
