"""The floors: what is past one is named, and the model of the present content is past none."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.commands import evaluate
from admissions.commands.parse import Reader
from admissions.errors import ContentError
from admissions.evaluation.floors import Floors, load_floors
from admissions.settings import ROOT

FLOORS = Floors(least={"accuracy": 0.95, "recall": 0.9}, most={"wrong_confident": 0.01, "ms_median": 4.0})


@pytest.mark.parametrize(
    ("figures", "broken"),
    [
        pytest.param({"accuracy": 0.96, "wrong_confident": 0.005}, [], id="better"),
        pytest.param({"accuracy": 0.95, "wrong_confident": 0.01}, [], id="exactly on it"),
        pytest.param({"accuracy": 0.9499}, ["accuracy is 0.9499, at least 0.95"], id="too low"),
        pytest.param({"wrong_confident": 0.02}, ["wrong_confident is 0.02, at most 0.01"], id="too high"),
        pytest.param({"messages": 5.0}, [], id="a figure without a floor"),
        pytest.param({}, [], id="nothing measured"),
        pytest.param(
            {"recall": 0.1, "ms_median": 9.0, "accuracy": 0.1},
            ["accuracy is 0.1, at least 0.95", "recall is 0.1, at least 0.9", "ms_median is 9.0, at most 4.0"],
            id="several",
        ),
    ],
)
def test_every_figure_past_its_floor_is_named(figures: dict[str, float], broken: list[str]) -> None:
    assert FLOORS.broken(figures) == broken


def test_a_floor_is_worded_for_the_table() -> None:
    assert FLOORS.worded("accuracy") == "≥ 95.0%"
    assert FLOORS.worded("wrong_confident") == "≤ 1.0%"
    assert FLOORS.worded("messages") == ""


def test_a_floor_of_milliseconds_is_worded_in_milliseconds() -> None:
    assert FLOORS.worded("ms_median") == "≤ 4 ms"


@pytest.mark.parametrize(
    "text",
    [
        "least: {}\n",
        "most: {}\n",
        "least: 5\nmost: {}\n",
        "least: {accuracy: high}\nmost: {}\n",
        "least:\nmost: {}\n",
        "least: [0.9]\nmost: {}\n",
    ],
)
def test_a_floor_file_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "floors.yml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ContentError, match=r"floors\.yml: expected `least` and `most`"):
        load_floors(path)


def test_a_missing_floor_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"floors\.yml is missing"):
        load_floors(tmp_path / "floors.yml")


# -- the committed floors ----------------------------------------------------------------------------------------------

COMMITTED = load_floors(ROOT / "eval" / "floors.yml")


@pytest.fixture(scope="session")
def measured(trained_reader: Reader) -> dict[str, float]:
    """What the trained model makes of the files of `make eval`: the same figures."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    names = makefile.partition("HELD_OUT := $(addprefix eval/,")[2].partition(")")[0].split()
    rows, dialogues = evaluate.read_files([str(ROOT / "eval" / name) for name in names])
    figures, _ = evaluate.measure(lambda text: evaluate.ours(trained_reader, text), rows)
    variants = evaluate.variant_figures(trained_reader, rows)
    return {**figures, **evaluate.follow_up_figures(trained_reader, dialogues), **variants}


@pytest.mark.model
@pytest.mark.timeout(900)  # some 7,000 messages, and loading Rasa: on two busy cores that is minutes
def test_no_figure_is_past_its_committed_floor(measured: dict[str, float]) -> None:
    assert COMMITTED.broken(measured) == []


@pytest.mark.model
def test_every_committed_floor_is_of_a_figure_that_is_measured(measured: dict[str, float]) -> None:
    floors = {*COMMITTED.least, *COMMITTED.most}

    assert floors
    assert floors - measured.keys() == set()
