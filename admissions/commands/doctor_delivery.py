"""What the doctor says of the way to admissions: clock, outbox, hourly test, webhooks, notices."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

from admissions.bootstrap import Parts
from admissions.commands.findings import Finding, Verdict
from admissions.commands.worker import make_senders
from admissions.core import signing
from admissions.core.canary import TOO_OLD
from admissions.core.delivery import Attempt, DeliveryState, Outcome
from admissions.core.notices import Wording
from admissions.delivery.address import check_url
from admissions.delivery.canary import CanaryRounds
from admissions.delivery.sender import Senders
from admissions.errors import AdmissionsError
from admissions.notify.channels import Channels
from admissions.settings import Settings, Webhook

#: Something stored this far in the future was stored before the clock went back.
CLOCK_MAY_DIFFER = timedelta(minutes=5)

ROUND_TRIP_BODY = b'{"type":"admissions.test"}'


def check_clock(parts: Parts) -> Iterator[Finding]:
    """Say whether the clock stands still or is behind what was stored by it."""
    if parts.settings.fixed_clock is not None:
        yield Finding(Verdict.WARNING, "ADMISSIONS_CLOCK is set: the clock stands still, which is for tests only")
    now = parts.clock.now()
    stored = [one.created_at for one in parts.outbox.list(limit=1)]
    if parts.canaries is not None:
        stored += [one.tried_at for one in parts.canaries.statuses() if one.tried_at is not None]
    ahead = max(stored, default=now) - now
    if ahead > CLOCK_MAY_DIFFER:
        yield Finding(
            Verdict.BAD,
            f"the clock is {ahead.total_seconds() / 60:.0f} minutes behind what is stored: set it (timedatectl)",
        )
    else:
        yield Finding(Verdict.GOOD, f"the clock says {now:%Y-%m-%d %H:%M} UTC")


def check_outbox(parts: Parts) -> Iterator[Finding]:
    """Say which handoffs a person has to look at."""
    failed = parts.outbox.list(DeliveryState.FAILED)
    if failed:
        names = ", ".join(sorted({one.reference for one in failed})[:5])
        yield Finding(Verdict.BAD, f"{len(failed)} handoffs failed ({names} …): phone the visitor or `outbox retry`")
    for one in parts.outbox.endpoints():
        if one.disabled_at is not None:
            yield Finding(
                Verdict.BAD,
                f"the receiver {one.name} said 410 and is not called: `admissions outbox enable {one.name}`",
            )


def check_canaries(parts: Parts) -> Iterator[Finding]:
    """Say how old each endpoint's last good hourly test is."""
    known = {one.endpoint: one for one in parts.canaries.statuses()} if parts.canaries is not None else {}
    now = parts.clock.now()
    for webhook in parts.settings.webhooks:
        status = known.get(webhook.name)
        age = status.age(now) if status is not None else None
        if status is None:
            yield Finding(
                Verdict.WARNING, f"no hourly test has been sent to {webhook.name} yet: is the worker running?"
            )
        elif age is None:
            yield Finding(Verdict.BAD, f"no hourly test has ever arrived at {webhook.name}: {status.detail}")
        elif age > TOO_OLD:
            said = status.detail or "is the worker running?"
            yield Finding(Verdict.BAD, f"the last hourly test at {webhook.name} is {_hours(age)} old: {said}")
        else:
            yield Finding(Verdict.GOOD, f"the last hourly test at {webhook.name} is {_hours(age)} old")


def check_webhooks(parts: Parts, *, offline: bool) -> Iterator[Finding]:
    """Check each receiver's address and signature, and send it a test unless `offline`."""
    settings = parts.settings
    if not settings.webhooks:
        yield Finding(Verdict.WARNING, "no webhook is configured: handoffs are kept, see `admissions outbox list`")
        return
    for webhook in settings.webhooks:
        try:
            check_url(webhook.url, allow_private=settings.webhook_allow_private)
            _round_trip(parts, webhook)
        except (AdmissionsError, ValueError) as error:
            yield Finding(Verdict.BAD, f"{webhook.name}: {error}")
            return
        yield Finding(Verdict.GOOD, f"the address of {webhook.name} may be called and what is signed for it verifies")
        if not offline:
            yield _answer(webhook, asyncio.run(_send_test(parts, webhook.name)))


def _round_trip(parts: Parts, webhook: Webhook) -> None:
    """Raise ValueError unless each secret verifies what all of them signed, and refuses a changed body."""
    now, secrets = parts.clock.now(), [secret.reveal() for secret in webhook.secrets]
    signed = signing.headers("test_doctor", now, ROUND_TRIP_BODY, secrets)
    for number, secret in enumerate(secrets, start=1):
        good = signing.verify(signed, ROUND_TRIP_BODY, [secret], now)
        changed = signing.verify(signed, ROUND_TRIP_BODY + b" ", [secret], now)
        if not good or changed:
            raise ValueError(f"secret {number} does not verify its own signature (make one: admissions secret)")


async def _send_test(parts: Parts, name: str) -> Attempt:
    assert parts.canaries is not None
    sender = Senders(make_senders(parts.settings, parts))
    return await CanaryRounds(parts.canaries, parts.outbox, sender, parts.clock, [name]).send(name)


def _answer(webhook: Webhook, attempt: Attempt) -> Finding:
    if attempt.outcome is Outcome.DELIVERED:
        return Finding(Verdict.GOOD, f"{webhook.name} took a signed test in {attempt.latency_ms} ms ({attempt.status})")
    if attempt.status == 401:
        hint = "does it have the same secret, and the right time?"
    elif attempt.status == 410:
        hint = "it wants no more: ask whoever runs it"
    else:
        hint = "is the address right, and the receiver up?"
    said = f"answered {attempt.status}" if attempt.status is not None else "did not answer"
    detail = f" ({attempt.detail})" if attempt.detail else ""
    return Finding(Verdict.BAD, f"{webhook.name} {said} to a signed test{detail}: {hint}")


def check_notify(settings: Settings, test: Wording, *, send: bool) -> Iterator[Finding]:
    """Check the addresses of notices, and send a test over them when asked to."""
    if not settings.notify_urls:
        yield Finding(Verdict.WARNING, "no notice is configured (ADMISSIONS_NOTIFY_URLS): a handoff waits unannounced")
        return
    try:
        channels = Channels(settings.notify_urls)
    except AdmissionsError as error:
        yield Finding(Verdict.BAD, str(error))
        return
    if not send:
        yield Finding(Verdict.GOOD, f"{len(channels)} addresses for notices can be read; try them with --notify")
    elif channels.send(test.title, test.body):
        yield Finding(Verdict.GOOD, "a test notice went out: see whether it came")
    else:
        yield Finding(Verdict.BAD, "the test notice went out over none of the addresses: check ADMISSIONS_NOTIFY_URLS")


def _hours(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
