"""What the worker does again and again beside delivering: tests, notices, deletions."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from admissions.errors import StoreError

log = structlog.get_logger(__name__)


async def make_rounds(work: Callable[[], Awaitable[object]], stop: asyncio.Event, every_s: float, *, name: str) -> None:
    """Do `work` now and every `every_s` seconds, until `stop` is set; a round that fails is logged, and they go on.

    Args:
        name: of the work; a failed round is the event `<name>.trouble`.
    """
    while not stop.is_set():
        try:
            await work()
        except Exception as error:  # only our own errors have words without visitors' data
            log.error(
                f"{name}.trouble",
                error=type(error).__name__,
                hint=str(error) if isinstance(error, StoreError) else None,
            )
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), every_s)
