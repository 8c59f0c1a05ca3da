"""The notice that a handoff waits: when it is due and what it says. It holds nothing that the visitor said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from admissions.core.centre import Centre
from admissions.core.handoff import Urgency
from admissions.core.hours import say_clock, say_moment


class Kind(Enum):
    """Which notice of a handoff."""

    FIRST = "first"  #: it came in
    SECOND = "second"  #: nobody has claimed it for the centre's set time of opening hours


@dataclass(frozen=True)
class Waiting:
    """A handoff that nobody has claimed: no more of it than a notice may know."""

    handoff_id: str
    reference: str
    urgency: Urgency
    created_at: datetime  #: aware UTC
    told: frozenset[Kind] = frozenset()  #: the notices that went out


@dataclass(frozen=True)
class Notice:
    """One notice to send."""

    handoff_id: str
    kind: Kind
    title: str
    body: str


@dataclass(frozen=True)
class Wording:
    """Title and body of one kind of notice, as content/notices.yml has them."""

    title: str
    body: str


#: The names of the wordings in content/notices.yml.
WORDINGS = ("first", "first_urgent", "second", "test")


def load_wordings(raw: Mapping[str, Any]) -> dict[str, Wording]:
    """Build the wordings from the loaded file. Raises KeyError, TypeError, ValueError, also for a word nobody fills."""
    read = {name: Wording(str(raw[name]["title"]), str(raw[name]["body"])) for name in WORDINGS}
    for wording in read.values():
        f"{wording.title}{wording.body}".format(reference="", received="", waits="")
    return read


def due(waiting: Sequence[Waiting], centre: Centre, wordings: Mapping[str, Wording], now: datetime) -> Iterator[Notice]:
    """Yield the notices that are to go out now, in the order the handoffs came.

    The first is due at once, day and night: who is on call decides what can wait. The second is due once the handoff
    has waited for the centre's set time of opening hours; never when that is 0.
    """
    for one in sorted(waiting, key=lambda one: one.created_at):
        if Kind.FIRST not in one.told:
            name = "first" if one.urgency is Urgency.ROUTINE else "first_urgent"
            yield _notice(one, Kind.FIRST, wordings[name], centre, now)
        elif Kind.SECOND not in one.told and _waits_too_long(one, centre, now):
            yield _notice(one, Kind.SECOND, wordings["second"], centre, now)


def _waits_too_long(one: Waiting, centre: Centre, now: datetime) -> bool:
    limit = timedelta(minutes=centre.unclaimed_minutes)
    return bool(limit) and centre.hours.open_time(one.created_at, now) >= limit


def _notice(one: Waiting, kind: Kind, wording: Wording, centre: Centre, now: datetime) -> Notice:
    filled = {
        "reference": one.reference,
        "received": f"{_received(one.created_at, now, centre)} ({centre.time_zone_name})",
        "waits": _minutes(centre.hours.open_time(one.created_at, now)),
    }
    return Notice(one.handoff_id, kind, wording.title.format(**filled), wording.body.format(**filled))


def _received(at: datetime, now: datetime, centre: Centre) -> str:
    """Write a past moment: "today at 8:05 AM", else with its date."""
    local = at.astimezone(centre.hours.zone)
    if local.date() == now.astimezone(centre.hours.zone).date():
        return say_moment(at, now, centre.hours.zone)
    return f"{local:%A, %B} {local.day} at {say_clock(at, centre.hours.zone)}"


def _minutes(passed: timedelta) -> str:
    minutes = int(passed.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
