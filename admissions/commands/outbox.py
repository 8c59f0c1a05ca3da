"""`admissions outbox list | show | retry | endpoints | enable`: handoffs, their attempts, and who gets them."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from functools import partial

from admissions.bootstrap import Parts, build
from admissions.commands.outbox_tables import (
    Noted,
    outbox_enable,
    outbox_endpoints,
    outbox_list,
    outbox_retry,
    outbox_retry_many,
    outbox_show,
)
from admissions.commands.person import person
from admissions.core.delivery import DeliveryState
from admissions.errors import SettingsError
from admissions.settings import load_settings


def run(given: argparse.Namespace) -> int:
    """Print what was asked for. Raises SettingsError when it is not said of which handoff, or not in a way we read."""
    parts = build(load_settings())
    state, since, until = _state(given.state), _moment(given.since, "--since"), _moment(given.until, "--until")
    chosen = any(value is not None for value in (state, since, until))
    if given.action == "list":
        outbox_list(parts.outbox, sys.stdout, state, noted=_noted(parts, "list"))
    elif given.action == "endpoints":
        outbox_endpoints(parts.outbox, sys.stdout)
    elif given.action == "retry" and chosen:
        if given.handoff:
            raise SettingsError("admissions outbox retry takes an ID or --state, --since, --until, not both")
        now = parts.clock.now()
        outbox_retry_many(parts.outbox, now, sys.stdout, state=state, since=since, until=until)
    elif not given.handoff:
        raise SettingsError(f"which one? admissions outbox {given.action} ID (see `outbox list`, `outbox endpoints`)")
    elif given.action == "show":
        outbox_show(parts.outbox, given.handoff, sys.stdout, noted=_noted(parts, "show"))
    elif given.action == "enable":
        outbox_enable(parts.outbox, given.handoff, parts.clock.now(), sys.stdout)
    else:
        outbox_retry(parts.outbox, given.handoff, parts.clock.now(), sys.stdout)
    return 0


def _noted(parts: Parts, action: str) -> Noted:
    """Return what writes a read down before it is shown. Raises StoreError."""
    assert parts.reads is not None
    return partial(parts.reads.note, parts.clock.now(), person(), action)


def _state(value: str | None) -> DeliveryState | None:
    if value is None:
        return None
    try:
        return DeliveryState(value)
    except ValueError:
        known = ", ".join(state.value for state in DeliveryState)
        raise SettingsError(f"--state must be one of {known}, not {value!r}") from None


def _moment(value: str | None, option: str) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise SettingsError(f"{option} must be an ISO time such as 2026-11-23T22:14:03Z, not {value!r}") from None
    if moment.tzinfo is None:
        raise SettingsError(f"{option} needs a time zone, for example a Z at its end")
    return moment
