"""Whether the assistant is up, whether it can do its work, and whether somebody is there."""

from __future__ import annotations

import asyncio

import aiohttp
from sanic.blueprints import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from admissions import content
from admissions.bootstrap import Parts
from admissions.core.canary import oldest_age
from admissions.core.handoff import iso
from admissions.dialogue.rasa_agent import RasaAgent
from admissions.errors import AdmissionsError

#: How long one check may take, in seconds: a probe that hangs is a failed one.
CHECK_TIMEOUT_S = 2.0

#: A handoff that waits longer than this for its delivery makes the assistant not ready, in seconds.
LONGEST_LAG_S = 900


def add_routes(blueprint: Blueprint, built: Parts) -> None:
    """Add /health/live, /health/ready and /chat/status."""

    async def live(request: Request) -> HTTPResponse:
        return json({"status": "up"})

    async def ready(request: Request) -> HTTPResponse:
        rasa = RasaAgent(request.app.ctx.agent)
        store, lag = await _store_and_lag(built)
        checks = {
            "model": rasa.is_ready(),
            "actions": await _answers(rasa.action_endpoint()),
            "store": store,
            "outbox": lag is not None and lag < LONGEST_LAG_S,
        }
        good = all(checks.values())
        body = {
            "status": "ready" if good else "not ready",
            "checks": checks,
            "outbox_lag_seconds": lag,
            "canary_age_seconds": await canary_age_s(built),
        }
        return json(body, status=200 if good else 503)

    async def status(request: Request) -> HTTPResponse:
        centre, now = content.centre(), built.clock.now()
        closes, opens = centre.hours.closes_at(now), centre.hours.next_opening(now)
        _, lag = await _store_and_lag(built)
        return json(
            {
                "open": closes is not None,
                "opens_at": iso(opens) if opens else None,
                "closes_at": iso(closes) if closes else None,
                "time_zone": centre.time_zone,
                "phone": centre.phone,
                "handoff": _handoff_words(built, lag),
            }
        )

    blueprint.add_route(live, "/health/live", methods=["GET"], name="health_live")
    blueprint.add_route(ready, "/health/ready", methods=["GET"], name="health_ready")
    blueprint.add_route(status, "/chat/status", methods=["GET"], name="chat_status")


async def _store_and_lag(built: Parts) -> tuple[bool, float | None]:
    """Return whether the store can be written, and how long the oldest due handoff waits in seconds (0: none does)."""

    def look() -> float:
        built.conversations.ping()
        now = built.clock.now()
        since = built.outbox.oldest_due(now)
        return (now - since).total_seconds() if since else 0.0

    try:
        return True, await asyncio.wait_for(asyncio.to_thread(look), CHECK_TIMEOUT_S)
    except (AdmissionsError, asyncio.TimeoutError):
        return False, None


async def canary_age_s(built: Parts) -> float | None:
    """Return how long ago the hourly test arrived, where that is longest; None when that cannot be said."""

    def look() -> float | None:
        if built.canaries is None:
            return None
        names = [webhook.name for webhook in built.settings.webhooks]
        age = oldest_age(built.canaries.statuses(), names, built.clock.now())
        return None if age is None else age.total_seconds()

    try:
        return await asyncio.wait_for(asyncio.to_thread(look), CHECK_TIMEOUT_S)
    except (AdmissionsError, asyncio.TimeoutError):
        return None


async def _answers(endpoint: str | None) -> bool:
    """Say whether the action server behind this webhook address answers."""
    if endpoint is None:
        return False
    address = endpoint.rsplit("/", 1)[0] + "/health"
    try:
        timeout = aiohttp.ClientTimeout(total=CHECK_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as client, client.get(address) as response:
            return response.status == 200
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return False


def _handoff_words(built: Parts, lag: float | None) -> str:
    """Say how a handoff would fare now: "held" without a webhook, "delayed" when one waits, else "delivering"."""
    if built.settings.webhook_url is None:
        return "held"
    return "delivering" if lag is not None and lag < LONGEST_LAG_S else "delayed"
