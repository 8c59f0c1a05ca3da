"""A trained intent model on disk: JSON, plain arrays and the encoder's two files. Nothing in it is ever executed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from admissions.errors import ContentError
from admissions.understanding.encoder import Encoder
from admissions.understanding.features import Features, Projection, Stored
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
    stored = model.stored
    arrays = {
        "mean": features.projection.mean,
        "spread": features.projection.spread,
        "components": features.projection.components.astype(np.float16),
        "weights": head.weights.astype(np.float16),
        "dense": stored.dense,
        "dense_scale": np.array(stored.scale),
        "counts": stored.counts.data,
        "counts_indices": stored.counts.indices.astype(_smallest(stored.counts.shape[1])),
        "counts_indptr": stored.counts.indptr,
        "counts_shape": np.array(stored.counts.shape),
    }
    idf = {f"idf_{name}": values for name, values in features.ngrams.idf.items()}
    np.savez_compressed(folder / ARRAYS, **arrays, **idf)


def load(folder: Path, encoder: Encoder | None = None) -> IntentModel:
    """Read what `save` wrote, with an encoder that is loaded already or the one in the folder.

    Raises:
        ContentError: a file is missing or is not what `save` writes.
    """
    encoder = encoder or Encoder(folder)
    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as stored:
            arrays = dict(stored)
        vocabularies = description["vocabularies"]
        ngrams = NGrams(vocabularies, {name: arrays[f"idf_{name}"] for name in vocabularies})
        components = arrays["components"].astype(np.float32)
        features = Features(encoder, Projection(arrays["mean"], arrays["spread"], components), ngrams)
        counts = csr_matrix(
            (arrays["counts"], arrays["counts_indices"].astype(np.int32), arrays["counts_indptr"]),
            shape=tuple(arrays["counts_shape"]),
        )
        stored = Stored(arrays["dense"], float(arrays["dense_scale"]), counts)
        weights = arrays["weights"].astype(np.float32)
        head = Head(tuple(description["labels"]), stored.vectors(ngrams), weights, Gate(**description["gate"]))
        spelling = Spelling(description["words"], encoder.whole_words())
    except (OSError, KeyError, TypeError, ValueError) as problem:
        raise ContentError(f"the intent model cannot be read ({problem}): train again") from problem
    return IntentModel(spelling, features, stored, head)


def _smallest(columns: int) -> type[np.unsignedinteger[Any]]:
    """Return the smallest type that counts so many columns."""
    return np.uint16 if columns <= np.iinfo(np.uint16).max else np.uint32
