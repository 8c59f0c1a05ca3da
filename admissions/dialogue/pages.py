"""The demo page and the built widget, served from the project's own files."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from sanic.blueprints import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from admissions.settings import ROOT

#: Every file that is served, by its address; nothing else under widget/ can be reached.
FILES = {
    "/": (ROOT / "widget" / "demo" / "index.html", "text/html; charset=utf-8"),
    "/widget/demo.css": (ROOT / "widget" / "demo" / "demo.css", "text/css; charset=utf-8"),
    "/widget/admissions-chat.js": (ROOT / "widget" / "dist" / "admissions-chat.js", "text/javascript; charset=utf-8"),
}

#: The page may load its own script and style and talk to its own server, and nothing else.
PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; object-src 'none'"

#: How long a browser may keep the widget without asking, in seconds.
WIDGET_MAX_AGE_S = 300


def add_routes(blueprint: Blueprint) -> None:
    """Add one GET route a file."""
    for address, (path, content_type) in FILES.items():
        blueprint.add_route(_handler(path, content_type), address, methods=["GET"], name=_name(address))
    blueprint.add_route(_no_icon, "/favicon.ico", methods=["GET"], name="page_favicon")


def _name(address: str) -> str:
    return f"page_{address.strip('/').replace('/', '_').replace('.', '_').replace('-', '_') or 'demo'}"


async def _no_icon(request: Request) -> HTTPResponse:
    return empty(204)


def _handler(path: Path, content_type: str) -> Callable[[Request], Coroutine[Any, Any, HTTPResponse]]:
    async def serve(request: Request) -> HTTPResponse:
        # Any site may load the script: with SRI a browser asks for it as anonymous CORS (docs/embed.md).
        headers = {
            "cache-control": f"public, max-age={WIDGET_MAX_AGE_S}",
            "access-control-allow-origin": "*",
            "cross-origin-resource-policy": "cross-origin",
        }
        if content_type.startswith("text/html"):
            headers = {"cache-control": "no-cache", "content-security-policy": PAGE_POLICY}
        return raw(path.read_bytes(), content_type=content_type, headers=headers)

    return serve
