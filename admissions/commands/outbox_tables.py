"""What `admissions outbox …` prints; the CLI gives it an outbox and a stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TextIO

from admissions.core.delivery import Attempt, DeliveryState, HandoffSummary
from admissions.core.handoff import iso
from admissions.errors import SettingsError
from admissions.ports import Outbox

HEADINGS = ("reference", "state", "urgency", "reason", "tries", "created", "next try", "endpoint", "id")


#: Writes down that somebody reads this, before it is shown to them.
Noted = Callable[[str], None]


def outbox_list(
    outbox: Outbox,
    out: TextIO,
    state: DeliveryState | None = None,
    limit: int = 100,
    *,
    noted: Noted = lambda _subject: None,
) -> None:
    """Print the newest handoffs first, without anything that says who the visitor is."""
    found = outbox.list(state, limit)
    noted(f"{len(found)} handoffs")
    if not found:
        out.write("No handoffs.\n")
        return
    _table(out, HEADINGS, [_row(summary) for summary in found])


def outbox_show(outbox: Outbox, handoff: str, out: TextIO, *, noted: Noted = lambda _subject: None) -> None:
    """Print one handoff, by id or reference: summary, body, attempts. Raises UnknownHandoff."""
    summary, body, attempts = outbox.show(handoff)
    noted(summary.handoff_id)
    _table(out, HEADINGS, [_row(summary)])
    out.write("\n")
    for line in _pretty(body).splitlines():
        out.write(f"{_printable(line)}\n")
    out.write("\n")
    if not attempts:
        out.write("No attempt has ended yet.\n")
        return
    _table(
        out,
        ("ended", "endpoint", "outcome", "status", "ms", "next try", "detail"),
        [_attempt_row(attempt) for attempt in attempts],
    )


def outbox_retry(outbox: Outbox, handoff: str, now: datetime, out: TextIO) -> None:
    """Make one handoff due now, by id or reference, and say so. Raises UnknownHandoff."""
    summary = outbox.retry(handoff, now)
    if summary.state is DeliveryState.DELIVERED:
        out.write(f"{summary.reference} is delivered already; nothing was changed.\n")
    elif summary.state is DeliveryState.SENDING:
        out.write(f"{summary.reference} is being sent by a worker right now.\n")
    elif summary.state is DeliveryState.FAILED:
        out.write(f"{summary.reference} is due, but its endpoint said 410: see `admissions outbox endpoints`.\n")
    else:
        out.write(f"{summary.reference} is due now; a running worker sends it within seconds.\n")


def outbox_retry_many(
    outbox: Outbox,
    now: datetime,
    out: TextIO,
    *,
    state: DeliveryState | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Make due now what is in `state` and was made from `since` to before `until`, and say how many that are."""
    count = outbox.retry_many(now, state=state, since=since, until=until)
    out.write(f"{count} due now; what is delivered was left alone.\n")


def outbox_endpoints(outbox: Outbox, out: TextIO) -> None:
    """Print who gets handoffs and how much is owed to each; no address, which may be a secret."""
    rows = [
        ("410 at " + iso(one.disabled_at) if one.disabled_at else "in use", str(one.waiting), str(one.failed), one.name)
        for one in outbox.endpoints()
    ]
    if not rows:
        out.write("No webhook is configured: handoffs are held.\n")
        return
    _table(out, ("endpoint is", "waiting", "failed", "name"), rows)


def outbox_enable(outbox: Outbox, endpoint: str, now: datetime, out: TextIO) -> None:
    """Use an endpoint again that said 410. Raises SettingsError for a name that no endpoint has."""
    names = [one.name for one in outbox.endpoints()]
    if endpoint not in names:
        raise SettingsError(f"there is no endpoint {endpoint!r}, only: {', '.join(names) or 'none'}")
    out.write(f"{endpoint} is in use; {outbox.enable(endpoint, now)} due now.\n")


def _row(summary: HandoffSummary) -> tuple[str, ...]:
    return (
        summary.reference,
        summary.state.value,
        summary.urgency,
        summary.reason,
        str(summary.attempts),
        iso(summary.created_at),
        iso(summary.next_attempt_at) if summary.next_attempt_at else "-",
        summary.endpoint,
        summary.handoff_id,
    )


def _attempt_row(attempt: Attempt) -> tuple[str, ...]:
    return (
        iso(attempt.at),
        attempt.endpoint,
        attempt.outcome.value,
        "-" if attempt.status is None else str(attempt.status),
        str(attempt.latency_ms),
        iso(attempt.next_attempt_at) if attempt.next_attempt_at else "-",
        _printable(attempt.detail),
    )


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
