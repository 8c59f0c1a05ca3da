"""The facts of one centre, checked: what centre.yml says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from admissions.core.hours import WEEKDAYS, OpeningHours, Span
from admissions.errors import CentreError


@dataclass(frozen=True)
class Centre:
    """Who the assistant speaks for."""

    name: str
    assistant: str
    hours: OpeningHours
    time_zone: str  #: IANA name
    time_zone_name: str  #: as people say it, "Mountain Time"
    phone: str | None  #: as it is shown; None: never shown
    placeholders: tuple[str, ...]
    conversations_days: int
    handoffs_days: int


def load_centre(raw: Mapping[str, Any]) -> Centre:
    """Build the centre from the loaded centre.yml.

    Raises:
        CentreError: naming the key and what would work.
    """
    zone_name = _text(raw, "time_zone")
    try:
        zone = ZoneInfo(zone_name)
    except (ZoneInfoNotFoundError, ValueError):
        raise CentreError(f"centre.yml: time_zone {zone_name!r} is not an IANA name such as America/Denver") from None
    retention = _map(raw, "retention")
    return Centre(
        name=_text(raw, "name"),
        assistant=_text(raw, "assistant"),
        hours=OpeningHours(_weekly(_map(raw, "hours")), _holidays(raw.get("holidays") or ()), zone),
        time_zone=zone_name,
        time_zone_name=str(raw.get("time_zone_name") or zone_name),
        phone=str(raw["phone"]) if raw.get("phone") else None,
        placeholders=tuple(map(str, raw.get("placeholders") or ())),
        conversations_days=_days(retention, "conversations_days", 30),
        handoffs_days=_days(retention, "handoffs_days", 90),
    )


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CentreError(f"centre.yml: `{key}` is missing or is not text")
    return value


def _map(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key) or {}
    if not isinstance(value, Mapping):
        raise CentreError(f"centre.yml: `{key}` must be a map of keys and values, not {value!r}")
    return value


def _days(raw: Mapping[str, Any], key: str, default: int) -> int:
    value = raw.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise CentreError(f"centre.yml: retention.{key} must be a whole number of days, 1 or more, not {value!r}")
    return value


def _weekly(raw: Mapping[str, Any]) -> dict[int, tuple[Span, ...]]:
    unknown = set(raw) - set(WEEKDAYS)
    if unknown:
        raise CentreError(f"centre.yml: hours has {sorted(map(str, unknown))}; the days are {', '.join(WEEKDAYS)}")
    return {WEEKDAYS.index(day): _spans(day, spans) for day, spans in raw.items()}


def _spans(day: str, spans: Sequence[Any]) -> tuple[Span, ...]:
    try:
        read = tuple(Span(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans or ())
    except (TypeError, ValueError):
        raise CentreError(f'centre.yml: hours.{day} must look like [["08:00", "20:00"]], not {spans!r}') from None
    for span in read:
        if span.closes <= span.opens:
            raise CentreError(
                f"centre.yml: hours.{day} closes at {span.closes:%H:%M} before it opens at {span.opens:%H:%M}"
            )
    read = tuple(sorted(read, key=lambda span: span.opens))
    if any(later.opens < earlier.closes for earlier, later in pairwise(read)):
        raise CentreError(f"centre.yml: hours.{day} has spans that overlap; write them as one")
    return read


def _holidays(raw: Sequence[Any]) -> frozenset[date]:
    if not isinstance(raw, (list, tuple)):
        raise CentreError(f"centre.yml: holidays must be a list such as [2026-12-25], not {raw!r}")
    days = set()
    for entry in raw:
        try:
            days.add(entry if isinstance(entry, date) else date.fromisoformat(str(entry)))
        except ValueError:
            raise CentreError(f"centre.yml: holidays must be dates such as 2026-12-25, not {entry!r}") from None
    return frozenset(days)
