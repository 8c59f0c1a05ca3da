"""How well a model understands held-out messages: the figures a release is judged by, as pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from admissions.errors import ContentError

#: The held-out files, and what is put before the labels of each to make them the model's.
FAQ_FILE, INTENTS_FILE = "faq.tsv", "intents.tsv"
NEAR_FILE, FAR_FILE = "out_of_scope_near.tsv", "out_of_scope_far.tsv"
_PREFIX = {FAQ_FILE: "faq/"}

OUT_OF_SCOPE = "out_of_scope"

#: Confidences are compared with what came true in this many equal bins.
CALIBRATION_BINS = 10


class Understood(Protocol):
    """What a model says of one message."""

    @property
    def label(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def accepted(self) -> bool: ...


class Model(Protocol):
    """Anything that understands messages."""

    def understand(self, text: str) -> Understood: ...


@dataclass(frozen=True)
class Outcome:
    """One held-out message: what it should be understood as, and what it was."""

    text: str
    expected: str
    label: str
    confidence: float
    accepted: bool

    @property
    def answered(self) -> bool:
        """Whether the visitor would get an answer rather than 'not covered' or 'did you mean'."""
        return self.accepted and self.label != OUT_OF_SCOPE

    @property
    def right_topic(self) -> bool:
        """Whether the topic (or the intent, where there are no facets) is the expected one."""
        return topic_of(self.label) == topic_of(self.expected)


@dataclass(frozen=True)
class Figures:
    """Shares, 0 to 1; the first three take the model's best guess, whether or not it was sure enough to answer."""

    topic_accuracy: float
    facet_accuracy: float
    other_accuracy: float
    near_rejected: float
    far_rejected: float
    wrongly_refused: float
    wrong_confident: float
    calibration_error: float
    messages: int


def run(model: Model, folder: Path) -> Figures:
    """Measure the model on the held-out files in `folder`.

    Raises:
        ContentError: a file is missing or a line has no label.
    """
    return figures(*(outcomes(model, folder, name) for name in (FAQ_FILE, INTENTS_FILE, NEAR_FILE, FAR_FILE)))


def outcomes(model: Model, folder: Path, name: str) -> list[Outcome]:
    """Return what the model makes of each message of one file."""
    return [_outcome(model, label, text) for label, text in read_messages(folder, name)]


def read_messages(folder: Path, name: str) -> list[tuple[str, str]]:
    """Return (label, text) of each line; comments and empty lines are left out.

    Raises:
        ContentError: the file is missing or a line has no label; names file and line.
    """
    path = folder / name
    if not path.is_file():
        raise ContentError(f"{name} is missing: it belongs at {path}")
    messages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        label, tab, text = line.partition("\t")
        if not tab or not label or not text.strip():
            raise ContentError(f"{name}, line {number}: expected label TAB message")
        messages.append((_PREFIX.get(name, "") + label, text))
    return messages


def figures(
    faq: Sequence[Outcome], others: Sequence[Outcome], near: Sequence[Outcome], far: Sequence[Outcome]
) -> Figures:
    """Return the figures of outcomes that are already there."""
    supported = [*faq, *others]
    return Figures(
        topic_accuracy=_share(outcome.right_topic for outcome in faq),
        facet_accuracy=_share(outcome.label == outcome.expected for outcome in faq),
        other_accuracy=_share(outcome.label == outcome.expected for outcome in others),
        near_rejected=_share(not outcome.answered for outcome in near),
        far_rejected=_share(not outcome.answered for outcome in far),
        wrongly_refused=_share(not outcome.answered for outcome in supported),
        wrong_confident=_share(outcome.answered and not outcome.right_topic for outcome in supported),
        calibration_error=calibration_error([*supported, *near, *far]),
        messages=len(supported) + len(near) + len(far),
    )


def calibration_error(measured: Sequence[Outcome]) -> float:
    """Return the expected calibration error: how far confidence and being right are apart, bin by bin."""
    bins: dict[int, list[Outcome]] = {}
    for outcome in measured:
        bins.setdefault(min(int(outcome.confidence * CALIBRATION_BINS), CALIBRATION_BINS - 1), []).append(outcome)
    apart = (
        abs(sum(outcome.confidence for outcome in group) - sum(outcome.right_topic for outcome in group))
        for group in bins.values()
    )
    return sum(apart) / len(measured) if measured else 0.0


def confusions(measured: Iterable[Outcome]) -> list[tuple[str, str, int]]:
    """Return (expected, understood as, how often) for every wrong label, most frequent first."""
    wrong = Counter((outcome.expected, outcome.label) for outcome in measured if outcome.label != outcome.expected)
    return [(expected, label, count) for (expected, label), count in wrong.most_common()]


def topic_of(label: str) -> str:
    """Return what a label is about: faq/<topic> of a facet, else the label."""
    return label.split("__", 1)[0]


def _outcome(model: Model, expected: str, text: str) -> Outcome:
    understood = model.understand(text)
    return Outcome(text, expected, understood.label, understood.confidence, understood.accepted)


def _share(facts: Iterable[bool]) -> float:
    counted = list(facts)
    return sum(counted) / len(counted) if counted else 0.0
