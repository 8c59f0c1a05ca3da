"""What `admissions outbox list | show | retry` print; the CLI gives them an outbox and a stream."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TextIO

from admissions.core.delivery import Attempt, DeliveryState, HandoffSummary
from admissions.core.handoff import iso
from admissions.ports import Outbox

HEADINGS = ("reference", "state", "urgency", "reason", "tries", "created", "next try", "id")


def outbox_list(outbox: Outbox, out: TextIO, state: DeliveryState | None = None, limit: int = 100) -> None:
    """Print the newest handoffs first, without anything that says who the visitor is."""
    found = outbox.list(state, limit)
    if not found:
        out.write("No handoffs.\n")
        return
    _table(out, HEADINGS, [_row(summary) for summary in found])


def outbox_show(outbox: Outbox, handoff: str, out: TextIO) -> None:
    """Print one handoff, by id or reference: summary, body, attempts. Raises UnknownHandoff."""
    summary, body, attempts = outbox.show(handoff)
    _table(out, HEADINGS, [_row(summary)])
    out.write("\n")
    for line in _pretty(body).splitlines():
        out.write(f"{_printable(line)}\n")
    out.write("\n")
    if not attempts:
        out.write("No attempt has ended yet.\n")
        return
    _table(out, ("ended", "outcome", "status", "ms", "detail"), [_attempt_row(attempt) for attempt in attempts])


def outbox_retry(outbox: Outbox, handoff: str, now: datetime, out: TextIO) -> None:
    """Make one handoff due now, by id or reference, and say so. Raises UnknownHandoff."""
    summary = outbox.retry(handoff, now)
    if summary.state is DeliveryState.DELIVERED:
        out.write(f"{summary.reference} is delivered already; nothing was changed.\n")
    elif summary.state is DeliveryState.SENDING:
        out.write(f"{summary.reference} is being sent by a worker right now.\n")
    else:
        out.write(f"{summary.reference} is due now; a running worker sends it within seconds.\n")


def _row(summary: HandoffSummary) -> tuple[str, ...]:
    return (
        summary.reference,
        summary.state.value,
        summary.urgency,
        summary.reason,
        str(summary.attempts),
        iso(summary.created_at),
        iso(summary.next_attempt_at) if summary.next_attempt_at else "-",
        summary.handoff_id,
    )


def _attempt_row(attempt: Attempt) -> tuple[str, ...]:
    status = "-" if attempt.status is None else str(attempt.status)
    return iso(attempt.at), attempt.outcome.value, status, str(attempt.latency_ms), _printable(attempt.detail)


def _table(out: TextIO, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns as wide as their widest cell; the last one is not padded."""
    widths = [max(len(line[column]) for line in (headings, *rows)) for column in range(len(headings) - 1)]
    for line in (headings, *rows):
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
        out.write("  ".join([*cells, line[-1]]) + "\n")


def _pretty(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _printable(text: str) -> str:
    """Take out what could steer the terminal of whoever reads it."""
    return "".join(character if character.isprintable() else " " for character in text)
