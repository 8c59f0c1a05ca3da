"""The intent model: likeness to the training examples, weighed by a kernel ridge regression.

Each label and each topic (a faq topic, or the intent itself) is a target of its own, and a label's score is the sum of
both: a message between two facets of one topic still reaches the topic. The closed form gives every example's score as
if it had been left out, which is what the gate learns from. Numbers behind the choices: docs/decisions/0004.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from admissions.understanding.arrays import Array
from admissions.understanding.encoder import Encoder
from admissions.understanding.features import Features, Vectors
from admissions.understanding.gate import Gate, probabilities, topic_mass
from admissions.understanding.spelling import Spelling
from admissions.understanding.wording import clean

#: How fast an example's say fades with distance, and how much the fit is smoothed; flat from half to twice.
STEEPNESS, SMOOTHING = 0.7, 0.1

#: The label of what we do not answer: never offered as something the visitor may have meant.
OUT_OF_SCOPE = "out_of_scope"

#: How many guesses may be offered, and the probability below which one is not worth a button.
MAX_SUGGESTIONS, LEAST_SUGGESTED = 3, 0.05


@dataclass(frozen=True)
class Guess:
    """One label and the model's probability for it, 0 to 1."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Reading:
    """What a message was understood as: a label, how sure its topic is (0 to 1), and what to do with it."""

    label: str
    confidence: float
    accepted: bool
    suggestions: tuple[str, ...]
    ranking: tuple[Guess, ...]


@dataclass(frozen=True)
class Head:
    """The trained part: examples' vectors, their weights for each label and topic, and the gate."""

    labels: tuple[str, ...]
    examples: Vectors
    weights: Array
    gate: Gate

    @property
    def topics(self) -> Array:
        """Return the number of each label's topic."""
        return np.unique([topic_of(label) for label in self.labels], return_inverse=True)[1]

    @classmethod
    def fit(cls, examples: Vectors, labels: Sequence[str]) -> Head:
        """Train on vectors and their labels."""
        examples = examples.rounded()
        names, own = np.unique(list(labels), return_inverse=True)
        topics = np.unique([topic_of(name) for name in names], return_inverse=True)[1]
        targets = np.concatenate([np.eye(len(names))[own], np.eye(topics.max() + 1)[topics[own]]], axis=1)
        kernel = _kernel(examples, examples).astype(np.float64)
        kernel[np.diag_indices_from(kernel)] += SMOOTHING
        inverse = cho_solve(cho_factor(kernel), np.eye(len(kernel)))
        weights = inverse @ targets
        left_out = targets - weights / np.diag(inverse)[:, None]
        gate = Gate.fit(_label_scores(left_out, topics), own, topics)
        return cls(tuple(str(name) for name in names), examples, weights.astype(np.float32), gate)

    def chances(self, vectors: Vectors) -> Array:
        """Return texts x labels: calibrated probabilities."""
        scores = _label_scores(_kernel(vectors, self.examples) @ self.weights, self.topics)
        return probabilities(scores, self.gate.sharpness)


class IntentModel:
    """A trained model: `understand` a message."""

    def __init__(self, spelling: Spelling, features: Features, head: Head) -> None:
        self.spelling = spelling
        self.features = features
        self.head = head
        self._topics = head.topics

    @classmethod
    def fit(cls, encoder: Encoder, texts: Sequence[str], labels: Sequence[str]) -> IntentModel:
        """Train on texts and their labels, one label a text."""
        cleaned = [clean(text) for text in texts]
        features, vectors = Features.fit(encoder, cleaned)
        return cls(Spelling.fit(cleaned, encoder.whole_words()), features, Head.fit(vectors, labels))

    def understand(self, text: str) -> Reading:
        """Read one message: the likeliest topic, and its likeliest label."""
        chances = self.head.chances(self.features(self.spelling.correct(clean(text))))
        mass = topic_mass(chances, self._topics)[0]
        topic = int(mass.argmax())
        within = np.where(self._topics == topic, chances[0], -1.0)
        label, confidence = self.head.labels[int(within.argmax())], float(mass[topic])
        ranking = self._ranking(chances[0])
        offered = ranking if confidence >= self.head.gate.suggest else ()
        suggestions = [
            guess.label for guess in offered if guess.label != OUT_OF_SCOPE and guess.confidence >= LEAST_SUGGESTED
        ]
        accepted = confidence >= self.head.gate.accept
        return Reading(label, confidence, accepted, tuple(suggestions[:MAX_SUGGESTIONS]), ranking)

    def rank(self, text: str) -> list[Guess]:
        """Return every label with its probability, likeliest first."""
        return list(self.understand(text).ranking)

    def _ranking(self, chances: Array) -> tuple[Guess, ...]:
        order = np.argsort(-chances, kind="stable")
        return tuple(Guess(self.head.labels[index], float(chances[index])) for index in order)


def topic_of(label: str) -> str:
    """Return what a label is about: faq/<topic> of a facet, else the label."""
    return label.split("__", 1)[0]


def _kernel(vectors: Vectors, others: Vectors) -> Array:
    return np.asarray(np.exp(2.0 * STEEPNESS * (vectors.likeness(others) - 1.0)), dtype=np.float32)


def _label_scores(outputs: Array, topics: Array) -> Array:
    count = len(topics)
    return np.asarray(outputs[:, :count] + outputs[:, count:][:, topics])
