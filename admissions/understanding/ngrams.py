"""Character and word n-grams weighted by tf-idf, side by side in one sparse row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction.text import CountVectorizer

from admissions.understanding.arrays import Array

#: Shares of the two cosines in the likeness of two texts; the rest is the encoder's (features.py).
SHARE_CHARACTERS, SHARE_WORDS = 0.15, 0.15

#: N-grams of one single example teach nothing about others: leaving them out halves the vocabulary at no cost.
MIN_EXAMPLES = 2
#: N-grams of more than this share of the examples tell nothing apart; without them comparing is five times as fast.
MOST_EXAMPLES = 0.1
#: With fewer texts than this every n-gram counts.
_FEW_TEXTS = 200

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
        self._split = {name: CountVectorizer(**options).build_analyzer() for name, (_, options) in _KINDS.items()}

    @classmethod
    def fit(cls, texts: Sequence[str]) -> tuple[NGrams, csr_matrix]:
        """Learn from the training texts; return how often each n-gram stands in each of them, too."""
        few = len(texts) < _FEW_TEXTS
        least, most = (1, 1.0) if few else (MIN_EXAMPLES, MOST_EXAMPLES)
        counts, vocabularies, idf = [], {}, {}
        for name, (_, options) in _KINDS.items():
            vectorizer = CountVectorizer(dtype=np.uint8, min_df=least, max_df=most, **options)
            counted = vectorizer.fit_transform(texts)
            # Smoothed, as if one more text held every n-gram (scikit-learn's way).
            documents = np.bincount(counted.indices, minlength=counted.shape[1])
            idf[name] = np.log((1 + len(texts)) / (1 + documents)) + 1
            vocabularies[name] = {term: int(column) for term, column in vectorizer.vocabulary_.items()}
            counts.append(counted)
        return cls(vocabularies, idf), hstack(counts, format="csr", dtype=np.uint8)

    def weigh(self, counts: csr_matrix) -> csr_matrix:
        """Return counts, as `fit` gives them, as weighted rows."""
        blocks, first = [], 0
        for name, (share, _) in _KINDS.items():
            block = counts[:, first : first + len(self.idf[name])].astype(np.float32)
            block.data = (1.0 + np.log(block.data)) * self.idf[name][block.indices].astype(np.float32)
            lengths = np.sqrt(np.asarray(block.multiply(block).sum(axis=1)).ravel())
            blocks.append(diags(np.float32(share**0.5) / np.maximum(lengths, 1e-9)) @ block)
            first += len(self.idf[name])
        return csr_matrix(hstack(blocks, format="csr"), dtype=np.float32)

    def row(self, text: str) -> csr_matrix:
        """Return one text as a row, as counting and weighing would: that way there takes a millisecond longer."""
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
