"""What the model sees of a text: its meaning (MiniLM), its character n-grams and its words, as one unit-length vector.

Likeness of two texts is the weighted sum of three cosines. The dense part is the last three layers of the encoder,
each standardised and together reduced by principal components; the sparse parts are tf-idf.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix

from admissions.understanding.arrays import Array
from admissions.understanding.encoder import Encoder
from admissions.understanding.ngrams import SHARE_CHARACTERS, SHARE_WORDS, NGrams
from admissions.understanding.wording import spelled_out, without_apostrophes

#: Principal components kept of the 1,152 numbers of the encoder: 256 gain nothing measurable and make the model larger.
COMPONENTS = 160

#: The encoder's share in the likeness of two texts, beside the n-grams'; flat around this point in cross-validation.
SHARE_DENSE = 1.0 - SHARE_CHARACTERS - SHARE_WORDS

#: Some of the encoder's numbers hardly vary: dividing by their own spread alone would only amplify noise, so this share
#: of the median spread is added. Worth a point of topic accuracy with the 8-bit encoder.
_SPREAD_FLOOR = 0.1


#: How many of the most frequent n-grams are taken as dense columns where all texts are compared with all.
_OFTEN = 600
#: Rows compared at a time: a product of all with all would need a second matrix of that size.
_BLOCK = 1000

#: Texts encoded at the same time while training; serving encodes one.
_ENCODERS = 2


@dataclass(frozen=True)
class Vectors:
    """Texts as rows: a dense and a sparse part, already weighted."""

    dense: Array
    sparse: csr_matrix

    @cached_property
    def _by_term(self) -> csr_matrix:
        # Turned once: scipy would do it again for every message.
        return self.sparse.T.tocsr()

    def likeness(self, others: Vectors) -> Array:
        """Return how alike each of our rows is to each of theirs, about 0 to 1."""
        sparse = (self.sparse @ others._by_term).toarray()
        return np.asarray(self.dense @ others.dense.T + sparse, dtype=np.float32)

    def likeness_to_itself(self) -> Array:
        """Return `likeness(self)`, several times as fast for thousands of rows."""
        alike = products(self.sparse)
        alike += self.dense @ self.dense.T
        return alike


def products(rows: csr_matrix) -> Array:
    """Return the products of all rows with all.

    Nearly all the work is in the few hundred n-grams that stand in most texts: as dense columns they are one matrix
    product.
    """
    by_frequency = np.argsort(-np.bincount(rows.indices, minlength=rows.shape[1]))
    columns = rows.tocsc()
    dense = columns[:, by_frequency[:_OFTEN]].toarray()
    rare = columns[:, np.sort(by_frequency[_OFTEN:])].tocsr()
    found = dense @ dense.T
    for first in range(0, len(found), _BLOCK):
        found[first : first + _BLOCK] += (rare[first : first + _BLOCK] @ rare.T).toarray()
    return np.asarray(found, dtype=np.float32)


def encode_all(encoder: Encoder, texts: Sequence[str]) -> Array:
    """Return the layers of many texts, for training: the encoder works outside Python's lock, so two at a time."""
    with ThreadPoolExecutor(_ENCODERS) as pool:
        return np.stack(list(pool.map(encoder.layers, texts)))


@dataclass(frozen=True)
class Stored:
    """The training texts' vectors as a model keeps them: the dense part in 8 bits, n-grams as counts."""

    dense: Array  #: signed bytes
    scale: float  #: of one step of them
    counts: csr_matrix

    @classmethod
    def of(cls, dense: Array, counts: csr_matrix) -> Stored:
        """Round dense vectors to bytes."""
        scale = float(np.abs(dense).max()) / 127
        return cls(np.round(dense / scale).astype(np.int8), scale, counts)

    def vectors(self, ngrams: NGrams) -> Vectors:
        """Return the vectors themselves: what the model is trained on is what it keeps."""
        return Vectors(self.dense.astype(np.float32) * np.float32(self.scale), ngrams.weigh(self.counts))


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
        # Rounded as they are kept.
        components = vectors[:, ::-1][:, :COMPONENTS].astype(np.float16).astype(np.float32)
        return cls(layers.mean(axis=0), spread, components)

    def __call__(self, layers: Array) -> Array:
        """Return texts x components, each row of length 1."""
        return _unit(_standardised(layers, self.mean, self.spread) @ self.components)


class Features:
    """Turns cleaned texts into vectors; fitted once on the training texts."""

    def __init__(self, encoder: Encoder, projection: Projection, ngrams: NGrams) -> None:
        self._encoder = encoder
        self.projection = projection
        self.ngrams = ngrams

    @classmethod
    def fit(cls, encoder: Encoder, cleaned: Sequence[str]) -> tuple[Features, Stored]:
        """Learn from the training texts; return their vectors too, since encoding them is most of the work."""
        layers = encode_all(encoder, [spelled_out(text) for text in cleaned])
        ngrams, counts = NGrams.fit([without_apostrophes(text) for text in cleaned])
        features = cls(encoder, Projection.fit(layers), ngrams)
        return features, Stored.of(features._dense(layers), counts)

    def __call__(self, cleaned: str) -> Vectors:
        """Return one text as vectors of one row."""
        layers = self._encoder.layers(spelled_out(cleaned))[None]
        return Vectors(self._dense(layers), self.ngrams.row(without_apostrophes(cleaned)))

    def _dense(self, layers: Array) -> Array:
        return np.asarray(self.projection(layers) * np.float32(SHARE_DENSE**0.5))


def _standardised(layers: Array, mean: Array, spread: Array) -> Array:
    scaled = (layers - mean) / spread
    scaled /= np.linalg.norm(scaled, axis=2, keepdims=True)
    return np.asarray(scaled.reshape(len(layers), -1), dtype=np.float32)


def _unit(rows: Array) -> Array:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
