"""`admissions worker` as a process: handoffs, the hourly test and notices side by side, and a clean end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from admissions.bootstrap import Parts, build
from admissions.core.delivery import DeliveryState
from admissions.settings import ROOT, load_settings
from tests.fakes import FakeReceiver, make_handoff

SECRET = "whsec_YSBuZXcgc2VjcmV0IGZvciB0aGUgdGVzdCB2ZWN0b3I="

#: How long a test waits for a process on a busy machine before it fails.
PATIENCE_S = 60


@contextmanager
def worker(folder: Path, webhook: str, notify: str) -> Iterator[tuple[subprocess.Popen[bytes], Parts]]:
    """Run the command over a database with one handoff of this moment; killed at the end if it still runs."""
    given = {
        "ADMISSIONS_VAR": str(folder),
        "ADMISSIONS_WEBHOOK_URL": webhook,
        "ADMISSIONS_WEBHOOK_SECRETS": SECRET if webhook else "",
        "ADMISSIONS_WEBHOOK_ALLOW_PRIVATE": "true",
        "ADMISSIONS_NOTIFY_URLS": notify.replace("http://", "json://"),
    }
    parts = build(load_settings(given, folder))
    handoff = make_handoff(created_at=datetime.now(timezone.utc))
    parts.outbox.add(handoff, b'{"type":"admissions.callback.requested"}', deliver=bool(webhook))
    process = subprocess.Popen(
        [sys.executable, "-m", "admissions.cli", "worker"],
        cwd=ROOT, env={**os.environ, **given}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process, parts
    finally:
        process.kill()
        process.wait()


async def until(done: Callable[[], bool]) -> None:
    """Wait until `done` holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, "it did not come"
        await asyncio.sleep(0.05)


async def test_handoff_test_and_notice_go_out_and_the_worker_ends_when_told(tmp_path: Path) -> None:
    async with FakeReceiver() as desk, FakeReceiver() as board:
        with worker(tmp_path, desk.url, board.url) as (process, parts):
            await until(lambda: len(desk.received) == 2 and len(board.received) == 1)
            await until(lambda: parts.outbox.state("hnd_0001") is DeliveryState.DELIVERED)
            process.send_signal(signal.SIGTERM)
            await until(lambda: process.poll() is not None)

    assert process.returncode == 0
    types = {json.loads(request.body)["type"] for request in desk.received}
    assert types == {"admissions.callback.requested", "admissions.test"}
    assert json.loads(board.received[0].body)["title"] == "A request waits: REF001"


async def test_without_a_webhook_a_handoff_that_is_held_is_told_of_all_the_same(tmp_path: Path) -> None:
    async with FakeReceiver() as board:
        with worker(tmp_path, "", board.url) as (process, parts):
            await until(lambda: len(board.received) == 1)
            process.send_signal(signal.SIGINT)
            await until(lambda: process.poll() is not None)

    assert process.returncode == 0
    assert parts.outbox.state("hnd_0001") is DeliveryState.HELD


async def test_with_nothing_else_to_do_it_deletes_what_is_too_old(tmp_path: Path) -> None:
    # given a handoff of this moment and one of long ago
    with worker(tmp_path, "", "") as (process, parts):
        parts.outbox.add(make_handoff(2, created_at=datetime(2020, 1, 1, tzinfo=timezone.utc)), b"{}", deliver=False)
        process.kill()
        process.wait()

    # when
    with worker(tmp_path, "", "") as (process, parts):
        await until(lambda: len(parts.outbox.list()) == 1)
        process.send_signal(signal.SIGTERM)
        await until(lambda: process.poll() is not None)

    # then
    assert process.returncode == 0
    assert [one.handoff_id for one in parts.outbox.list()] == ["hnd_0001"]
