"""`python -m tests.conversations`: holds every script and prints the pass rate by folder; `make eval` runs it."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from admissions.commands.train import ensure_model
from tests.conversations.script import all_scripts
from tests.conversations.stage import Performance, perform_all
from tests.e2e.assistant import Assistant, Desk


def main() -> int:
    """Hold every script; status 1 when one fails that is not known to."""
    ensure_model()
    wanted = set(sys.argv[1:])
    scripts = [script for script in all_scripts() if not wanted or script.folder in wanted]
    desk = Desk().start()
    with tempfile.TemporaryDirectory() as folder:
        running = Assistant(Path(folder), desk).start()
        started = time.monotonic()
        try:
            held = perform_all(scripts, running, desk)
        finally:
            took = time.monotonic() - started
            running.stop()
    sys.stdout.write(f"{as_table(held)}\n\n{len(held)} conversations in {took:.0f} s\n")
    return 1 if any(one.failure and not one.script.known_fault for one in held) else 0


def as_table(held: Sequence[Performance]) -> str:
    """Return the pass rate by folder, then every script that failed and why."""
    folders = list(dict.fromkeys(one.script.folder for one in held))
    by_folder = {folder: [one for one in held if one.script.folder == folder] for folder in folders}
    lines = [_rate(folder, found) for folder, found in by_folder.items()]
    failed = [one for one in held if one.failure]
    return "\n".join(["conversations held as written", *lines, _rate("all", held), *map(_told, failed)])


def _rate(name: str, held: Sequence[Performance]) -> str:
    passed = sum(one.failure is None for one in held)
    return f"  {name:20}{passed:>4} of {len(held):<4}{passed / len(held):>8.1%}"


def _told(one: Performance) -> str:
    first = (one.failure or "").splitlines()[0]
    known = f" (known: {one.script.known_fault})" if one.script.known_fault else ""
    return f"  failed: {one.script.name}: {first}{known}"


if __name__ == "__main__":
    sys.exit(main())
