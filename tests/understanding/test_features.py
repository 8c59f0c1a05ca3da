"""What the model sees of a text: three cosines in one, kept small and compared fast without a loss."""

from __future__ import annotations

import numpy as np
import pytest

from admissions.understanding import features as features_module
from admissions.understanding.encoder import Encoder
from admissions.understanding.features import Features, Vectors

TEXTS = [
    "how long does it take",
    "how long will it take",
    "do i sleep there",
    "is it overnight",
    "what is the weather",
    "what does it cost",
    "whats the price",
    "hello there",
]


@pytest.fixture(scope="module")
def fitted(encoder: Encoder) -> tuple[Features, Vectors]:
    features, stored = Features.fit(encoder, TEXTS)
    return features, stored.vectors(features.ngrams)


def test_a_text_is_as_like_itself_as_can_be(fitted: tuple[Features, Vectors]) -> None:
    _, vectors = fitted

    assert vectors.likeness(vectors).diagonal() == pytest.approx(np.ones(len(TEXTS)), abs=0.02)


def test_all_texts_compared_with_all_are_what_they_are_one_by_one(
    fitted: tuple[Features, Vectors], monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: few columns taken as dense ones, and few rows at a time
    _, vectors = fitted
    monkeypatch.setattr(features_module, "_OFTEN", 20)
    monkeypatch.setattr(features_module, "_BLOCK", 3)

    # when / then
    assert np.allclose(vectors.likeness_to_itself(), vectors.likeness(vectors), atol=1e-5)


@pytest.mark.parametrize("place", range(len(TEXTS)))
def test_a_training_text_read_again_is_nearly_what_is_kept_of_it(fitted: tuple[Features, Vectors], place: int) -> None:
    features, vectors = fitted
    again = features(TEXTS[place])

    assert np.allclose(again.sparse.toarray(), vectors.sparse[place].toarray(), atol=1e-6)
    # kept in bytes: half a step in each number
    assert again.likeness(vectors)[0].argmax() == place
    assert np.abs(again.dense - vectors.dense[place]).max() < 0.01


@pytest.mark.parametrize("text", ["", "\U0001f64f", "zzqz", "how long " * 500])
def test_any_text_can_be_compared(fitted: tuple[Features, Vectors], text: str) -> None:
    features, vectors = fitted
    alike = features(text).likeness(vectors)

    assert alike.shape == (1, len(TEXTS))
    assert np.isfinite(alike).all()
