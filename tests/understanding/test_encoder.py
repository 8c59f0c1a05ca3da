"""The encoder: the published weights and no others, and the published meaning."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from admissions.errors import ContentError
from admissions.understanding import encoder_graph
from admissions.understanding.encoder import GRAPH_FILE, MAX_TOKENS, Encoder
from admissions.understanding.encoder_graph import encoder_model, read_weights, weights_folder

# The model card's own example and its figures.
SENTENCE = "That is a happy person"
FIGURES = {"That is a happy dog": 0.695, "That is a very happy person": 0.943, "Today is a sunny day": 0.257}

# 8 bits with a reduced range move a single likeness by up to this much; their order stays.
QUANTISATION = 0.06


def test_likenesses_are_those_of_the_model_card_within_the_loss_of_8_bits(encoder: Encoder) -> None:
    for other, figure in FIGURES.items():
        assert encoder.encode(SENTENCE) @ encoder.encode(other) == pytest.approx(figure, abs=QUANTISATION)


def test_before_quantisation_the_graph_computes_the_published_model(encoder: Encoder) -> None:
    graph = encoder_model(read_weights(weights_folder()))
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])

    def meaning(text: str) -> np.ndarray:
        ids = np.array(encoder._tokenizer.encode(text).ids, dtype=np.int64)
        return session.run(None, {"ids": ids})[0][-1]

    for other, figure in FIGURES.items():
        assert meaning(SENTENCE) @ meaning(other) == pytest.approx(figure, abs=0.003)


@pytest.mark.parametrize("text", ["", "?", "iop", "\U0001f64f", "sleep at home? " * 400])
def test_any_text_has_a_meaning_of_length_one(encoder: Encoder, text: str) -> None:
    meaning = encoder.encode(text)

    assert meaning.shape == (384,)
    assert np.linalg.norm(meaning) == pytest.approx(1.0, abs=1e-5)


def test_what_follows_the_longest_text_changes_nothing(encoder: Encoder) -> None:
    longest = "word " * MAX_TOKENS

    assert np.array_equal(encoder.encode(longest), encoder.encode(longest + "and more"))


def test_the_same_text_always_has_the_same_meaning(encoder: Encoder, encoder_folder: Path) -> None:
    again = Encoder(encoder_folder)

    assert np.array_equal(encoder.encode(SENTENCE), again.encode(SENTENCE))


def test_altered_weights_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the published weights")

    with pytest.raises(ContentError, match=r"model\.safetensors is not the published file.*reinstall"):
        read_weights(tmp_path)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"model\.safetensors is missing.*reinstall"):
        read_weights(tmp_path)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_graph, "WEIGHTS_PACKAGE", "no_such_package_of_weights")

    with pytest.raises(ContentError, match=r"no_such_package_of_weights is missing: install"):
        weights_folder()


def test_a_model_without_its_encoder_asks_for_training(tmp_path: Path, encoder_folder: Path) -> None:
    (tmp_path / GRAPH_FILE).write_bytes((encoder_folder / GRAPH_FILE).read_bytes())

    with pytest.raises(ContentError, match="train again"):
        Encoder(tmp_path)
