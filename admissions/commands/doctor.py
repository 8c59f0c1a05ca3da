"""`admissions doctor`: checks configuration and reachability, and says what to mend."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from admissions import content
from admissions.bootstrap import build
from admissions.commands.quiet import hush
from admissions.commands.train import model_path
from admissions.delivery.address import check_url
from admissions.errors import AdmissionsError
from admissions.settings import Settings, load_settings


class Verdict(Enum):
    """How a check came out."""

    GOOD = "ok"
    WARNING = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report."""

    verdict: Verdict
    words: str


def run(given: argparse.Namespace) -> int:
    """Print every finding; exit status 1 when one is bad."""
    hush()
    findings = list(examine())
    for finding in findings:
        print(f"{finding.verdict.value:>4}  {finding.words}", file=sys.stdout)
    return 1 if any(finding.verdict is Verdict.BAD for finding in findings) else 0


def examine() -> Iterator[Finding]:
    """Look at settings, content, model, database and webhook, one finding each."""
    try:
        settings = load_settings()
    except AdmissionsError as error:
        yield Finding(Verdict.BAD, str(error))
        return
    yield Finding(Verdict.GOOD, "settings can be read")
    yield from _content()
    yield from _model()
    yield _tried("the database can be written", lambda: build(settings).conversations.ping())
    yield from _webhook(settings)


def _content() -> Iterator[Finding]:
    def load_all() -> None:
        content.centre(), content.script(), content.topic_rules(), content.titles()
        content.gate(), content.cards(), content.never_list()

    loaded = _tried("centre.yml, content/ and safety/ can be read", load_all)
    yield loaded
    if loaded.verdict is Verdict.BAD:
        return
    centre = content.centre()
    for name in centre.placeholders:
        yield Finding(
            Verdict.WARNING, f"centre.yml: `{name}` is a placeholder; put the real one in, then take it off the list"
        )
    if centre.phone is None:
        yield Finding(Verdict.WARNING, "centre.yml: no phone is configured, so the assistant never shows one")
    if content.cards().reviewed_by.startswith("not yet"):
        yield Finding(Verdict.WARNING, "safety/cards.yml has not been reviewed by a clinician yet")


def _model() -> Iterator[Finding]:
    path = model_path()
    if path.exists():
        yield Finding(Verdict.GOOD, f"there is a model for this content ({path.name})")
    else:
        yield Finding(Verdict.WARNING, "there is no model for this content yet: make train")


def _webhook(settings: Settings) -> Iterator[Finding]:
    url = settings.webhook_url
    if url is None:
        yield Finding(Verdict.WARNING, "no webhook is configured: handoffs are kept, see `admissions outbox list`")
        return
    yield _tried(
        "the webhook's address may be called", lambda: check_url(url, allow_private=settings.webhook_allow_private)
    )


def _tried(words: str, check: Callable[[], object]) -> Finding:
    try:
        check()
    except AdmissionsError as error:
        return Finding(Verdict.BAD, str(error))
    return Finding(Verdict.GOOD, words)
