"""A trained intent model on disk: JSON, plain arrays and the encoder's two files. Nothing in it is ever executed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from admissions.errors import ContentError
from admissions.understanding.encoder import Encoder
from admissions.understanding.features import Features, Projection, Vectors
from admissions.understanding.gate import Gate
from admissions.understanding.intent_model import Head, IntentModel
from admissions.understanding.ngrams import NGrams
from admissions.understanding.spelling import Spelling

DESCRIPTION, ARRAYS = "intent_model.json", "intent_model.npz"


def save(model: IntentModel, folder: Path) -> None:
    """Write the model beside the encoder's files, which `make_encoder` has put into the same folder."""
    features, head = model.features, model.head
    description = {
        "labels": head.labels,
        "gate": asdict(head.gate),
        "words": model.spelling.seen,
        "vocabularies": features.ngrams.vocabularies,
    }
    (folder / DESCRIPTION).write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
    sparse = head.examples.sparse
    arrays = {
        "mean": features.projection.mean,
        "spread": features.projection.spread,
        "components": features.projection.components,
        "weights": head.weights,
        "dense": head.examples.dense.astype(np.float16),
        "sparse_data": sparse.data.astype(np.float16),
        "sparse_indices": sparse.indices,
        "sparse_indptr": sparse.indptr,
        "sparse_shape": np.array(sparse.shape),
    }
    idf = {f"idf_{name}": values for name, values in features.ngrams.idf.items()}
    np.savez_compressed(folder / ARRAYS, **arrays, **idf)


def load(folder: Path) -> IntentModel:
    """Read what `save` wrote.

    Raises:
        ContentError: a file is missing or is not what `save` writes.
    """
    encoder = Encoder(folder)
    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as stored:
            arrays = dict(stored)
        vocabularies = description["vocabularies"]
        ngrams = NGrams(vocabularies, {name: arrays[f"idf_{name}"] for name in vocabularies})
        projection = Projection(arrays["mean"], arrays["spread"], arrays["components"])
        sparse = csr_matrix(
            (arrays["sparse_data"].astype(np.float32), arrays["sparse_indices"], arrays["sparse_indptr"]),
            shape=tuple(arrays["sparse_shape"]),
        )
        examples = Vectors(arrays["dense"].astype(np.float32), sparse)
        head = Head(tuple(description["labels"]), examples, arrays["weights"], Gate(**description["gate"]))
        spelling = Spelling(description["words"], encoder.whole_words())
    except (OSError, KeyError, TypeError, ValueError) as problem:
        raise ContentError(f"the intent model cannot be read ({problem}): train again") from problem
    return IntentModel(spelling, Features(encoder, projection, ngrams), head)
