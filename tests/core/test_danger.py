"""Patterns and signal together: either one raises the lane, how they differ is known, doubt silences nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from admissions import content
from admissions.core.danger import Disagreement, Leaning, find_danger
from admissions.core.lanes import Lane


@dataclass(frozen=True)
class Suspicion:
    """What the scripted signal says."""

    lane: str = "suicide"
    margin: float = 0.1
    leaning: Leaning = Leaning.DANGER
    other: bool = False
    spanish: bool = False


class ScriptedSignal:
    """Says the same of every message, and keeps how it was asked."""

    def __init__(self, says: Suspicion | None) -> None:
        self._says = says
        self.asked: list[tuple[str, bool]] = []

    def suspect(self, text: str, *, guarded: bool) -> Suspicion | None:
        self.asked.append((text, guarded))
        return self._says


def lane_of(says: Suspicion | None, text: str) -> tuple[Lane | None, Disagreement | None]:
    """Return what is found in a text by the real patterns and a scripted signal."""
    found = find_danger(content.gate(), ScriptedSignal(says), text)
    return (found.alarm.lane if found.alarm else None, found.disagreement)


@pytest.mark.parametrize(
    ("says", "text", "lane", "disagreement"),
    [
        (Suspicion(), "i want to die", Lane.SUICIDE, None),  # both agree
        (None, "i want to die", Lane.SUICIDE, None),  # no words for it
        (Suspicion(leaning=Leaning.DOUBT), "i want to die", Lane.SUICIDE, Disagreement.PATTERNS_ONLY),
        (Suspicion(leaning=Leaning.ORDINARY), "i want to die", None, Disagreement.TAKEN_BACK),  # only when it is sure
        (Suspicion("overdose"), "what is iop", Lane.OVERDOSE, Disagreement.SIGNAL_ONLY),  # it needs no pattern
        (None, "what is iop", None, None),
        (Suspicion(leaning=Leaning.DOUBT), "what is iop", None, None),
        (Suspicion("overdose"), "i want to die", Lane.SUICIDE, Disagreement.LANE),  # in doubt the patterns' lane
        (Suspicion("harm_others", margin=1.9), "i want to die", Lane.HARM_OTHERS, Disagreement.LANE),  # not when sure
    ],
)
def test_either_one_raises_the_lane(
    says: Suspicion | None, text: str, lane: Lane | None, disagreement: Disagreement | None
) -> None:
    assert lane_of(says, text) == (lane, disagreement)


def test_without_a_model_the_patterns_stand_alone() -> None:
    found = find_danger(content.gate(), None, "i want to die")
    assert found.alarm
    assert found.disagreement is None
    assert find_danger(content.gate(), None, "what is iop").alarm is None


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("i do not want to die", True),  # denial
        ("i overdosed ten years ago", True),  # past
        ("a long time ago i felt empty", True),  # past, though no pattern matched
        ("what is iop", False),
    ],
)
def test_what_the_patterns_took_back_asks_for_more(text: str, guarded: bool) -> None:
    signal = ScriptedSignal(None)
    find_danger(content.gate(), signal, text)
    assert signal.asked == [(text, guarded)]


def test_the_signal_chooses_wording_and_language() -> None:
    alarm = find_danger(content.gate(), ScriptedSignal(Suspicion(other=True, spanish=True)), "hola").alarm
    assert alarm
    assert (alarm.language, alarm.person, alarm.evidence) == ("es", "other", "")
    assert alarm.rule == "signal.suicide"
