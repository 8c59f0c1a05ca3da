"""The example receivers of docs/webhook.md, run as they stand, with requests that our sender really makes."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import aiohttp
import pytest

from admissions.core.canary import canary_item
from admissions.core.delivery import OutboxItem, Outcome
from admissions.core.handoff import to_payload
from admissions.delivery.sender import Sender
from admissions.settings import ROOT, Secret
from tests.fakes import make_handoff

OLD = "whsec_b2xkIHNlY3JldCBvZiAzMiBieXRlcyBmb3IgdGVzdHM="
NEW = "whsec_bmV3IHNlY3JldCBvZiAzMiBieXRlcyBmb3IgdGVzdHM="
OTHER = "whsec_b3RoZXIgc2VjcmV0IG9mIDMyIGJ5dGVzLCBmb3IgdGVzdA=="

#: How often a receiver that has just started is asked for, and how long between: a minute in all, for a busy machine.
STARTS_WITHIN, PAUSE_S = 600, 0.1


class Now:
    """The machine's clock, set off by a fixed time."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self._ahead


@dataclass
class Receiver:
    """A receiver that runs, and what it has kept."""

    kind: str
    url: str
    folder: Path

    async def post(self, item: OutboxItem, *secrets: str, ahead: timedelta = timedelta(0)) -> int | None:
        """Send as the worker sends and return the status; a refusal is never taken for a delivery."""
        attempt = await Sender(self.url, [Secret(one) for one in secrets], Now(ahead), allow_private=True).send(item)
        assert (attempt.outcome is Outcome.DELIVERED) is (attempt.status == 204)
        return attempt.status

    def kept(self) -> dict[str, str]:
        """Return what was kept, by id."""
        if self.kind == "node":
            files = sorted(self.folder.glob("*.json"))
            return {file.stem: file.read_text(encoding="utf-8") for file in files}
        if not (self.folder / "handoffs.db").exists():
            return {}
        with sqlite3.connect(self.folder / "handoffs.db") as database:
            return dict(database.execute("SELECT id, body FROM handoffs"))


@pytest.fixture(params=["python", "node"])
def receiver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Receiver]:
    """One of the examples, started with the new secret and the old one."""
    examples = ROOT / "docs" / "examples"
    node = shutil.which("node")
    if request.param == "node" and node is None:
        pytest.fail("Node is needed to try docs/examples/receiver.mjs")
    program, file = (sys.executable, "receiver.py") if request.param == "python" else (str(node), "receiver.mjs")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {"WEBHOOK_SECRETS": f"{NEW}, {OLD}", "PORT": str(port), "FOLDER": str(tmp_path)}
    environment["DATABASE"] = str(tmp_path / "handoffs.db")
    process = subprocess.Popen([program, examples / file], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield Receiver(request.param, f"http://127.0.0.1:{port}/", tmp_path)
    finally:
        process.kill()
        process.wait()


async def started(receiver: Receiver) -> Receiver:
    """Wait until somebody listens."""
    async with aiohttp.ClientSession() as client:
        for _ in range(STARTS_WITHIN):
            try:
                async with client.post(receiver.url, data=b"{}") as response:
                    assert response.status == 401
                    return receiver
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(PAUSE_S)
    raise AssertionError("the receiver did not start")


def item(number: int = 1) -> OutboxItem:
    handoff = replace(make_handoff(number), about="loved_one")
    body = json.dumps(to_payload(handoff), ensure_ascii=False).replace("loved_one", "für Zoë").encode()
    return OutboxItem(handoff.id, handoff.event_type.value, body, 0, handoff.created_at)


async def test_a_signed_handoff_is_kept_once_and_word_for_word(receiver: Receiver) -> None:
    # given
    await started(receiver)

    # when
    statuses = [await receiver.post(item(), NEW) for _ in range(3)] + [await receiver.post(item(2), OLD)]

    # then
    assert statuses == [204] * 4
    assert receiver.kept() == {one.handoff_id: one.body.decode() for one in (item(), item(2))}


async def test_while_secrets_are_changed_nothing_is_refused(receiver: Receiver) -> None:
    await started(receiver)

    assert await receiver.post(item(1), NEW, OTHER) == 204
    assert await receiver.post(item(2), OTHER, OLD) == 204


async def test_a_test_is_answered_like_a_handoff(receiver: Receiver) -> None:
    await started(receiver)

    assert await receiver.post(canary_item("test_0123", "default", Now().now()), NEW) == 204


async def test_what_we_did_not_sign_or_not_just_now_is_refused_and_not_kept(receiver: Receiver) -> None:
    # given
    await started(receiver)

    # when
    statuses = [
        await receiver.post(item(), OTHER),
        await receiver.post(item(), NEW, ahead=timedelta(minutes=6)),
        await receiver.post(item(), NEW, ahead=-timedelta(minutes=6)),
    ]

    # then
    assert statuses == [401] * 3
    assert receiver.kept() == {}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "hnd_1", "webhook-timestamp": "0", "webhook-signature": "v1,"},
        {"webhook-id": "../../x", "webhook-timestamp": "now", "webhook-signature": "v1,é v2,x"},
        {"webhook-id": "hnd_1", "webhook-timestamp": "9" * 400, "webhook-signature": " "},
    ],
    ids=["none", "empty", "not of the form", "far too long"],
)
async def test_a_strangers_request_is_refused_and_the_receiver_goes_on(
    receiver: Receiver, headers: dict[str, str]
) -> None:
    await started(receiver)

    async with aiohttp.ClientSession() as client, client.post(receiver.url, data=b"{}", headers=headers) as response:
        assert response.status == 401
    assert await receiver.post(item(), NEW) == 204
