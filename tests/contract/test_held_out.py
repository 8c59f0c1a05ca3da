"""Held-out messages: labels there are, enough of each, and none of them ever trained on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from admissions import content
from admissions.core.lanes import Lane
from admissions.core.wording import fold
from admissions.evaluation.messages import SEVERAL, TURN, Labelled, read_dialogues, read_labelled
from admissions.settings import ROOT

FILES = sorted((ROOT / "eval").glob("*.tsv"))

#: `out_of_scope` stands for every gap; `none` for a message that raises no lane.
KNOWN = {*content.nlu_files().labels, "out_of_scope", "none", *(lane.value for lane in Lane)}

#: By what is asked of the project: messages a topic of the article, and an intent.
LEAST_A_TOPIC, LEAST_AN_INTENT = 40, 20

#: Two people write "hi", or "how much does it cost", by themselves; from this many words on it was copied.
COPIED_FROM_WORDS = 7


def messages_of(path: Path) -> list[Labelled]:
    """Return every message of a file, those of dialogues one by one."""
    if any(TURN in message.label for message in read_labelled(path)):
        return [message for dialogue in read_dialogues(path) for message in dialogue]
    return read_labelled(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_label_is_one_the_assistant_has(path: Path) -> None:
    labels = {label for message in messages_of(path) for label in message.label.split(SEVERAL)}

    assert labels - KNOWN == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_held_out_message_is_trained_on(path: Path) -> None:
    # given
    trained_on = {fold(example.text): example.file for example in content.nlu_files().examples}

    # when
    copied = [
        f"{message.text!r} stands in {trained_on[words]}"
        for message in messages_of(path)
        if (words := fold(message.text)) in trained_on and len(words.split()) >= COPIED_FROM_WORDS
    ]

    # then
    assert copied == []


def test_there_are_enough_messages_of_every_topic_and_every_intent() -> None:
    # given
    counted = Counter(
        message.label.split("__")[0] if message.label.startswith("faq/") else message.label
        for path in FILES
        for message in messages_of(path)
        if SEVERAL not in message.label
    )
    topics = {label.split("__")[0] for label in content.nlu_files().labels if label.startswith("faq/")}
    intents = {label for label in content.nlu_files().labels if "/" not in label}

    # when / then
    assert {topic: counted[topic] for topic in topics if counted[topic] < LEAST_A_TOPIC} == {}
    assert {intent: counted[intent] for intent in intents if counted[intent] < LEAST_AN_INTENT} == {}


def test_no_message_has_two_labels() -> None:
    labels: dict[str, set[str]] = {}
    for path in FILES:
        for message in read_labelled(path):
            if message.label in KNOWN - {lane.value for lane in Lane} - {"none"}:
                labels.setdefault(fold(message.text), set()).add(message.label)

    assert {words: found for words, found in labels.items() if words and len(found) > 1} == {}
