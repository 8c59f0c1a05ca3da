"""Held-out messages on disk: a line is a label and a message, or it is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from admissions.errors import ContentError
from admissions.evaluation.messages import Labelled, read_dialogues, read_labelled


def write(folder: Path, *lines: str) -> Path:
    path = folder / "held_out.tsv"
    path.write_text("# a comment\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_message_has_its_label_its_words_and_its_files_name(tmp_path: Path) -> None:
    path = write(tmp_path, "greet\thello there", "out_of_scope\ta\ttab inside")

    assert read_labelled(path) == [
        Labelled("greet", "hello there", "held_out"),
        Labelled("out_of_scope", "a\ttab inside", "held_out"),
    ]


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("how_long__overview", "faq/how_long__overview"),
        ("faq/how_long__overview", "faq/how_long__overview"),
        ("how_long__overview+ask_hours", "faq/how_long__overview+ask_hours"),
        ("ask_hours+how_long__overview", "ask_hours+faq/how_long__overview"),
        ("out_of_scope/length_php", "out_of_scope/length_php"),
        (" greet ", "greet"),
    ],
)
def test_a_bare_facet_is_one_of_the_article(tmp_path: Path, written: str, label: str) -> None:
    (message,) = read_labelled(write(tmp_path, f"{written}\twords"))
    assert message.label == label


def test_a_dialogue_is_its_messages_in_order(tmp_path: Path) -> None:
    path = write(tmp_path, "how_long__overview || iop_vs_php__php_schedule || greet\thow long || and php? || hi")

    assert read_dialogues(path) == [
        [
            Labelled("faq/how_long__overview", "how long", "held_out"),
            Labelled("faq/iop_vs_php__php_schedule", "and php?", "held_out"),
            Labelled("greet", "hi", "held_out"),
        ]
    ]


@pytest.mark.parametrize("read", [read_labelled, read_dialogues])
@pytest.mark.parametrize("line", ["how long", "\thow long", "greet\t ", "greet\t"], ids=repr)
def test_a_line_without_label_or_message_is_named(tmp_path: Path, read: Callable[[Path], object], line: str) -> None:
    with pytest.raises(ContentError, match=r"held_out\.tsv, line 3: expected label TAB message"):
        read(write(tmp_path, line))


@pytest.mark.parametrize("line", ["greet || thanks\thi", "greet\thi || bye"])
def test_a_dialogue_needs_a_label_a_message(tmp_path: Path, line: str) -> None:
    with pytest.raises(ContentError, match=r"held_out\.tsv: \d labels for \d messages"):
        read_dialogues(write(tmp_path, line))


@pytest.mark.parametrize("read", [read_labelled, read_dialogues])
def test_a_missing_file_is_named(tmp_path: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(ContentError, match=r"intents\.tsv is missing"):
        read(tmp_path / "intents.tsv")
