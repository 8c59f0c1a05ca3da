"""The only way in: Rasa's input channel, speaking the widget's HTTP (docs/architecture.md, "HTTP")."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Sanic
from sanic.blueprints import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from admissions import content, logs
from admissions.bootstrap import Parts, parts
from admissions.core.handoff import iso
from admissions.dialogue import health, pages, problems, session
from admissions.dialogue.answers import bot_message
from admissions.dialogue.conversation_view import as_json, with_current_receipts
from admissions.dialogue.rasa_agent import CHANNEL_NAME, RasaAgent
from admissions.dialogue.turns import Said, Turns
from admissions.dialogue.wording import clean
from admissions.errors import SessionError, SessionExpired, StoreError
from admissions.names import UTTER_SESSION_START

#: Bytes of a request body: the longest text that is read, four bytes a character, and room for the rest.
BODY_LIMIT = 8192

#: The header of a deletion's answer that carries the id of its receipt.
DELETION_RECEIPT = "deletion-receipt"

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_TIME_ZONE = re.compile(r"[A-Za-z0-9_+\-/]{1,64}\Z")


class AdmissionsInput(InputChannel):  # type: ignore[misc]
    """The widget's channel."""

    def __init__(self, built: Parts | None = None) -> None:
        self._built = built

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return CHANNEL_NAME

    @classmethod
    def url_prefix(cls) -> str:
        """Serve at the root of the port instead of under /webhooks/."""
        return "/"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> AdmissionsInput:
        """Create the channel for credentials.yml; it takes no credentials, its settings are the environment's."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes."""
        built = self._built or parts()
        logs.keep_words_out_of_rasas_logs()
        turns = Turns(
            built.conversations,
            content.gate(),
            content.cards(),
            content.after_card(),
            content.never_list(),
            built.clock,
            content.centre().phone,
            content.follow_ups(),
        )
        blueprint = RootBlueprint("admissions")
        pages.add_routes(blueprint)
        health.add_routes(blueprint, built)
        _add_chat_routes(blueprint, built, turns)
        return blueprint


class RootBlueprint(Blueprint):  # type: ignore[misc]
    """A blueprint that owns the whole port: its own `/`, its limits, its errors, its headers."""

    def register(self, app: Sanic, options: dict[str, Any]) -> Any:
        """Register on the app, in place of Rasa's greeting at `/`."""
        greeting = app.router.routes_all.get(("",))
        if greeting is not None:
            app.router.static_routes.pop(("",), None)
            app.router.name_index.pop(greeting.name, None)
        app.config.REQUEST_MAX_SIZE = BODY_LIMIT
        app.config.REQUEST_TIMEOUT = 15  # a slow sender gives its place free, in seconds
        app.error_handler.add(Exception, problems.problem_of)
        app.register_middleware(_security_headers, "response")  # type: ignore[arg-type]
        options = {**options, "url_prefix": ""}
        return super().register(app, options)  # type: ignore[no-untyped-call]


def _add_chat_routes(blueprint: Blueprint, built: Parts, turns: Turns) -> None:
    def conversation_of(request: Request) -> str:
        scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise problems.NO_TOKEN
        try:
            return session.conversation_of(token.strip(), built.clock.now(), built.settings.session_secret)
        except SessionExpired:
            raise problems.EXPIRED from None
        except SessionError:
            raise problems.BAD_TOKEN from None

    async def start(request: Request) -> HTTPResponse:
        _check_origin(request, built)
        given = _object(request, optional=True)
        now, conversation_id = built.clock.now(), session.new_conversation_id()
        page_url, zone = _short(given.get("page_url"), 500), given.get("time_zone")
        known_zone = zone if isinstance(zone, str) and _TIME_ZONE.match(zone) else None
        greeting = RasaAgent(request.app.ctx.agent).response(UTTER_SESSION_START)
        hello = bot_message(greeting or {"text": content.cards().fallback(content.centre().phone)}, now)
        try:
            await asyncio.to_thread(
                built.conversations.create, conversation_id, now, page_url=page_url, time_zone=known_zone
            )
            await asyncio.to_thread(built.conversations.append, conversation_id, [hello])
        except StoreError:
            raise problems.UNAVAILABLE from None
        token, expires_at = session.issue(conversation_id, now, built.settings.session_secret)
        return json({"token": token, "expires_at": iso(expires_at)}, status=201)

    async def say(request: Request) -> HTTPResponse:
        _check_origin(request, built)
        conversation_id = conversation_of(request)
        said = _said(_object(request))
        answer = await turns.take(RasaAgent(request.app.ctx.agent), conversation_id, said)
        return json({"messages": as_json(answer)})

    async def history(request: Request) -> HTTPResponse:
        _check_origin(request, built)
        conversation_id = conversation_of(request)
        try:
            if not await asyncio.to_thread(built.conversations.exists, conversation_id):
                raise problems.GONE
            messages = await asyncio.to_thread(built.conversations.messages, conversation_id)
            rasa = RasaAgent(request.app.ctx.agent)
            shown = await asyncio.to_thread(with_current_receipts, messages, built.outbox, rasa)
        except StoreError:
            raise problems.UNAVAILABLE from None
        return json({"messages": as_json(shown)})

    async def forget(request: Request) -> HTTPResponse:
        _check_origin(request, built)
        conversation_id = conversation_of(request)
        try:
            receipt = await turns.forget(RasaAgent(request.app.ctx.agent), conversation_id)
        except StoreError:
            raise problems.UNAVAILABLE from None
        return empty(204, headers={DELETION_RECEIPT: receipt})

    async def preflight(request: Request) -> HTTPResponse:
        _check_origin(request, built)
        return empty(204)

    blueprint.add_route(start, "/chat/session", methods=["POST"], name="session_start")
    blueprint.add_route(forget, "/chat/session", methods=["DELETE"], name="session_forget")
    blueprint.add_route(say, "/chat/messages", methods=["POST"], name="messages_say")
    blueprint.add_route(history, "/chat/messages", methods=["GET"], name="messages_history")
    blueprint.add_route(preflight, "/chat/session", methods=["OPTIONS"], name="session_preflight")
    blueprint.add_route(preflight, "/chat/messages", methods=["OPTIONS"], name="messages_preflight")


def _object(request: Request, *, optional: bool = False) -> dict[str, Any]:
    if optional and not request.body:
        return {}
    if not (request.headers.get("content-type") or "").lower().startswith("application/json"):
        raise problems.WRONG_TYPE
    try:
        body = request.json
    except Exception:  # Sanic wraps whatever its parser raises, deep nesting included
        raise problems.NOT_JSON from None
    if not isinstance(body, dict):
        raise problems.NOT_JSON
    return body


def _said(body: dict[str, Any]) -> Said:
    client_id, text, payload = body.get("id"), body.get("text"), body.get("payload")
    if not isinstance(client_id, str) or not _UUID.match(client_id):
        raise problems.BAD_ID
    if (text is None) == (payload is None):
        raise problems.BAD_TEXT
    if payload is not None:
        if not isinstance(payload, str) or not payload:
            raise problems.BAD_TEXT
        return Said(client_id.lower(), payload=clean(payload))
    if not isinstance(text, str) or not clean(text):
        raise problems.BAD_TEXT
    return Said(client_id.lower(), text=clean(text))


def _short(value: Any, limit: int) -> str | None:
    return clean(value)[:limit] if isinstance(value, str) else None


def _check_origin(request: Request, built: Parts) -> None:
    """Refuse a website that is not ours or not on the list; a request without an Origin is no browser's."""
    origin = request.headers.get("origin")
    if not origin:
        return
    own = origin.split("://", 1)[-1] == request.headers.get("host")
    if own:
        return
    if origin not in built.settings.allowed_origins:
        raise problems.FOREIGN_ORIGIN
    request.ctx.allowed_origin = origin


async def _security_headers(request: Request, response: HTTPResponse) -> None:
    response.headers.setdefault("x-content-type-options", "nosniff")
    response.headers.setdefault("referrer-policy", "no-referrer")
    if request.path.startswith("/chat/"):
        response.headers.setdefault("cache-control", "no-store")
    allowed = getattr(request.ctx, "allowed_origin", None)
    if allowed:
        response.headers.update(
            {
                "access-control-allow-origin": allowed,
                "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
                "access-control-allow-headers": "authorization, content-type",
                "access-control-expose-headers": DELETION_RECEIPT,
                "vary": "origin",
            }
        )
