"""Does a message speak of danger? The patterns and the trained signal together: either one alone raises the lane.

One thing takes a pattern's alarm back: a signal that is sure that the whole message is ordinary, far from its doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from admissions.core.lanes import Lane
from admissions.core.safety import Alarm, SafetyGate, bounded

#: Rule of an alarm that only the trained signal raised.
SIGNAL_RULE = "signal"


class Leaning(Enum):
    """What the signal makes of a message as a whole."""

    DANGER = "danger"
    DOUBT = "doubt"  #: it raises nothing by itself, and takes nothing back
    ORDINARY = "ordinary"  #: plainly so


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
        """How far the lane lies above "no danger": 0 is doubt, 2 is what it was trained for."""

    @property
    def leaning(self) -> Leaning:
        """What follows from the margin."""

    @property
    def other(self) -> bool:
        """Whether somebody else than the visitor is in danger."""

    @property
    def spanish(self) -> bool:
        """Whether the message is in Spanish."""


class Signal(Protocol):
    """A trained signal; admissions/understanding has one."""

    def suspect(self, text: str, *, guarded: bool) -> Suspected | None:
        """Return what a message says, None for one without words; `guarded` asks for more before it is a danger."""


class Disagreement(Enum):
    """How patterns and signal differ over an alarm; counted, never with a text."""

    PATTERNS_ONLY = "patterns_only"  #: the signal saw no danger
    SIGNAL_ONLY = "signal_only"  #: no pattern matched, or a guard took it back
    LANE = "lane"  #: both saw danger, of different kinds
    TAKEN_BACK = "taken_back"  #: a pattern matched, and the signal was sure that the message is ordinary


@dataclass(frozen=True)
class Finding:
    """What a message was found to speak of, and how patterns and signal differ over it."""

    alarm: Alarm | None
    disagreement: Disagreement | None = None  #: None: they agree, or no model is loaded


def find_danger(gate: SafetyGate, signal: Signal | None, text: str) -> Finding:
    """Look for the danger a message speaks of.

    Args:
        gate: the patterns.
        signal: the trained signal, None while no model is loaded.
        text: the visitor's words, or the title of the button they tapped.
    """
    verdict = gate.read(text)
    suspected = signal.suspect(bounded(text), guarded=verdict.guarded) if signal else None
    if suspected is None:
        return Finding(verdict.alarm)
    if verdict.alarm is None:
        if suspected.leaning is Leaning.DANGER:
            return Finding(_alarm_of(suspected), Disagreement.SIGNAL_ONLY)
        return Finding(None)
    if suspected.leaning is Leaning.ORDINARY:
        return Finding(None, Disagreement.TAKEN_BACK)
    if suspected.leaning is Leaning.DOUBT:
        return Finding(verdict.alarm, Disagreement.PATTERNS_ONLY)
    if suspected.lane == verdict.alarm.lane.value:
        return Finding(verdict.alarm)
    # The patterns name words one can look at, so theirs is the lane; unless the signal is sure: a gun at hand is as
    # well somebody's plan to kill another as to die, and only the whole sentence tells.
    alarm = _alarm_of(suspected) if suspected.margin >= SURE_MARGIN else verdict.alarm
    return Finding(alarm, Disagreement.LANE)


def _alarm_of(suspected: Suspected) -> Alarm:
    return Alarm(
        Lane(suspected.lane),
        evidence="",
        rule=f"{SIGNAL_RULE}.{suspected.lane}",
        language="es" if suspected.spanish else "en",
        person="other" if suspected.other else "self",
    )
