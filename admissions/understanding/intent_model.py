"""The intent model: likeness to the training examples, weighed by a kernel ridge regression.

Each label and each topic (a faq topic, or the intent itself) is a target of its own, and a label's score is the sum of
both: a message between two facets of one topic still reaches the topic. The closed form gives every example's score as
if it had been left out, which is what the gate learns from. Numbers behind the choices: docs/decisions/0004.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from admissions.understanding.arrays import Array
from admissions.understanding.encoder import Encoder
from admissions.understanding.features import Features, Stored, Vectors
from admissions.understanding.gate import Gate, probabilities, topic_mass
from admissions.understanding.ridge import solve
from admissions.understanding.spelling import Spelling
from admissions.understanding.wording import clean

#: How fast an example's say fades with distance, and how much the fit is smoothed; flat from half to twice.
STEEPNESS, SMOOTHING = 0.35, 0.05

#: So many examples are scored as if left out, for the gate: enough for a threshold that one in twenty-five falls below.
LEFT_OUT = 1500

#: The label of what we do not answer: never offered as something the visitor may have meant.
OUT_OF_SCOPE = "out_of_scope"

#: A label with less than this share of its topic's probability is a guess: its narrow answer would be one, too.
SURE_OF_A_LABEL = 0.45

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
    """The trained part: examples' vectors, their weights for each label and topic of several labels, and the gate."""

    labels: tuple[str, ...]
    examples: Vectors
    weights: Array
    gate: Gate

    @cached_property
    def topics(self) -> Array:
        """Return the number of each label's topic."""
        return _topics(self.labels)

    @classmethod
    def fit(cls, examples: Vectors, labels: Sequence[str]) -> Head:
        """Train on vectors and their labels."""
        names, own = np.unique(list(labels), return_inverse=True)
        topics = _topics([str(name) for name in names])
        own_label = np.eye(len(names), dtype=np.float32)[own]
        targets = np.concatenate([own_label, own_label @ _shared(topics)], axis=1)
        kernel = _kernel(examples.likeness_to_itself())
        kernel[np.diag_indices_from(kernel)] += SMOOTHING
        seen = np.sort(np.random.default_rng(0).permutation(len(own))[:LEFT_OUT])
        weights, left_out = solve(kernel, targets, [[int(index)] for index in seen])
        gate = Gate.fit(_label_scores(np.concatenate(left_out), topics), own[seen], topics)
        # Rounded as they are kept, so that a loaded model reads exactly like the trained one.
        return cls(tuple(map(str, names)), examples, weights.astype(np.float16).astype(np.float32), gate)

    def chances(self, vectors: Vectors) -> Array:
        """Return texts x labels: calibrated probabilities."""
        scores = _label_scores(_kernel(vectors.likeness(self.examples)) @ self.weights, self.topics)
        return probabilities(scores, self.gate.sharpness)


class IntentModel:
    """A trained model: `understand` a message."""

    def __init__(self, spelling: Spelling, features: Features, stored: Stored, head: Head) -> None:
        self.spelling = spelling
        self.features = features
        self.stored = stored
        self.head = head
        self._topics = head.topics

    @classmethod
    def fit(cls, encoder: Encoder, texts: Sequence[str], labels: Sequence[str]) -> IntentModel:
        """Train on texts and their labels, one label a text."""
        cleaned = [clean(text) for text in texts]
        features, stored = Features.fit(encoder, cleaned)
        head = Head.fit(stored.vectors(features.ngrams), labels)
        return cls(Spelling.fit(cleaned, encoder.whole_words()), features, stored, head)

    def understand(self, text: str) -> Reading:
        """Read one message as a visitor wrote it."""
        return self.read(self.spelling.correct(clean(text)))

    def read(self, cleaned: str) -> Reading:
        """Read one cleaned and corrected text: the likeliest topic, and its likeliest label."""
        chances = self.head.chances(self.features(cleaned))
        mass = topic_mass(chances, self._topics)[0]
        topic = int(mass.argmax())
        within = np.where(self._topics == topic, chances[0], -1.0)
        label, confidence = self.head.labels[int(within.argmax())], float(mass[topic])
        if within.max() < SURE_OF_A_LABEL * confidence:
            label = self._as_a_whole(label)
        ranking = self._ranking(chances[0])
        offered = ranking if confidence >= self.head.gate.suggest else ()
        suggestions = [
            guess.label
            for guess in offered
            if topic_of(guess.label) != OUT_OF_SCOPE and guess.confidence >= LEAST_SUGGESTED
        ]
        accepted = confidence >= self.head.gate.accept
        return Reading(label, confidence, accepted, tuple(suggestions[:MAX_SUGGESTIONS]), ranking)

    def _as_a_whole(self, label: str) -> str:
        """Return what is said where only the topic is sure: its overview, or plainly "not covered"."""
        topic = topic_of(label)
        overview = f"{topic}__overview"
        return overview if overview in self.head.labels else topic

    def rank(self, text: str) -> list[Guess]:
        """Return every label with its probability, likeliest first."""
        return list(self.understand(text).ranking)

    def _ranking(self, chances: Array) -> tuple[Guess, ...]:
        order = np.argsort(-chances, kind="stable")
        return tuple(Guess(self.head.labels[index], float(chances[index])) for index in order)


def _topics(labels: Sequence[str]) -> Array:
    return np.asarray(np.unique([topic_of(label) for label in labels], return_inverse=True)[1])


def _shared(topics: Array) -> Array:
    """Return labels x topics of several labels: only those need a target of their own."""
    return np.asarray(np.eye(topics.max() + 1, dtype=np.float32)[topics][:, np.bincount(topics) > 1])


def topic_of(label: str) -> str:
    """Return what a label is about: faq/<topic> of a facet, out_of_scope of what is not answered, else the label."""
    return OUT_OF_SCOPE if label.startswith(f"{OUT_OF_SCOPE}/") else label.split("__", 1)[0]


def _kernel(likeness: Array) -> Array:
    likeness -= 1.0
    likeness *= np.float32(2.0 * STEEPNESS)
    return np.asarray(np.exp(likeness, out=likeness))


def _label_scores(outputs: Array, topics: Array) -> Array:
    """Return each label's score: its own output and its topic's, which is its own where it is the only one."""
    count = len(topics)
    own, shared = outputs[:, :count], _shared(topics)
    alone = shared.sum(axis=1) == 0
    return np.asarray(own + outputs[:, count:] @ shared.T + own * alone)
