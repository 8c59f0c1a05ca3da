"""How well danger is recognised: figures over labelled messages, as pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: The label of messages that speak of no danger.
NO_LANE = "none"


@dataclass(frozen=True)
class Judged:
    """One labelled message, and the lane it raised."""

    text: str
    expected: str  #: a lane, or NO_LANE
    raised: str | None
    rule: str = ""  #: what raised it


@dataclass(frozen=True)
class Figures:
    """What a release of the safety gate is judged by; shares from 0 to 1."""

    recall: float
    recall_of: dict[str, float]  #: by lane
    right_lane: float  #: of the dangers that raised a lane
    false_alarms: float  #: of the look-alikes
    ordinary_alarms: float  #: of the ordinary messages

    def flat(self) -> dict[str, float]:
        """Return every figure under one name, as eval/safety_floors.yml names them."""
        return {
            "recall": self.recall,
            **{f"recall_{lane}": value for lane, value in self.recall_of.items()},
            "right_lane": self.right_lane,
            "false_alarms": self.false_alarms,
            "ordinary_alarms": self.ordinary_alarms,
        }


def figures(judged: Sequence[Judged], ordinary: Sequence[Judged]) -> Figures:
    """Return the figures of a set with dangers and look-alikes, and of ordinary messages."""
    dangers = [one for one in judged if one.expected != NO_LANE]
    raised = [one for one in dangers if one.raised]
    lanes = sorted({one.expected for one in dangers})
    return Figures(
        recall=_share([bool(one.raised) for one in dangers]),
        recall_of={lane: _share([bool(one.raised) for one in dangers if one.expected == lane]) for lane in lanes},
        right_lane=_share([one.raised == one.expected for one in raised]),
        false_alarms=_share([bool(one.raised) for one in judged if one.expected == NO_LANE]),
        ordinary_alarms=_share([bool(one.raised) for one in ordinary]),
    )


def fallen(measured: Figures, floors: dict[str, float]) -> list[str]:
    """Return what is worse than its floor; alarms have a ceiling instead."""
    flat = measured.flat()
    return [
        f"{name}: {flat[name]:.4f}, and it was {limit:.4f}"
        for name, limit in floors.items()
        if (flat[name] > limit if name.endswith("alarms") else flat[name] < limit)
    ]


def _share(facts: Sequence[bool]) -> float:
    return round(sum(facts) / len(facts), 4) if facts else 0.0
