"""The real assistant, started as an operator starts it, and a visitor who talks to it over the widget's HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]

#: A cold start on a busy two-core machine; a healthy one takes a tenth of it. Seconds.
START_TIMEOUT_S = 120

SECRET = "whsec_" + base64.b64encode(b"a test secret of thirty-two byte").decode()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Desk:
    """A webhook receiver that verifies signatures with its own few lines of HMAC, not with ours or the library's."""

    port: int = field(default_factory=free_port)
    received: list[dict[str, Any]] = field(default_factory=list)
    tests: list[dict[str, Any]] = field(default_factory=list)  #: the worker's hourly tests
    refused: int = 0
    answer_with: int = 200

    def start(self) -> Desk:
        """Listen in a thread."""
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
                key = base64.b64decode(SECRET.removeprefix("whsec_"))
                wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
                if wanted not in self.headers["webhook-signature"].split(" "):
                    desk.refused += 1
                    status = 401
                else:
                    status = desk.answer_with
                    arrived = json.loads(body)
                    if status == 200:
                        (desk.tests if arrived["type"] == "admissions.test" else desk.received).append(arrived)
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def of(self, reference: str) -> list[dict[str, Any]]:
        """Return the webhooks that carry this reference, waiting a moment for a late one."""
        for _ in range(50):
            found = [one for one in self.received if one["data"]["reference"] == reference]
            if found:
                return found
            time.sleep(0.1)
        return []


class Assistant:
    """Every process of one machine, in a folder of its own, on free ports."""

    def __init__(self, var: Path, desk: Desk | None, **extra: str) -> None:
        self.port, self.action_port = free_port(), free_port()
        self.var = var
        webhook = {}
        if desk:
            webhook = {
                "ADMISSIONS_WEBHOOK_URL": f"http://127.0.0.1:{desk.port}/hook",
                "ADMISSIONS_WEBHOOK_SECRETS": SECRET,
                "ADMISSIONS_WEBHOOK_ALLOW_PRIVATE": "true",
            }
        self.environment = {
            **os.environ,
            **webhook,
            "ADMISSIONS_VAR": str(var),
            "ADMISSIONS_PORT": str(self.port),
            "ADMISSIONS_ACTION_PORT": str(self.action_port),
            "ADMISSIONS_RECEIVER_PORT": str(free_port()),
            **extra,
        }
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = var / "up.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> Assistant:
        """Start it and wait until it says that it is ready."""
        self.var.mkdir(parents=True, exist_ok=True)
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "admissions.cli", "up", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                if requests.get(f"{self.url}/health/ready", timeout=2).status_code == 200:
                    return self
            except requests.RequestException:
                pass
            time.sleep(0.2)
        raise AssertionError(f"the assistant did not start:\n{self.logs()}")

    def stop(self) -> int:
        """Stop it as Ctrl-C does and return its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)

    def logs(self) -> str:
        """Return the last lines of everything it wrote."""
        files = [self.output, *sorted((self.var / "log").glob("*.log"))]
        return "\n".join(
            f"== {file.name}\n{file.read_text(errors='replace')[-3000:]}" for file in files if file.exists()
        )

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the `admissions` command against this assistant's folder."""
        return subprocess.run(
            [sys.executable, "-m", "admissions.cli", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def pid_listening_on(self, port: int) -> int:
        """Return the process that listens on a port of 127.0.0.1 (from /proc, no tool needed)."""
        wanted = f"0100007F:{port:04X}"
        inodes = {
            line.split()[9]
            for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
            if line.split()[1] == wanted and line.split()[3] == "0A"
        }
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                if any(f"socket:[{inode}]" == os.readlink(link) for inode in inodes):
                    return int(link.parts[2])
            except OSError:
                continue
        raise AssertionError(f"nothing listens on {port}")

    def visitor(self) -> Visitor:
        """Return a visitor with a fresh session."""
        return Visitor(self.url)


class Visitor:
    """Somebody on the website."""

    def __init__(self, url: str) -> None:
        self.url = url
        opened = requests.post(f"{url}/chat/session", json={"page_url": "https://example.org/"}, timeout=10)
        assert opened.status_code == 201, opened.text
        self.token: str = opened.json()["token"]
        self.last: list[dict[str, Any]] = self.history()

    @property
    def headers(self) -> dict[str, str]:
        """The session's header."""
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, body: Any) -> requests.Response:
        """Send one message body as it is."""
        return requests.post(f"{self.url}/chat/messages", json=body, headers=self.headers, timeout=20)

    def say(self, text: str) -> str:
        """Write something; returns the answer's texts, one a line."""
        return self._answer(self.post({"id": str(uuid.uuid4()), "text": text}))

    def tap(self, title: str) -> str:
        """Choose an offered button by its words."""
        offered = {button["title"]: button["payload"] for message in self.last for button in message["buttons"]}
        assert title in offered, f"{title!r} is not offered, only {sorted(offered)}"
        return self._answer(self.post({"id": str(uuid.uuid4()), "payload": offered[title]}))

    def history(self) -> list[dict[str, Any]]:
        """Return the conversation so far."""
        answer = requests.get(f"{self.url}/chat/messages", headers=self.headers, timeout=10)
        assert answer.status_code == 200, answer.text
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def titles(self) -> list[str]:
        """Return the words on the buttons of the last answer."""
        return [button["title"] for message in self.last for button in message["buttons"]]

    def kinds(self) -> list[str]:
        """Return the kinds of the last answer's messages."""
        return [message["kind"] for message in self.last]

    def _answer(self, response: requests.Response) -> str:
        assert response.status_code == 200, response.text
        self.last = response.json()["messages"]
        return "\n".join(message["text"] for message in self.last)
