"""`admissions claim ID`: notes that somebody has taken on a handoff, so that no second notice of it goes out."""

from __future__ import annotations

import argparse

from admissions.bootstrap import build
from admissions.settings import load_settings


def run(given: argparse.Namespace) -> int:
    """Claim one handoff by id or reference. Raises UnknownHandoff."""
    parts = build(load_settings())
    assert parts.notices is not None
    new = parts.notices.claim(given.handoff, parts.clock.now())
    print(f"{given.handoff}: {'claimed' if new else 'was claimed already'}")
    return 0
