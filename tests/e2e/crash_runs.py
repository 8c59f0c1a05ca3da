"""Crash runs: handoffs sent to the real action server and delivered by real workers, while processes are killed.

`scripts/crash-runs` calls it and prints one line a run. Rasa is not among the processes: it only passes the visitor's
Send on, which the client here does in its place, as often as a visitor would until there is a receipt.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import requests

from admissions.core.intake import PREVIEW, Intake
from admissions.core.steps import Plan
from tests.e2e.assistant import ROOT
from tests.e2e.crash_processes import SECRET, Processes, Receiver
from tests.postgres import own_schema

#: Visitors who send at the same time.
VISITORS = 8

#: Between two kills, at random. A process takes some seconds to be of use again. Seconds.
KILL_EVERY_S = (0.3, 2.0)

#: A lease of 30 s, a step or two of the schedule, and a slow machine. Seconds.
RECOVERY_S = 120


@dataclass(frozen=True)
class Result:
    """One line of the table."""

    kind: str
    handoffs: int
    kills: int
    asked_again: int  #: times a visitor had no receipt and sent once more
    acknowledged: int
    delivered: int
    repeats: int  #: deliveries of an id the receiver had already: dropped by it
    lost: int  #: acknowledged and not delivered
    doubled: int  #: intakes that arrived under two ids
    invented: int  #: arrived, and no visitor sent it
    lies: int  #: told "passed on" before the receiver had it
    refused: int  #: signatures the receiver did not accept
    seconds: float

    @property
    def good(self) -> bool:
        """Whether the promises held."""
        broken = self.lost + self.doubled + self.invented + self.lies + self.refused
        return broken == 0 and self.acknowledged == self.handoffs


class Run:
    """Some handoffs under one kind of trouble."""

    def __init__(self, kind: str, handoffs: int, database_url: str, folder: Path) -> None:
        self.kind, self.handoffs = kind, handoffs
        self.receiver = Receiver()
        self.acknowledged: dict[str, str] = {}  #: event id by conversation
        self.lies = self.asked_again = 0
        self.database_url = database_url
        self.over = threading.Event()
        self.processes = Processes(
            {
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "SANIC_HOST": "127.0.0.1",
                "ADMISSIONS_VAR": str(folder),
                "ADMISSIONS_DATABASE_URL": database_url,
                "ADMISSIONS_WEBHOOK_URL": self.receiver.url,
                "ADMISSIONS_WEBHOOK_SECRETS": SECRET,
                "ADMISSIONS_WEBHOOK_ALLOW_PRIVATE": "true",
            },
            folder,
        )

    def go(self, trouble: Callable[[Run], None]) -> Result:
        """Send all handoffs while `trouble` goes on beside them, let everything recover, and count."""
        started = time.monotonic()
        self.processes.start_all()
        troubling = threading.Thread(target=trouble, args=(self,), daemon=True)
        try:
            troubling.start()
            conversations = [f"{uuid.uuid4().hex[:12]}-crash-run-visitor" for _ in range(self.handoffs)]
            with ThreadPoolExecutor(VISITORS) as visitors:
                list(visitors.map(self._send_until_there_is_a_receipt, conversations))
            self.over.set()
            troubling.join()
            patience = time.monotonic() + RECOVERY_S
            while time.monotonic() < patience and not set(self.acknowledged.values()) <= set(self.receiver.times):
                time.sleep(0.2)
        finally:
            self.processes.stop_all()
            self.receiver.stop()
        arrived, wanted = self.receiver.ids_of, set(self.acknowledged.values())
        return Result(
            self.kind,
            self.handoffs,
            self.processes.kills,
            self.asked_again,
            len(self.acknowledged),
            len(wanted & set(self.receiver.times)),
            sum(times - 1 for id, times in self.receiver.times.items() if id in wanted),
            len(wanted - set(self.receiver.times)),
            sum(len(ids) > 1 for ids in arrived.values()),
            len(set(arrived) - set(conversations)),
            self.lies,
            self.receiver.refused,
            time.monotonic() - started,
        )

    def _send_until_there_is_a_receipt(self, conversation: str) -> None:
        call, patience = _send(conversation), time.monotonic() + RECOVERY_S
        while time.monotonic() < patience:
            try:
                answer = requests.post(f"http://127.0.0.1:{self.processes.port}/webhook", json=call, timeout=10)
                said = answer.json().get("responses", []) if answer.status_code == 200 else []
            except (requests.RequestException, ValueError):
                said = []
            receipt = next((one for one in said if one.get("handoff_id")), None)
            if receipt is not None:
                told = receipt.get("response")
                self.lies += told == "utter_receipt_delivered" and receipt["handoff_id"] not in self.receiver.times
                self.acknowledged[conversation] = receipt["handoff_id"]
                return
            self.asked_again += 1
            time.sleep(0.2)


def _send(conversation: str) -> dict[str, Any]:
    """Return the call by which Rasa runs the action behind a visitor's Send."""
    answers = {"name": "Sam", "reach": "+17195550134", "when": "any time", "permissions": "neither"}
    kept = Intake(Plan.CALLBACK, PREVIEW, answers).to_json()
    tracker = {
        "sender_id": conversation,
        "slots": {"intake": kept, "intake_outcome": "agreed"},
        "latest_message": {"text": "Send", "intent": {"name": "affirm", "confidence": 1.0}, "entities": []},
        "events": [{"event": "slot", "name": "intake", "value": kept, "timestamp": 1.5}],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    return {"next_action": "action_submit_handoff", "sender_id": conversation, "tracker": tracker, "domain": {}}


def kills(run: Run) -> None:
    """Kill -9 the action server or a worker, again and again."""
    while not run.over.wait(random.uniform(*KILL_EVERY_S)):
        run.processes.kill(random.choice(sorted(run.processes.running)))


def locked_for_20_s(run: Run) -> None:
    """Hold SQLite's write lock while visitors send."""
    _wait_for_some(run)
    holder = sqlite3.connect(run.database_url.removeprefix("sqlite:///"), isolation_level=None, timeout=60)
    holder.execute("BEGIN EXCLUSIVE")
    run.over.wait(20)
    holder.execute("ROLLBACK")
    holder.close()


def disk_full(run: Run) -> None:
    """Leave SQLite no page to write to for ten seconds, by a file that may not grow (RLIMIT_FSIZE)."""
    _wait_for_some(run)
    size = Path(run.database_url.removeprefix("sqlite:///") + "-wal").stat().st_size
    names = sorted(run.processes.running)
    for name in names:
        _limit(run.processes.running[name].pid, size)
    run.over.wait(10)
    for name in names:
        _limit(run.processes.running[name].pid, -1)


def _limit(pid: int, size: int) -> None:
    import resource

    hard = resource.RLIM_INFINITY
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if size < 0 else size, hard))


def clock_goes_back(run: Run) -> None:
    """Let the action server note moments of an hour from now, as a clock that is set back afterwards would have."""
    ahead = (datetime.now(timezone.utc) + timedelta(hours=1)).isoformat()
    run.processes.kill("actions", ADMISSIONS_CLOCK=ahead)


def worker_hangs(run: Run) -> None:
    """Stop a worker (SIGSTOP) in the middle of its requests for longer than its lease, and let it go on."""
    run.receiver.slow_s = 1.0  # the receiver has the handoff, and the worker waits to hear so
    _wait_for_some(run)
    hung = run.processes.running["worker1"]
    os.kill(hung.pid, signal.SIGSTOP)
    run.receiver.slow_s = 0.0
    time.sleep(35)
    os.kill(hung.pid, signal.SIGCONT)


def _wait_for_some(run: Run) -> None:
    while len(run.acknowledged) < 3 and not run.over.is_set():
        time.sleep(0.05)


#: Each kind of trouble, and the databases it is tried on.
KINDS: dict[str, tuple[Callable[[Run], None], tuple[str, ...]]] = {
    "kill": (kills, ("sqlite", "postgresql")),
    "locked": (locked_for_20_s, ("sqlite",)),
    "full": (disk_full, ("sqlite",)),
    "clock": (clock_goes_back, ("sqlite", "postgresql")),
    "hang": (worker_hangs, ("sqlite", "postgresql")),
}


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database, gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'admissions.db'}"
        return
    with own_schema(os.environ["ADMISSIONS_TEST_POSTGRES"], "crash") as address:
        yield address


def run_one(kind: str, on: str, handoffs: int) -> Result:
    """Run one kind of trouble on one kind of database."""
    with tempfile.TemporaryDirectory() as folder, database(on, Path(folder)) as url:
        return Run(f"{kind} on {on}", handoffs, url, Path(folder)).go(KINDS[kind][0])


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Print a table; status 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="scripts/crash-runs", description=__doc__)
    parser.add_argument("kinds", nargs="*", help=f"some of {', '.join(KINDS)}; all without")
    parser.add_argument("--handoffs", type=int, default=500)
    parser.add_argument("--seed", type=int, help="for the moments and victims of kills")
    given = parser.parse_args()
    random.seed(given.seed)
    names = (
        "handoffs",
        "kills",
        "asked_again",
        "acknowledged",
        "delivered",
        "repeats",
        "lost",
        "doubled",
        "invented",
        "lies",
        "refused",
    )
    _say(f"{'run':22}" + "".join(f"{name:>13}" for name in names) + f"{'seconds':>9}")
    good = True
    for kind in given.kinds or KINDS:
        for on in KINDS[kind][1]:
            if on == "postgresql" and not os.environ.get("ADMISSIONS_TEST_POSTGRES"):
                _say(f"{kind} on {on}: there is no PostgreSQL, not run")
                continue
            result = run_one(kind, on, given.handoffs)
            figures = "".join(f"{getattr(result, name):>13}" for name in names)
            _say(f"{result.kind:22}{figures}{result.seconds:>9.0f}")
            good = good and result.good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
