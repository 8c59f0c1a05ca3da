"""The processes of a crash run: the receiver here, the real action server and workers beside it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from admissions.core import signing
from tests.e2e.assistant import ROOT, free_port

SECRET = "whsec_" + base64.b64encode(b"the crash runs' own secret bytes").decode()


class Receiver:
    """Verifies, drops repeats by `webhook-id`, and counts them."""

    def __init__(self) -> None:
        self.times: Counter[str] = Counter()
        self.ids_of: dict[str, set[str]] = {}  #: by conversation
        self.refused = 0
        self.slow_s = 0.0  #: between keeping a handoff and answering
        receiver, lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                good = signing.verify(dict(self.headers), body, [SECRET], datetime.now(timezone.utc))
                with lock:
                    if good:
                        receiver.times[self.headers["webhook-id"]] += 1
                        data = json.loads(body)["data"]
                        if "conversation_id" in data:  # a worker's own test has none
                            conversation = receiver.ids_of.setdefault(data["conversation_id"], set())
                            conversation.add(self.headers["webhook-id"])
                    else:
                        receiver.refused += 1
                time.sleep(receiver.slow_s)
                self.send_response(204 if good else 401)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Close the door."""
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Processes:
    """The action server and the workers, each started anew when it was killed."""

    environment: dict[str, str]
    folder: Path
    workers: int = 2
    port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: int = 0

    def start(self, name: str, **more: str) -> None:
        """Start `actions`, `worker1` or `worker2`, with settings of its own."""
        server = ["-m", "rasa_sdk", "--actions", "actions", "--port", str(self.port)]
        command = server if name == "actions" else ["-m", "admissions.cli", "worker"]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env={**self.environment, **more}, stdout=log, stderr=log
            )

    def start_all(self) -> None:
        """Start one action server and the workers."""
        for name in ("actions", *(f"worker{number}" for number in range(1, self.workers + 1))):
            self.start(name)

    def kill(self, name: str, **more: str) -> None:
        """Kill one with SIGKILL, wherever it is, and start it anew."""
        self.running[name].kill()
        self.running[name].wait()
        self.kills += 1
        self.start(name, **more)

    def stop_all(self) -> None:
        """Kill what still runs."""
        for process in self.running.values():
            process.kill()
            process.wait()
