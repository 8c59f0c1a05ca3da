"""`admissions doctor`: checks configuration and reachability, and says what to mend."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator

from admissions import content
from admissions.bootstrap import Parts, build
from admissions.commands.doctor_centre import check_hours, check_phone
from admissions.commands.doctor_delivery import check_canaries, check_clock, check_notify, check_outbox, check_webhooks
from admissions.commands.findings import Finding, Verdict
from admissions.commands.quiet import hush
from admissions.commands.train import model_path
from admissions.errors import AdmissionsError
from admissions.settings import load_settings


def run(given: argparse.Namespace) -> int:
    """Print every finding; exit status 1 when one is bad."""
    hush()
    findings = list(examine(offline=given.offline, notify=given.notify))
    for finding in findings:
        print(f"{finding.verdict.value:>4}  {finding.words}", file=sys.stdout)
    return 1 if any(finding.verdict is Verdict.BAD for finding in findings) else 0


def examine(*, offline: bool = False, notify: bool = False) -> Iterator[Finding]:
    """Look at settings, content, hours, phone, model, database, clock, webhook and notices, one finding each.

    Args:
        offline: send no test to the webhook
        notify: send a test notice
    """
    try:
        settings = load_settings()
    except AdmissionsError as error:
        yield Finding(Verdict.BAD, str(error))
        return
    yield Finding(Verdict.GOOD, "settings can be read")
    content_found = list(_content())
    yield from content_found
    yield _model()
    if any(finding.verdict is Verdict.BAD for finding in content_found):
        return
    try:
        parts = build(settings)
        parts.conversations.ping()
    except AdmissionsError as error:
        yield Finding(Verdict.BAD, str(error))
        return
    yield Finding(Verdict.GOOD, "the database can be written")
    yield from _of_parts(parts, offline=offline, notify=notify)


def _of_parts(parts: Parts, *, offline: bool, notify: bool) -> Iterator[Finding]:
    centre, now = content.centre(), parts.clock.now()
    yield from check_hours(centre, now)
    yield from check_phone(centre)
    yield from check_clock(parts)
    yield from check_outbox(parts)
    yield from check_canaries(parts)
    yield from check_webhooks(parts, offline=offline)
    yield from check_notify(parts.settings, content.notice_wordings()["test"], send=notify)


def _content() -> Iterator[Finding]:
    def load_all() -> None:
        content.centre(), content.script(), content.topic_rules(), content.titles(), content.hours_content()
        content.gate(), content.cards(), content.never_list(), content.notice_wordings()

    loaded = _tried("centre.yml, content/ and safety/ can be read", load_all)
    yield loaded
    if loaded.verdict is Verdict.BAD:
        return
    for name in content.centre().placeholders:
        yield Finding(
            Verdict.WARNING, f"centre.yml: `{name}` is a placeholder; put the real one in, then take it off the list"
        )
    if content.cards().reviewed_by.startswith("not yet"):
        yield Finding(Verdict.WARNING, "safety/cards.yml has not been reviewed by a clinician yet")


def _model() -> Finding:
    path = model_path()
    if path.exists():
        return Finding(Verdict.GOOD, f"there is a model for this content ({path.name})")
    return Finding(Verdict.WARNING, "there is no model for this content yet: make train")


def _tried(words: str, check: Callable[[], object]) -> Finding:
    try:
        check()
    except AdmissionsError as error:
        return Finding(Verdict.BAD, str(error))
    return Finding(Verdict.GOOD, words)
