"""Character and word n-grams weighted by tf-idf, side by side in one sparse row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from admissions.understanding.arrays import Array

#: Shares of the two cosines in the likeness of two texts; the rest is the encoder's (features.py).
SHARE_CHARACTERS, SHARE_WORDS = 0.15, 0.15

_KINDS: dict[str, tuple[float, dict[str, Any]]] = {
    "characters": (SHARE_CHARACTERS, {"analyzer": "char_wb", "ngram_range": (2, 5)}),
    "words": (SHARE_WORDS, {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}),
}


class NGrams:
    """Turns texts into sparse rows; each kind of n-gram has length sqrt(its share)."""

    def __init__(self, vocabularies: Mapping[str, Mapping[str, int]], idf: Mapping[str, Array]) -> None:
        """Take, for each kind, the column of each n-gram and its inverse document frequency."""
        self.vocabularies = {name: dict(vocabularies[name]) for name in _KINDS}
        self.idf = {name: np.asarray(idf[name]) for name in _KINDS}
        self._split = {name: TfidfVectorizer(**options).build_analyzer() for name, (_, options) in _KINDS.items()}

    @classmethod
    def fit(cls, texts: Sequence[str]) -> tuple[NGrams, csr_matrix]:
        """Learn from the training texts; return their rows too."""
        fitted = {name: TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **_KINDS[name][1]) for name in _KINDS}
        blocks = [fitted[name].fit_transform(texts) * np.float32(share**0.5) for name, (share, _) in _KINDS.items()]
        vocabularies = {
            name: {term: int(column) for term, column in vectorizer.vocabulary_.items()}
            for name, vectorizer in fitted.items()
        }
        learned = cls(vocabularies, {name: vectorizer.idf_ for name, vectorizer in fitted.items()})
        return learned, hstack(blocks, format="csr")

    def row(self, text: str) -> csr_matrix:
        """Return one text as a row, as scikit-learn would: its own way there takes a millisecond longer."""
        columns: list[int] = []
        weights: list[Array] = []
        offset = 0
        for name, (share, _) in _KINDS.items():
            vocabulary, idf = self.vocabularies[name], self.idf[name]
            counts = Counter(vocabulary[term] for term in self._split[name](text) if term in vocabulary)
            own = np.fromiter(counts.keys(), dtype=np.int32, count=len(counts))
            seen = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
            weighted = (1.0 + np.log(seen)) * idf[own]
            weights.append(weighted * (share**0.5 / (np.linalg.norm(weighted) or 1.0)))
            columns.extend(own + offset)
            offset += len(vocabulary)
        data = np.concatenate(weights).astype(np.float32)
        return csr_matrix((data, np.array(columns, dtype=np.int32), np.array([0, len(data)])), shape=(1, offset))
