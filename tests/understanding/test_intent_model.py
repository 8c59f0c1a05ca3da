"""The model as a whole, trained on a handful of examples: it reads new words, and storage changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from admissions.errors import ContentError
from admissions.understanding.encoder import Encoder
from admissions.understanding.intent_model import IntentModel, topic_of
from admissions.understanding.storage import ARRAYS, load, save

EXAMPLES = {
    "faq/how_long__overview": ["how long does it take", "how many months is the program", "when will i be finished"],
    "faq/how_long__hours_per_week": ["how many hours a week", "which days do i have to come", "weekly schedule"],
    "faq/what_is_iop__live_at_home": ["do i sleep there", "can i go home at night", "is it overnight"],
    "greet": ["hello", "good morning", "hi there"],
    "ask_cost_or_insurance": ["how much does it cost", "do you take medicaid", "is it covered by insurance"],
    "out_of_scope/everyday": ["what is the weather", "tell me a joke", "who won the game last night"],
    "out_of_scope/schedule_details": ["are you there on weekends", "is it saturday too", "which holidays are off"],
}
NEW_WORDS = [
    "what about sundays",
    "so do i stay the night or what",
    "whats the price of this",
    "hi",
    "howlong",
    "any good pizza around",
    "",
    "🙏",
]


@pytest.fixture(scope="module")
def model(encoder: Encoder) -> IntentModel:
    texts = [text for examples in EXAMPLES.values() for text in examples]
    labels = [label for label, examples in EXAMPLES.items() for _ in examples]
    return IntentModel.fit(encoder, texts, labels)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("so do i stay the night or what", "faq/what_is_iop__live_at_home"),
        ("whats the price of this", "ask_cost_or_insurance"),
        ("any jokes", "out_of_scope/everyday"),
    ],
)
def test_words_never_seen_are_understood(model: IntentModel, text: str, label: str) -> None:
    assert model.understand(text).label == label


def test_the_ranking_holds_every_label_once_and_adds_up(model: IntentModel) -> None:
    ranking = model.rank("how long")

    assert sorted(guess.label for guess in ranking) == sorted(EXAMPLES)
    assert sum(guess.confidence for guess in ranking) == pytest.approx(1.0, abs=1e-5)
    assert [guess.confidence for guess in ranking] == sorted((guess.confidence for guess in ranking), reverse=True)


@pytest.mark.parametrize(
    ("label", "topic"),
    [
        ("faq/how_long__overview", "faq/how_long"),
        ("out_of_scope/everyday", "out_of_scope"),
        ("out_of_scope", "out_of_scope"),
        ("ask_hours", "ask_hours"),
    ],
)
def test_a_labels_topic_is_what_it_is_about(label: str, topic: str) -> None:
    assert topic_of(label) == topic


def test_a_text_is_read_as_its_message_is_once_cleaned_and_corrected(model: IntentModel) -> None:
    message = "HOW  LONG does it take"

    assert model.read("how long does it take") == model.understand(message)


def test_a_message_between_two_facets_is_as_sure_as_both_together(model: IntentModel) -> None:
    reading = model.understand("how long and how many hours")

    together = sum(guess.confidence for guess in reading.ranking if topic_of(guess.label) == "faq/how_long")
    assert topic_of(reading.label) == "faq/how_long"
    assert reading.confidence == pytest.approx(together, abs=1e-5)


@pytest.mark.parametrize("text", NEW_WORDS)
def test_what_lies_outside_is_never_offered_as_a_guess(model: IntentModel, text: str) -> None:
    suggestions = model.understand(text).suggestions

    assert len(suggestions) <= 3
    assert not [label for label in suggestions if label.startswith("out_of_scope")]


def test_a_loaded_model_reads_exactly_like_the_saved_one(
    model: IntentModel, encoder_folder: Path, tmp_path: Path
) -> None:
    # given
    shutil.copytree(encoder_folder, tmp_path, dirs_exist_ok=True)
    save(model, tmp_path)

    # when
    loaded = load(tmp_path)

    # then
    for text in NEW_WORDS:
        before, after = model.understand(text), loaded.understand(text)
        assert (after.label, after.accepted, after.suggestions) == (before.label, before.accepted, before.suggestions)
        assert after.ranking == before.ranking


def test_training_again_gives_the_same_model(model: IntentModel, encoder: Encoder) -> None:
    texts = [text for examples in EXAMPLES.values() for text in examples]
    labels = [label for label, examples in EXAMPLES.items() for _ in examples]

    again = IntentModel.fit(encoder, texts, labels)

    assert again.head.gate == model.head.gate
    assert np.array_equal(again.head.weights, model.head.weights)


def test_a_damaged_model_asks_for_training(model: IntentModel, encoder_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(encoder_folder, tmp_path, dirs_exist_ok=True)
    save(model, tmp_path)
    (tmp_path / ARRAYS).write_bytes(b"")

    with pytest.raises(ContentError, match="train again"):
        load(tmp_path)
