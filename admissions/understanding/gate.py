"""When an answer may be given, when guesses are offered, and when neither: from examples the model had not seen.

Every training example is scored as if it had been left out. The probability below which only a small share of the
rightly understood ones falls is the threshold; nothing here is set by taste.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from admissions.understanding.arrays import Array

#: Shares of rightly understood examples that stay above the thresholds.
KEEP_ACCEPTED, KEEP_SUGGESTED = 0.96, 0.99

#: Scores run from about 0 to 2; beyond this factor the probabilities of held-out examples only get worse.
_SHARPEST = 60.0


@dataclass(frozen=True)
class Gate:
    """How sharply scores become probabilities, and the two thresholds on them."""

    sharpness: float
    accept: float
    suggest: float

    @classmethod
    def fit(cls, scores: Array, right: Array, topics: Array) -> Gate:
        """Learn from left-out scores.

        Args:
            scores: examples x labels.
            right: the number of each example's own label.
            topics: the number of each label's topic.
        """
        rows = np.arange(len(right))

        def surprise(sharpness: float) -> float:
            return float(-np.log(probabilities(scores, sharpness)[rows, right] + 1e-12).mean())

        sharpness = float(minimize_scalar(surprise, bounds=(1.0, _SHARPEST), method="bounded").x)
        by_topic = topic_mass(probabilities(scores, sharpness), topics)
        understood = by_topic.max(axis=1)[by_topic.argmax(axis=1) == topics[right]]
        return cls(sharpness, threshold(understood, KEEP_ACCEPTED), threshold(understood, KEEP_SUGGESTED))


def threshold(confidences: Array, keep: float) -> float:
    """Return the confidence that a share `keep` of these reaches, rounded in favour of keeping (conformal)."""
    if not len(confidences):
        return 1.0
    rank = math.floor((1.0 - keep) * (len(confidences) + 1))
    return float(np.sort(confidences)[max(rank - 1, 0)])


def probabilities(scores: Array, sharpness: float) -> Array:
    """Return each row of scores as probabilities."""
    odds = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def topic_mass(chances: Array, topics: Array) -> Array:
    """Return examples x topics: the labels' probabilities summed over each topic."""
    return np.asarray(chances @ np.eye(topics.max() + 1)[topics])
