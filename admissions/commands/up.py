"""`admissions up`: everything of one machine, started together and stopped together."""

from __future__ import annotations

import argparse
import base64
import os
import secrets
import shlex
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import yaml
from honcho.manager import Manager
from honcho.printer import Message, Printer

from admissions import content
from admissions.commands.quiet import QUIET_ENVIRONMENT
from admissions.commands.train import ensure_model
from admissions.errors import StartError
from admissions.settings import ROOT, Settings, load_settings

#: Loading Rasa takes 4 to 20 s on a small machine; after this a person should look at the log. Seconds.
SLOW_START_S = 60


def run(given: argparse.Namespace) -> int:
    """Check, train, start, say the address, and stay until Ctrl-C or until one process ends."""
    os.umask(0o077)  # databases and logs hold what people entrusted to us: nobody else on this machine reads them
    settings = load_settings()
    _check_content()
    desk = settings.webhook_url is None and not given.no_desk
    for port, name in _ports(settings, desk=desk):
        _check_port(settings.host, port, name)
    model = ensure_model()
    logs = settings.var / "log"
    logs.mkdir(parents=True, exist_ok=True)
    # The action server has no authentication: nobody but this machine may reach it.
    loopback = {"SANIC_HOST": "127.0.0.1"}
    environment = {**os.environ, **QUIET_ENVIRONMENT, **loopback, **(_demo_webhook(settings) if desk else {})}
    manager = Manager(printer=_ReceiverOnly(sys.stdout))
    for name, command in _commands(settings, model, desk=desk):
        shown = "" if name == "receiver" else f" >>{shlex.quote(str(logs / f'{name}.log'))} 2>&1"
        manager.add_process(name, f"exec {shlex.join(command)}{shown}", cwd=str(ROOT), env=environment)
    print(f"starting (logs: {logs}) …", flush=True)
    threading.Thread(target=_announce, args=(settings, logs, desk), daemon=True).start()
    manager.loop()
    if manager.returncode not in (0, None, 130, -2, -15):
        print(f"admissions: a process stopped by itself; see {logs}", file=sys.stderr)
    print("stopped.", flush=True)
    return 0 if manager.returncode in (0, 130, -2, -15) else 1


def _check_content() -> None:
    """Read every content file now, so that a slip is one line here and not a failure in front of a visitor."""
    content.centre()
    content.script()
    content.topic_rules()
    content.titles()
    content.cards()
    content.never_list()
    # The gate is built by Rasa's process alone: spaCy takes seconds to load.
    data = sorted((ROOT / "data").rglob("*.yml"))
    safety = sorted((ROOT / "safety").glob("*.yml"))
    for path in [ROOT / "domain.yml", ROOT / "config.yml", *safety, *data]:
        content.read_yaml(path)


def _ports(settings: Settings, *, desk: bool) -> list[tuple[int, str]]:
    ports = [(settings.port, "ADMISSIONS_PORT"), (settings.action_port, "ADMISSIONS_ACTION_PORT")]
    return [*ports, (settings.receiver_port, "ADMISSIONS_RECEIVER_PORT")] if desk else ports


def _check_port(host: str, port: int, setting: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise StartError(
                f"port {port} is in use: stop what uses it, or choose another one with {setting}"
            ) from None


def _demo_webhook(settings: Settings) -> dict[str, str]:
    """Return the settings that send handoffs to the demo's own receiver, with a secret made once."""
    kept = settings.var / "demo-webhook.secret"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(new_webhook_secret())
    return {
        "ADMISSIONS_WEBHOOK_URL": f"http://127.0.0.1:{settings.receiver_port}/webhook",
        "ADMISSIONS_WEBHOOK_SECRETS": kept.read_text().strip(),
        "ADMISSIONS_WEBHOOK_ALLOW_PRIVATE": "true",
    }


def new_webhook_secret() -> str:
    """Return a fresh secret in the form of Standard Webhooks: whsec_ and 32 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _commands(settings: Settings, model: Path, *, desk: bool) -> list[tuple[str, list[str]]]:
    python, endpoints = sys.executable, _endpoints(settings)
    commands = [
        ("actions", [python, "-m", "rasa_sdk", "--actions", "actions", "--port", str(settings.action_port)]),
        (
            "rasa",
            [python, "-m", "rasa", "run", "--model", str(model), "--endpoints", str(endpoints), *_listening(settings)],
        ),
    ]
    if desk:
        commands.insert(0, ("receiver", [python, "-m", "admissions.cli", "receiver"]))
    return [*commands, ("worker", [python, "-m", "admissions.cli", "worker"])]


def _listening(settings: Settings) -> list[str]:
    return ["--credentials", "credentials.yml", "--interface", settings.host, "--port", str(settings.port)]


def _endpoints(settings: Settings) -> Path:
    """Write endpoints.yml with this machine's ports and folder, and return where it is."""
    endpoints = content.read_yaml(ROOT / "endpoints.yml")
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{settings.action_port}/webhook"
    if endpoints.get("tracker_store", {}).get("dialect") == "sqlite":
        endpoints["tracker_store"]["db"] = str(settings.var / "tracker.db")
    path = settings.var / "endpoints.yml"
    path.write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    return path


def _announce(settings: Settings, logs: Path, desk: bool) -> None:
    """Print the address once the assistant is ready; say where to look when that takes long."""
    started, warned = time.monotonic(), False
    while not _ready(settings):
        if not warned and time.monotonic() - started > SLOW_START_S:
            print(f"still not ready after {SLOW_START_S} s; look into {logs}", flush=True)
            warned = True
        time.sleep(0.3)
    print(f"ready after {time.monotonic() - started:.0f} s: http://localhost:{settings.port}/   (Ctrl-C stops it)")
    if desk:
        print(f"the demo's admissions desk: http://localhost:{settings.receiver_port}/", flush=True)


def _ready(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/health/ready", timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


class _ReceiverOnly(Printer):  # type: ignore[misc]
    """Prints what the demo's admissions desk shows; the other processes write to their logs."""

    def write(self, message: Message) -> None:
        """Print a line of the receiver; leave out honcho's own."""
        if message.type == "line" and str(message.name).startswith("receiver"):
            data = message.data if isinstance(message.data, str) else message.data.decode("utf-8", "replace")
            print(f"admissions desk | {data.rstrip()}", flush=True)
