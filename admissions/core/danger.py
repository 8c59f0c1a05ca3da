"""Does a message speak of danger? The patterns and the trained signal together: either one alone raises the lane."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from admissions.core.lanes import Lane
from admissions.core.safety import Alarm, SafetyGate, bounded

#: Rule of an alarm that only the trained signal raised.
SIGNAL_RULE = "signal"

#: From this margin on the signal chooses between two lanes: on left-out examples it is then right more often than the
#: patterns, below it less often.
SURE_MARGIN = 0.3


class Suspected(Protocol):
    """What a trained signal says of a message."""

    @property
    def lane(self) -> str:
        """The likeliest lane."""

    @property
    def margin(self) -> float:
        """How far the lane lies above "no danger": 0 is doubt, 1 is what it was trained for."""

    @property
    def other(self) -> bool:
        """Whether somebody else than the visitor is in danger."""

    @property
    def spanish(self) -> bool:
        """Whether the message is in Spanish."""


class Signal(Protocol):
    """A trained signal; admissions/understanding has one."""

    def suspect(self, text: str, *, guarded: bool) -> Suspected | None:
        """Return the danger a message speaks of, None for none; `guarded` asks for more."""


class Disagreement(Enum):
    """How patterns and signal differ over an alarm; counted, never with a text."""

    PATTERNS_ONLY = "patterns_only"  #: the signal saw no danger
    SIGNAL_ONLY = "signal_only"  #: no pattern matched, or a guard took it back
    LANE = "lane"  #: both saw danger, of different kinds


@dataclass(frozen=True)
class Danger:
    """An alarm, and how patterns and signal differ over it."""

    alarm: Alarm
    disagreement: Disagreement | None = None  #: None: they agree, or no model is loaded


def find_danger(gate: SafetyGate, signal: Signal | None, text: str) -> Danger | None:
    """Return the danger a message speaks of, None for none.

    Args:
        gate: the patterns.
        signal: the trained signal, None while no model is loaded.
        text: the visitor's words, or the title of the button they tapped.
    """
    verdict = gate.read(text)
    if signal is None:
        return Danger(verdict.alarm) if verdict.alarm else None
    suspected = signal.suspect(bounded(text), guarded=verdict.guarded)
    if verdict.alarm is None:
        return Danger(_alarm_of(suspected), Disagreement.SIGNAL_ONLY) if suspected else None
    if suspected is None:
        return Danger(verdict.alarm, Disagreement.PATTERNS_ONLY)
    if suspected.lane == verdict.alarm.lane.value:
        return Danger(verdict.alarm)
    # The patterns name words one can look at, so theirs is the lane; unless the signal is sure: a gun at hand is as
    # well somebody's plan to kill another as to die, and only the whole sentence tells.
    alarm = _alarm_of(suspected) if suspected.margin >= SURE_MARGIN else verdict.alarm
    return Danger(alarm, Disagreement.LANE)


def _alarm_of(suspected: Suspected) -> Alarm:
    return Alarm(
        Lane(suspected.lane),
        evidence="",
        rule=f"{SIGNAL_RULE}.{suspected.lane}",
        language="es" if suspected.spanish else "en",
        person="other" if suspected.other else "self",
    )
