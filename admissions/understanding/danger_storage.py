"""A trained safety signal on disk: JSON and plain arrays, beside the intent model. Nothing in it is ever executed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from admissions.errors import ContentError
from admissions.understanding.danger_model import DangerHead, DangerModel, Thresholds
from admissions.understanding.encoder import Encoder
from admissions.understanding.features import Projection
from admissions.understanding.ngrams import NGrams

DESCRIPTION, ARRAYS, TUNED = "danger_model.json", "danger_model.npz", "danger_tuned.onnx"


def save(model: DangerModel, folder: Path) -> None:
    """Write the model; the encoder's files are the intent model's."""
    head = model.head
    description = {
        "lanes": head.lanes,
        "thresholds": asdict(head.thresholds),
        "vocabularies": model.ngrams.vocabularies,
    }
    (folder / DESCRIPTION).write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
    (folder / TUNED).write_bytes(model.tuned)
    idf = {f"idf_{name}": values for name, values in model.ngrams.idf.items()}
    np.savez_compressed(
        folder / ARRAYS,
        mean=model.projection.mean,
        spread=model.projection.spread,
        components=model.projection.components.astype(np.float16),
        meanings=head.meanings,
        scale=np.array(head.scale),
        weights=head.weights.astype(np.float32),
        terms=head.terms.astype(np.float16),
        **idf,
    )


def load(folder: Path, encoder: Encoder) -> DangerModel:
    """Read what `save` wrote; the encoder is the intent model's.

    Raises:
        ContentError: a file is missing or is not what `save` writes.
    """
    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as stored:
            arrays = dict(stored)
        vocabularies = description["vocabularies"]
        ngrams = NGrams(vocabularies, {name: arrays[f"idf_{name}"] for name in vocabularies})
        projection = Projection(arrays["mean"], arrays["spread"], arrays["components"].astype(np.float32))
        head = DangerHead(
            tuple(description["lanes"]),
            arrays["meanings"],
            float(arrays["scale"]),
            arrays["weights"],
            arrays["terms"].astype(np.float32),
            Thresholds(**description["thresholds"]),
        )
        return DangerModel(encoder, projection, ngrams, head, (folder / TUNED).read_bytes())
    except Exception as problem:  # onnxruntime raises its own, derived from Exception alone
        raise ContentError(f"the safety signal cannot be read ({problem}): train again") from problem
