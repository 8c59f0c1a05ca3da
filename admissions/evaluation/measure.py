"""How well a model understands held-out messages: the figures a release is judged by, as pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sklearn.metrics import f1_score

OUT_OF_SCOPE = "out_of_scope"

#: Confidences are compared with what came true in this many equal bins.
CALIBRATION_BINS = 10

Figures = dict[str, float]


@dataclass(frozen=True)
class Outcome:
    """One held-out message: what it should be understood as, and what it was."""

    text: str
    expected: str
    label: str
    confidence: float
    accepted: bool
    source: str = ""  #: the name of its file

    @property
    def answered(self) -> bool:
        """Whether the visitor would get an answer rather than 'not covered' or 'did you mean'."""
        return self.accepted and topic_of(self.label) != OUT_OF_SCOPE

    @property
    def right_label(self) -> bool:
        """Whether intent and facet are the expected ones."""
        return topic_of(self.expected) == OUT_OF_SCOPE == topic_of(self.label) or self.label == self.expected

    @property
    def right_topic(self) -> bool:
        """Whether the topic (or the intent, where there are no facets) is the expected one."""
        return topic_of(self.label) == topic_of(self.expected)


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Return shares, 0 to 1, each by its name; accuracies take the best guess, whether or not it was sure enough.

    A figure whose kind of message is missing is left out. What should be refused is counted file by file as well.
    """
    supported = [one for one in outcomes if topic_of(one.expected) != OUT_OF_SCOPE]
    beyond = [one for one in outcomes if topic_of(one.expected) == OUT_OF_SCOPE]
    faq = [one for one in supported if one.expected.startswith("faq/")]
    others = [one for one in supported if not one.expected.startswith("faq/")]
    found = {
        "accuracy": share(one.right_label for one in supported),
        "macro_f1": _macro_f1(supported),
        "topic_accuracy": share(one.right_topic for one in faq),
        "facet_accuracy": share(one.right_label for one in faq),
        "other_intent_accuracy": share(one.right_label for one in others),
        "wrongly_refused": share(not one.answered for one in supported),
        "wrong_confident": share(one.answered and not one.right_topic for one in supported),
        "out_of_scope_recall": share(not one.answered for one in beyond),
        **{f"{source}_recall": share(not one.answered for one in beyond if one.source == source)
           for source in dict.fromkeys(one.source for one in beyond) if source},
        "calibration_error": calibration_error(outcomes) if outcomes else None,
    }  # fmt: skip
    return {name: round(value, 4) for name, value in found.items() if value is not None}


def calibration(measured: Sequence[Outcome]) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share that was right, how many) of each bin that holds any."""
    bins: dict[int, list[Outcome]] = {}
    for outcome in measured:
        bins.setdefault(min(int(outcome.confidence * CALIBRATION_BINS), CALIBRATION_BINS - 1), []).append(outcome)
    return [
        (
            sum(one.confidence for one in group) / len(group),
            sum(one.right_topic for one in group) / len(group),
            len(group),
        )
        for _, group in sorted(bins.items())
    ]


def calibration_error(measured: Sequence[Outcome]) -> float:
    """Return the expected calibration error: how far confidence and being right are apart, bin by bin."""
    total = sum(count for _, _, count in calibration(measured))
    return sum(abs(sure - right) * count for sure, right, count in calibration(measured)) / total if total else 0.0


def confusions(measured: Iterable[Outcome]) -> list[tuple[str, str, int]]:
    """Return (expected, understood as, how often) for every wrong label, most frequent first."""
    wrong = Counter((outcome.expected, outcome.label) for outcome in measured if not outcome.right_label)
    return [(expected, label, count) for (expected, label), count in wrong.most_common()]


def several_right(expected: Sequence[str], questions: Sequence[str]) -> bool:
    """Say whether the topics of a message's questions were all found, in order, none twice and none besides."""
    return [topic_of(label) for label in expected] == [topic_of(label) for label in questions]


def topic_of(label: str) -> str:
    """Return what a label is about: faq/<topic> of a facet, else its intent."""
    return label.split("__", 1)[0] if label.startswith("faq/") else label.split("/", 1)[0]


def share(facts: Iterable[bool]) -> float | None:
    """Return the share that is true, None of nothing."""
    counted = list(facts)
    return sum(counted) / len(counted) if counted else None


def _macro_f1(outcomes: Sequence[Outcome]) -> float | None:
    if not outcomes:
        return None
    expected, read_as = [one.expected for one in outcomes], [one.label for one in outcomes]
    return float(f1_score(expected, read_as, average="macro", labels=sorted(set(expected)), zero_division=0))
