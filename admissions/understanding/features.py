"""What the model sees of a text: its meaning (MiniLM), its character n-grams and its words, as one unit-length vector.

Likeness of two texts is the weighted sum of three cosines. The dense part is the last three layers of the encoder,
each standardised and together reduced by principal components; the sparse parts are tf-idf.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from admissions.understanding.arrays import Array
from admissions.understanding.encoder import Encoder
from admissions.understanding.wording import spelled_out, without_apostrophes

#: Principal components kept of the 1,152 numbers of the encoder: 256 lose nothing measurable and 384 gain nothing.
COMPONENTS = 256

#: Shares of the three cosines in the likeness of two texts; flat around this point in cross-validation.
SHARE_DENSE, SHARE_CHARACTERS, SHARE_WORDS = 0.7, 0.15, 0.15

#: Some of the encoder's numbers hardly vary: dividing by their own spread alone would only amplify noise, so this share
#: of the median spread is added. Worth a point of topic accuracy with the 8-bit encoder.
_SPREAD_FLOOR = 0.1

_VECTORIZERS: dict[str, tuple[float, dict[str, Any]]] = {
    "characters": (SHARE_CHARACTERS, {"analyzer": "char_wb", "ngram_range": (2, 5)}),
    "words": (SHARE_WORDS, {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}),
}


@dataclass(frozen=True)
class Vectors:
    """Texts as rows: a dense and a sparse part, already weighted."""

    dense: Array
    sparse: csr_matrix

    def rounded(self) -> Vectors:
        """Return these vectors as they come back from storage, where they are kept in half precision."""
        return Vectors(self.dense.astype(np.float16).astype(np.float32), _halved(self.sparse))

    @cached_property
    def _by_term(self) -> csr_matrix:
        # Turned once: scipy would do it again for every message.
        return self.sparse.T.tocsr()

    def likeness(self, others: Vectors) -> Array:
        """Return how alike each of our rows is to each of theirs, about 0 to 1."""
        sparse = (self.sparse @ others._by_term).toarray()
        return np.asarray(self.dense @ others.dense.T + sparse, dtype=np.float32)


@dataclass(frozen=True)
class Projection:
    """Standardises the encoder's layers and keeps their principal components."""

    mean: Array
    spread: Array
    components: Array

    @classmethod
    def fit(cls, layers: Array) -> Projection:
        """Learn from texts x layers x width."""
        spread = layers.std(axis=0)
        spread = spread + _SPREAD_FLOOR * np.median(spread)
        flat = _standardised(layers, layers.mean(axis=0), spread)
        _, vectors = np.linalg.eigh((flat.T @ flat).astype(np.float64))
        return cls(layers.mean(axis=0), spread, vectors[:, ::-1][:, :COMPONENTS].astype(np.float32))

    def __call__(self, layers: Array) -> Array:
        """Return texts x components, each row of length 1."""
        return _unit(_standardised(layers, self.mean, self.spread) @ self.components)


class Features:
    """Turns cleaned texts into vectors; fitted once on the training texts."""

    def __init__(self, encoder: Encoder, projection: Projection, vectorizers: dict[str, TfidfVectorizer]) -> None:
        self._encoder = encoder
        self.projection = projection
        self.vectorizers = vectorizers

    @classmethod
    def fit(cls, encoder: Encoder, cleaned: Sequence[str]) -> tuple[Features, Vectors]:
        """Learn from the training texts; return their vectors too, since encoding them is most of the work."""
        layers = np.stack([encoder.layers(spelled_out(text)) for text in cleaned])
        words = [without_apostrophes(text) for text in cleaned]
        vectorizers = {
            name: TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options).fit(words)
            for name, (_, options) in _VECTORIZERS.items()
        }
        features = cls(encoder, Projection.fit(layers), vectorizers)
        return features, features._vectors(layers, words)

    def __call__(self, cleaned: str) -> Vectors:
        """Return one text as vectors of one row."""
        return self._vectors(self._encoder.layers(spelled_out(cleaned))[None], [without_apostrophes(cleaned)])

    def _vectors(self, layers: Array, words: Sequence[str]) -> Vectors:
        sparse = hstack(
            [
                self.vectorizers[name].transform(words) * np.float32(share**0.5)
                for name, (share, _) in _VECTORIZERS.items()
            ],
            format="csr",
        )
        return Vectors(self.projection(layers) * np.float32(SHARE_DENSE**0.5), sparse)


def restored_vectorizer(name: str, vocabulary: dict[str, int], idf: Array) -> TfidfVectorizer:
    """Return the vectorizer `name` as it was fitted."""
    vectorizer = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, vocabulary=vocabulary, **_VECTORIZERS[name][1])
    vectorizer.idf_ = idf
    return vectorizer


def _halved(sparse: csr_matrix) -> csr_matrix:
    data = sparse.data.astype(np.float16).astype(np.float32)
    return csr_matrix((data, sparse.indices, sparse.indptr), shape=sparse.shape)


def _standardised(layers: Array, mean: Array, spread: Array) -> Array:
    scaled = (layers - mean) / spread
    scaled /= np.linalg.norm(scaled, axis=2, keepdims=True)
    return np.asarray(scaled.reshape(len(layers), -1), dtype=np.float32)


def _unit(rows: Array) -> Array:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
