"""Names, phones and illnesses, spoken through whole conversations and every kind of trouble, are looked for everywhere.

While a chat is open its words are in its messages and in Rasa's events, and nowhere else. Once it is cleared they are
in no place at all: what a receiver has is kept sealed.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from tests.e2e.assistant import SECRET, Assistant, Visitor, free_port

pytestmark = pytest.mark.model

#: What only visitors say here: names, phones and addresses in the forms they take, illnesses and substances.
CANARIES = (
    "zebrawood", "quillfeather", "719-555-0177", "7195550177", "555-0177", "719-555-0188", "7195550188", "555-0188",
    "zw@example.org", "schizophrenia", "hepatitis", "fibromyalgia", "ketamine", "mescaline",
)  # fmt: skip

#: Where the words of a chat are while it is open.
OF_AN_OPEN_CHAT = ("table messages", "table events")


class Echo:
    """A receiver of webhooks and notices that repeats what it is sent, as some do, and takes it or does not."""

    def __init__(self) -> None:
        self.port, self.takes = free_port(), True
        self.handoffs: list[str] = []
        self.notices: list[str] = []
        echo = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                (echo.handoffs if self.path == "/hook" else echo.notices).append(f"{self.headers}\n{body.decode()}")
                self.send_response(200 if echo.takes or self.path != "/hook" else 500)
                self.end_headers()
                # The contact stands behind the first 200 characters of a body, which are all that is kept of an answer.
                data = json.loads(body).get("data") or {}
                self.wfile.write(f"cannot use {data.get('contact')} {data.get('screening')}".encode())

            def log_message(self, *_: object) -> None:
                pass

        threading.Thread(
            target=ThreadingHTTPServer(("127.0.0.1", self.port), Handler).serve_forever, daemon=True
        ).start()


@pytest.fixture(scope="module")
def echo() -> Echo:
    return Echo()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, echo: Echo) -> Iterator[Assistant]:
    """An assistant of this module's own, whose every file is searched."""
    address = f"127.0.0.1:{echo.port}"
    settings = {
        "ADMISSIONS_WEBHOOK_URL": f"http://{address}/hook",
        "ADMISSIONS_WEBHOOK_SECRETS": SECRET,
        "ADMISSIONS_WEBHOOK_ALLOW_PRIVATE": "true",
        "ADMISSIONS_NOTIFY_URLS": f"json://{address}/notice",
    }
    running = Assistant(Path(tmp_path_factory.mktemp("leaks")), None, **settings).start()
    yield running
    running.stop()


def ask_for_a_call(visitor: Visitor, name: str, phone: str) -> None:
    """Talk up to the preview, whatever is asked on the way."""
    for words in ("please call me back", f"call me {name}", phone, "tomorrow morning"):
        visitor.say(words)
    for title in ("Neither", "Skip", "Neither"):
        if "Send" not in visitor.titles():
            visitor.tap(title) if title in visitor.titles() else visitor.say("any time is fine")
    assert "Send" in visitor.titles(), visitor.titles()


def take_the_screening(visitor: Visitor) -> None:
    """Answer some questions of the screening in words of one's own, none of them the last."""
    for words in ("take the questions", "no", "me", "34", "PHP", "no", "i have schizophrenia", "yes", "hepatitis c"):
        visitor.say(words)
    for words in ("ketamine and mescaline", "my name is Quillfeather", "719-555-0188"):
        visitor.say(words)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep a database from being written."""
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def talk(assistant: Assistant, echo: Echo) -> list[Visitor]:
    """Hold whole conversations that end in every way they can, and return who held them."""
    sent, screened, carded, refused, troubled, waiting = (assistant.visitor() for _ in range(6))
    ask_for_a_call(sent, "Zebrawood", "(719) 555-0177")
    sent.tap("Send")
    take_the_screening(screened)
    carded.say("zebrawood here, i want to end my life, it is the ketamine")
    carded.say("i have hepatitis and fibromyalgia, what is iop?")
    ask_for_a_call(refused, "Quillfeather", "719-555-0188")
    refused.tap("Don't send")
    ask_for_a_call(troubled, "Zebrawood", "zw@example.org")
    with locked(assistant.var / "admissions.db"):
        troubled.say("did you get my ketamine message")
    with locked(assistant.var / "tracker.db"):
        troubled.say("zebrawood has schizophrenia, what is php")
    echo.takes = False
    ask_for_a_call(waiting, "Quillfeather", "719-555-0188")
    waiting.tap("Send")
    return [sent, screened, carded, refused, troubled, waiting]


def bad_calls(assistant: Assistant, visitor: Visitor) -> dict[str, str]:
    """Send what cannot be taken, with a visitor's words in it, and return the answers."""
    words, name = "zebrawood 719-555-0177 ketamine", str(uuid.uuid4())
    bodies = {
        "no id": {"text": words},
        "id of words": {"id": words, "text": words},
        "not offered": {"id": name, "payload": words},
        "text and payload": {"id": name, "text": words, "payload": words},
        "list": [words],
        "text of a list": {"text": [words]},
        "too large": {"id": name, "text": words * 400},
    }
    answers = {what: visitor.post(body) for what, body in bodies.items()}
    url, own = assistant.url, visitor.headers
    answers["not JSON"] = requests.post(f"{url}/chat/messages", data=words, headers=own, timeout=10)
    answers["bad token"] = requests.get(
        f"{url}/chat/messages", headers={"Authorization": f"Bearer {words}"}, timeout=10
    )
    answers["no such path"] = requests.get(f"{url}/{words}?q={words}", timeout=10)
    answers["bad page"] = requests.post(f"{url}/chat/session", json={"time_zone": words}, timeout=10)
    for path in ("/health/live", "/health/ready", "/chat/status", "/chat/status?name=zebrawood"):
        answers[path] = requests.get(f"{url}{path}", timeout=10)
    return {f"answer to {what}": f"{answer.headers}\n{answer.text}" for what, answer in answers.items()}


def places(assistant: Assistant, echo: Echo) -> Iterator[tuple[str, str]]:
    """Give every place where something of a visitor could be, by its name, with all that is in it."""
    for path in sorted(assistant.var.glob("*.db")):
        with closing(sqlite3.connect(path)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                yield f"table {table}", "\n".join(str(row) for row in connection.execute(f'SELECT * FROM "{table}"'))
    for path in sorted(path for path in assistant.var.rglob("*") if path.is_file()):
        yield f"file {path.relative_to(assistant.var)}", path.read_bytes().decode("latin-1")
    for arguments in (
        ("outbox", "list"), ("outbox", "endpoints"), ("outbox", "show", "no-such"), ("audit",),
        ("purge", "--dry-run"), ("doctor", "--offline"), ("secret", "rotate-data-key"),
    ):  # fmt: skip
        done = assistant.command(*arguments)
        yield f"command {' '.join(arguments)}", done.stdout + done.stderr
    yield "notices", "\n".join(echo.notices)


def found_in(searched: dict[str, str]) -> dict[str, list[str]]:
    """Return the places that hold canaries, and which."""
    found = {name: [canary for canary in CANARIES if canary in text.lower()] for name, text in searched.items()}
    return {name: canaries for name, canaries in found.items() if canaries}


def test_names_phones_and_illnesses_are_nowhere_but_in_open_chats_and_sealed_handoffs(
    own: Assistant, echo: Echo, capsys: pytest.CaptureFixture[str]
) -> None:
    # given conversations of every kind, and a receiver that has one handoff and refuses another
    visitors = talk(own, echo)
    answers = bad_calls(own, visitors[0])
    assert any("Zebrawood" in handoff for handoff in echo.handoffs)
    assert any("Quillfeather" in handoff for handoff in echo.handoffs)
    assert echo.notices

    # when everything is searched while the chats are open
    open_chats = {**answers, **dict(places(own, echo))}

    # then the search sees what is there to see, and nothing is where it does not belong
    found = found_in(open_chats)
    assert found["table messages"]
    assert found["table events"]
    assert "turn.not_claimed" in open_chats["file log/rasa.log"], "the trouble came"
    assert '"status": 500' in open_chats["file log/worker.log"]
    assert "gAAAAA" in open_chats["table attempts"], "what the receiver repeated is there, sealed"
    elsewhere = {
        name: canaries
        for name, canaries in found.items()
        if name not in OF_AN_OPEN_CHAT and not name.startswith(("file admissions.db", "file tracker.db"))
    }
    assert elsewhere == {}

    # when the chats are cleared, each with a receipt
    for visitor in visitors:
        deleted = requests.delete(f"{own.url}/chat/session", headers=visitor.headers, timeout=20)
        assert deleted.headers["deletion-receipt"].startswith("del_")
    own.command("secret", "rotate-data-key")  # empties SQLite's log once more, which a reader may have held
    cleared = dict(places(own, echo))

    # then there is no place at all, the files' own bytes included; what the receiver has is there for who may read it
    assert found_in(cleared) == {}
    (line,) = [one for one in cleared["command outbox list"].splitlines() if "hnd_" in one]
    assert "Zebrawood" in own.command("outbox", "show", line.split()[0]).stdout
    with capsys.disabled():
        sys.stdout.write(
            f"\nleak test: {len(open_chats)} places with open chats, {len(cleared)} once cleared; 0 leaks\n"
        )
