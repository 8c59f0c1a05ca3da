"""The gate: thresholds that keep what they promise, and probabilities that are some."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions.understanding.gate import Gate, probabilities, threshold, topic_mass

CONFIDENCES = st.lists(st.floats(0, 1), min_size=1, max_size=200)


@given(CONFIDENCES, st.floats(0.5, 1.0))
def test_a_threshold_keeps_at_least_the_promised_share(confidences: list[float], keep: float) -> None:
    limit = threshold(np.array(confidences), keep)

    assert sum(confidence >= limit for confidence in confidences) / len(confidences) >= keep - 1 / len(confidences)


@given(CONFIDENCES, st.floats(0.5, 1.0), st.floats(0.5, 1.0))
def test_keeping_more_never_raises_the_threshold(confidences: list[float], one: float, other: float) -> None:
    values = np.array(confidences)

    assert threshold(values, max(one, other)) <= threshold(values, min(one, other))


def test_without_examples_nothing_is_accepted() -> None:
    assert threshold(np.array([]), 0.96) == 1.0


def test_the_threshold_to_offer_is_never_above_the_one_to_answer() -> None:
    # given: 300 left-out examples of three labels in two topics, most of them understood
    rng = np.random.default_rng(1)
    right = rng.integers(0, 3, 300)
    scores = rng.normal(0, 0.5, (300, 3)) + 1.5 * np.eye(3)[right]

    gate = Gate.fit(scores, right, np.array([0, 0, 1]))

    assert 0 < gate.suggest <= gate.accept < 1


def test_probabilities_of_a_message_add_up_to_one() -> None:
    chances = probabilities(np.array([[0.1, 0.9, 0.4], [900.0, -900.0, 0.0]]), 20.0)

    assert chances.sum(axis=1) == pytest.approx([1.0, 1.0])


def test_a_topic_is_as_likely_as_its_facets_together() -> None:
    mass = topic_mass(np.array([[0.3, 0.3, 0.4]]), np.array([0, 0, 1]))

    assert mass[0] == pytest.approx([0.6, 0.4])
