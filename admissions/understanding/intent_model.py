"""The intent model: character and word n-grams, weighted by tf-idf, into a multinomial logistic regression.

Character n-grams keep it steady under typing errors; C=10 was the flat optimum in the measurements behind
docs/decisions/0004-understanding.md.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

#: Inverse regularisation strength; between 3 and 100 it hardly matters, below 1 the probabilities are too timid.
REGULARISATION_C = 10.0

#: Enough for lbfgs to converge on some 3,000 examples.
MAX_ITERATIONS = 300

#: The longest text that is read, in characters: what follows adds cost and no intent.
MAX_CHARACTERS = 2000

_VECTORIZERS: dict[str, dict[str, Any]] = {
    "characters": {"analyzer": "char_wb", "ngram_range": (2, 5), "sublinear_tf": True, "min_df": 2},
    "words": {"analyzer": "word", "ngram_range": (1, 2), "sublinear_tf": True, "token_pattern": r"(?u)\b\w+\b"},
}


def normalise(text: str) -> str:
    """Fold case, compatibility forms, curly quotes and runs of white space; cut at MAX_CHARACTERS."""
    folded = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).lower().replace("\u2019", "'").replace("'", "")
    return re.sub(r"\s+", " ", folded).strip()


@dataclass(frozen=True)
class Guess:
    """One label and the model's probability for it, 0 to 1."""

    label: str
    confidence: float


class IntentModel:
    """A trained model: `rank` a text, `save` and `load` without pickle."""

    def __init__(self, labels: Sequence[str], vectorizers: dict[str, TfidfVectorizer], weights: Any, bias: Any) -> None:
        self.labels = list(labels)
        self._vectorizers = vectorizers
        self._weights = weights
        self._bias = bias

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str]) -> IntentModel:
        """Train on texts and their labels, one label a text."""
        prepared = [normalise(text) for text in texts]
        vectorizers = {name: TfidfVectorizer(**options).fit(prepared) for name, options in _VECTORIZERS.items()}
        regression = LogisticRegression(C=REGULARISATION_C, max_iter=MAX_ITERATIONS, class_weight="balanced")
        regression.fit(_features(vectorizers, prepared), list(labels))
        return cls(
            [str(label) for label in regression.classes_],
            vectorizers,
            regression.coef_.astype(np.float32),
            regression.intercept_.astype(np.float32),
        )

    def rank(self, text: str) -> list[Guess]:
        """Return every label with its probability, likeliest first; a text without any known n-gram ranks all alike."""
        features = _features(self._vectorizers, [normalise(text)])
        logits = np.asarray(features @ self._weights.T)[0] + self._bias
        if features.nnz == 0:
            logits = np.zeros_like(logits)
        odds = np.exp(logits - logits.max())
        probabilities = odds / odds.sum()
        order = np.argsort(-probabilities, kind="stable")
        return [Guess(self.labels[index], float(probabilities[index])) for index in order]

    def save(self, folder: Path) -> None:
        """Write the model as JSON (labels, vocabularies) and an .npz of plain arrays."""
        vocabularies = {
            name: {term: int(index) for term, index in vectorizer.vocabulary_.items()}
            for name, vectorizer in self._vectorizers.items()
        }
        described = {"labels": self.labels, "vocabularies": vocabularies}
        (folder / "intent_model.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        arrays = {f"idf_{name}": vectorizer.idf_ for name, vectorizer in self._vectorizers.items()}
        np.savez_compressed(folder / "intent_model.npz", weights=self._weights, bias=self._bias, **arrays)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote; nothing in it is ever executed."""
        described = json.loads((folder / "intent_model.json").read_text(encoding="utf-8"))
        with np.load(folder / "intent_model.npz", allow_pickle=False) as arrays:
            vectorizers = {}
            for name, options in _VECTORIZERS.items():
                kept = {key: value for key, value in options.items() if key != "min_df"}
                vectorizer = TfidfVectorizer(**kept, vocabulary=described["vocabularies"][name])
                vectorizer.idf_ = arrays[f"idf_{name}"]
                vectorizers[name] = vectorizer
            return cls(described["labels"], vectorizers, arrays["weights"], arrays["bias"])


def _features(vectorizers: dict[str, TfidfVectorizer], prepared: Sequence[str]) -> csr_matrix:
    return hstack([vectorizers[name].transform(prepared) for name in _VECTORIZERS], format="csr")
