"""The figures, on a model that says what it is told to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from admissions.errors import ContentError
from admissions.evaluation.measure import Outcome, calibration_error, confusions, figures, read_messages, run


@dataclass(frozen=True)
class Said:
    label: str
    confidence: float = 1.0
    accepted: bool = True


class Parrot:
    """Understands `label` or `label?` (not sure enough) from the message itself."""

    def understand(self, text: str) -> Said:
        return Said(text.rstrip("?"), accepted=not text.endswith("?"))


def outcome(expected: str, label: str, *, confidence: float = 1.0, accepted: bool = True) -> Outcome:
    return Outcome("words", expected, label, confidence, accepted)


def write(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("# a comment\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def test_a_run_counts_each_file_by_its_own_rule(tmp_path: Path) -> None:
    # given
    write(
        tmp_path,
        "faq.tsv",
        "how_long__overview\tfaq/how_long__overview",
        "how_long__overview\tfaq/how_long__minimum_weeks",
    )
    write(tmp_path, "intents.tsv", "greet\tgreet", "thanks\tgreet", "stop\tstop?", "skip\tout_of_scope")
    write(tmp_path, "out_of_scope_near.tsv", "out_of_scope\tout_of_scope", "out_of_scope\tgreet")
    write(tmp_path, "out_of_scope_far.tsv", "out_of_scope\tgreet?")

    # when
    measured = run(Parrot(), tmp_path)

    # then
    assert (measured.topic_accuracy, measured.facet_accuracy, measured.other_accuracy) == (1.0, 0.5, 0.5)
    assert (measured.near_rejected, measured.far_rejected) == (0.5, 1.0)
    assert measured.wrongly_refused == pytest.approx(2 / 6)
    assert measured.wrong_confident == pytest.approx(1 / 6)
    assert measured.messages == 9


def test_the_wrong_facet_of_the_right_topic_is_not_a_wrong_answer() -> None:
    measured = figures([outcome("faq/how_long__overview", "faq/how_long__minimum_weeks")], [], [], [])

    assert measured.wrong_confident == 0.0


def test_calibration_error_is_the_distance_of_confidence_from_truth() -> None:
    sure_and_half_right = [outcome("greet", "greet", confidence=0.95), outcome("greet", "stop", confidence=0.95)]

    assert calibration_error(sure_and_half_right) == pytest.approx(0.45)
    assert calibration_error([]) == 0.0


def test_confusions_come_most_frequent_first() -> None:
    measured = [outcome("a", "b"), outcome("c", "d"), outcome("c", "d"), outcome("e", "e")]

    assert confusions(measured) == [("c", "d", 2), ("a", "b", 1)]


@pytest.mark.parametrize("line", ["how long", "\thow long", "greet\t "])
def test_a_line_without_label_or_message_is_named(tmp_path: Path, line: str) -> None:
    write(tmp_path, "faq.tsv", line)

    with pytest.raises(ContentError, match=r"faq\.tsv, line 3: expected label TAB message"):
        read_messages(tmp_path, "faq.tsv")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"intents\.tsv is missing"):
        read_messages(tmp_path, "intents.tsv")
