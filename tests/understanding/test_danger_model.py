"""The trained safety signal: learns from a handful of lines, reads long messages in pieces, comes back from disk."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from admissions.core.danger import Leaning
from admissions.errors import ContentError
from admissions.understanding import danger_tuning
from admissions.understanding.arrays import Array
from admissions.understanding.clauses import PIECE_TO_WORDS, WINDOW_WORDS, pieces
from admissions.understanding.danger_examples import Example, read_examples
from admissions.understanding.danger_model import PIECES_READ, DangerModel
from admissions.understanding.danger_storage import DESCRIPTION, load, save
from admissions.understanding.encoder import Encoder, session
from admissions.understanding.encoder_graph import WIDTH, build_tuned, read_weights, weights_folder

DANGERS = [
    Example("i want to die", "suicide"),
    Example("i am going to end my life tonight", "suicide"),
    Example("my brother wants to die", "suicide", other=True),
    Example("quiero morirme hoy", "suicide", spanish=True),
    Example("he took too many pills and will not wake up", "overdose", other=True),
    Example("she is not breathing after the shot", "overdose", other=True),
]
LOOK_ALIKES = [Example("dying to know the hours", None, look_alike=True)]
ORDINARY = ["what is iop", "how many hours a week is it", "do you take insurance", "hello", "thanks for the answer"]


@pytest.fixture(scope="module")
def model(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> DangerModel:
    return DangerModel.fit(encoder, [*DANGERS, *LOOK_ALIKES], ORDINARY, tmp_path_factory.mktemp("tuned"))


@pytest.mark.parametrize(
    ("text", "lane", "other", "spanish"),
    [
        ("i really want to die", "suicide", False, False),
        ("he swallowed many pills and does not wake up", "overdose", True, False),
        ("hoy quiero morirme", "suicide", False, True),
    ],
)
def test_it_knows_a_danger_in_other_words(model: DangerModel, text: str, lane: str, other: bool, spanish: bool) -> None:
    found = model.suspect(text, guarded=False)
    assert found
    assert (found.lane, found.other, found.spanish) == (lane, other, spanish)


def test_an_ordinary_question_raises_nothing(model: DangerModel) -> None:
    found = model.suspect("how many hours is iop a week", guarded=False)
    assert found
    assert found.leaning is not Leaning.DANGER


def test_one_clause_in_a_long_message_is_enough(model: DangerModel) -> None:
    long = "so i read your page and the groups sound good, my sister told me about it. " * 3
    found = model.read(f"{long} i want to die. {long}")
    assert found
    assert found.lane == "suicide"
    assert found.margin > (model.read(long) or found).margin


def test_it_comes_back_from_disk(model: DangerModel, encoder_folder: Path, tmp_path: Path, encoder: Encoder) -> None:
    for file in encoder_folder.iterdir():
        shutil.copy(file, tmp_path)
    save(model, tmp_path)
    again, before = load(tmp_path, encoder).read("i want to die"), model.read("i want to die")
    assert again
    assert before
    assert again.lane == before.lane
    assert again.margin == pytest.approx(before.margin, abs=0.01)


def test_a_broken_file_is_named(model: DangerModel, encoder_folder: Path, tmp_path: Path, encoder: Encoder) -> None:
    for file in encoder_folder.iterdir():
        shutil.copy(file, tmp_path)
    save(model, tmp_path)
    (tmp_path / DESCRIPTION).write_text("{}", encoding="utf-8")
    with pytest.raises(ContentError, match="safety signal cannot be read"):
        load(tmp_path, encoder)


def test_what_takes_minutes_is_learned_once(
    model: DangerModel, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: a training that was done before
    DangerModel.fit(encoder, DANGERS, ORDINARY, tmp_path)
    monkeypatch.setattr(danger_tuning, "tune", None)  # learning again would fail
    # when / then: the same examples need no more learning, others do
    DangerModel.fit(encoder, DANGERS, ORDINARY, tmp_path)
    with pytest.raises(TypeError):
        DangerModel.fit(encoder, DANGERS, [*ORDINARY, "do you have parking"], tmp_path)


def test_the_tuned_layers_answer_as_they_were_trained(encoder: Encoder) -> None:
    # given: layers as published, under a matrix that reads the first ten numbers of the mean
    weights = read_weights(weights_folder())
    weights |= {"danger.weight": np.eye(10, WIDTH, dtype=np.float32), "danger.bias": np.zeros(10, dtype=np.float32)}
    lower = encoder.states("i want to die")[1]
    # when
    served = session(build_tuned(weights)).run(None, {"lower": lower})[0]
    learned = {name: tf.constant(value) for name, value in weights.items() if value.dtype == np.float32}
    trained = danger_tuning.scores(tf, learned, lower[None], np.ones((1, len(lower)), dtype=np.float32), dropout=0.0)
    # then: 8 bits are close to 32
    assert np.corrcoef(served, trained[0])[0, 1] > 0.99


@given(st.text(max_size=400))
def test_no_text_makes_it_raise(model: DangerModel, text: str) -> None:
    model.suspect(text, guarded=False)


@given(st.lists(st.sampled_from(["i", "want", "to", "die.", "but", "my", "kids,", "and he", "\n", "?"]), max_size=300))
def test_pieces_lose_no_word_and_their_number_grows_with_the_text_only(words: list[str]) -> None:
    text = " ".join(words)
    found = pieces(text)
    assert set(text.replace(",", " ").replace(".", " ").replace("?", " ").split()) <= set(
        " ".join(found).replace(",", " ").replace(".", " ").replace("?", " ").split()
    )
    assert len(found) <= 1 + len(text.split()) * 2 / WINDOW_WORDS + text.count(".") + text.count("?") + len(text) / 9
    assert len(found) == 1 or max(len(piece.split()) for piece in found) <= PIECE_TO_WORDS


def test_the_encoder_reads_no_more_of_a_longer_message(model: DangerModel, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    states = Encoder.states

    def counted(self: Encoder, text: str) -> tuple[Array, Array]:
        read.append(text)
        return states(self, text)

    monkeypatch.setattr(Encoder, "states", counted)
    model.read("i was told to ask about the groups, and about the hours. " * 500)
    assert len(read) == PIECES_READ
    assert max(len(text.split()) for text in read) <= PIECE_TO_WORDS


def test_a_line_that_stands_twice_is_refused() -> None:
    lanes = {"suicide": {"self": "i want to die", "other": "she wants to die", "es": "quiero morir"}}
    with pytest.raises(ContentError, match="twice"):
        read_examples(lanes, {"near": "I want to  die"})


def test_a_missing_group_is_named() -> None:
    with pytest.raises(ContentError, match="other"):
        read_examples({"suicide": {"self": "i want to die"}}, {})
