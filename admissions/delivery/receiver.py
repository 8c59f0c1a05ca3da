"""A sample admissions desk, for trying the webhook and as an example to copy: it verifies, de-duplicates and shows.

A demonstration, not a product: it keeps the last handoffs in memory only, and anyone who can open the page reads them,
so it listens on this machine alone. It deliberately shares no code with our own signing.
"""

from __future__ import annotations

import html
import json
import sys
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO

from aiohttp import web
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

#: Handoffs kept for the page.
KEPT = 50

#: Webhook ids remembered for de-duplication; a real receiver keeps them in its database.
IDS_KEPT = 10_000

#: Requests above this many bytes are refused (the format recommends bodies below 20 kB).
BODY_MAX_BYTES = 256 * 1024

HOST = "127.0.0.1"

DEMO_NOTE = (
    "Sample admissions desk: a demonstration that keeps the last handoffs in memory and forgets them when it stops."
)

#: No script, no other origin, no frame: the page shows what strangers wrote.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width"><title>Sample admissions desk</title>
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}}
pre{{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #767676;border-radius:.4rem;padding:.8rem}}</style>
</head><body><h1>Sample admissions desk</h1><p>{note}</p>{handoffs}</body></html>
"""


class Desk:
    """What arrived: each webhook once, the newest first."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._ids: OrderedDict[str, None] = OrderedDict()
        self.handoffs: deque[list[str]] = deque(maxlen=KEPT)

    def take(self, webhook_id: str, payload: Mapping[str, Any]) -> bool:
        """Keep and print a handoff; say False when this id came before."""
        if webhook_id in self._ids:
            return False
        self._ids[webhook_id] = None
        if len(self._ids) > IDS_KEPT:
            self._ids.popitem(last=False)
        lines = describe(payload)
        self.handoffs.appendleft(lines)
        self._out.write("\n".join(["", *lines, ""]))
        self._out.flush()
        return True


def make_app(secrets: Sequence[str], out: TextIO) -> web.Application:
    """Return the receiver's application.

    Args:
        secrets: every active `whsec_` secret; a request signed with any of them counts
        out: where each new handoff is printed
    """
    webhooks = [Webhook(secret) for secret in secrets]
    desk = Desk(out)

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        if not any(_verifies(webhook, body, request.headers) for webhook in webhooks):
            return web.json_response({"error": "the signature does not verify"}, status=401)
        try:
            payload = json.loads(body)
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            return web.json_response({"error": "the body is not a JSON object"}, status=400)
        if payload.get("type") == "admissions.test":  # the hourly canary: answered, and nothing for a person to see
            return web.json_response({"received": True, "test": True})
        new = desk.take(request.headers["webhook-id"], payload)
        return web.json_response({"received": True, "duplicate": not new})

    async def page(_request: web.Request) -> web.Response:
        shown = "".join(f"<pre>{html.escape(chr(10).join(lines))}</pre>" for lines in desk.handoffs)
        text = PAGE.format(note=html.escape(DEMO_NOTE), handoffs=shown or "<p>Nothing has arrived yet.</p>")
        return web.Response(text=text, content_type="text/html", headers=PAGE_HEADERS)

    app = web.Application(client_max_size=BODY_MAX_BYTES)
    app.add_routes([web.post("/webhook", receive), web.get("/", page)])
    return app


def run_receiver(secrets: Sequence[str], port: int, out: TextIO = sys.stdout) -> None:
    """Serve until SIGTERM or SIGINT."""
    out.write(
        f"{DEMO_NOTE}\nIt listens at http://localhost:{port}/webhook and shows what came at http://localhost:{port}/\n"
    )
    out.flush()
    web.run_app(make_app(secrets, out), host=HOST, port=port, print=None, access_log=None)


def _verifies(webhook: Webhook, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        webhook.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # the library lets a malformed header out as ValueError
        return False
    return True


def describe(payload: Mapping[str, Any]) -> list[str]:
    """Return a handoff as short lines for a person; fields of an unexpected form are left out."""
    data = _map(payload, "data")
    contact = _map(data, "contact")
    test = "TEST " if payload.get("test") is True else ""
    lines = [
        f"{test}handoff {_word(data, 'reference')} · {_word(data, 'reason')} · {_word(data, 'urgency')}",
        f"  id {_word(data, 'id')} · {_word(payload, 'timestamp')}",
    ]
    for name in ("lane", "about"):
        if name in data:
            lines.append(f"  {name}: {_word(data, name)}")
    for name in ("name", "phone", "email", "preferred", "voicemail_ok", "text_ok"):
        if name in contact:
            lines.append(f"  {name}: {_word(contact, name)}")
    window = _map(contact, "window")
    if window:
        lines.append("  when: " + " · ".join(_word(window, name) for name in window))
    lines += _each(data, "screening", lambda one: f"  {_word(one, 'asked')} → {_word(one, 'answer')}")
    if data.get("topics"):
        lines.append(f"  topics: {_word(data, 'topics')}")
    lines += _each(
        data,
        "indications",
        lambda one: f"  raise {_word(one, 'topic')} because of {_word(one, 'because')} ({_word(one, 'source')})",
    )
    lines += _each(data, "transcript", lambda one: f"  {_word(one, 'from')}: {_word(one, 'text')}")
    return lines


def _map(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _each(fields: Mapping[str, Any], name: str, line: Callable[[Mapping[str, Any]], str]) -> list[str]:
    value = fields.get(name)
    return [line(one) for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _word(fields: Mapping[str, Any], name: str) -> str:
    """Return a field as one line of printable text, so that nobody's words can steer the terminal."""
    value = fields.get(name, "-")
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return "".join(character if character.isprintable() else " " for character in text)
