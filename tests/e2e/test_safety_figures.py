"""No change makes the recognition of danger worse: the figures of eval/safety.tsv against their floors."""

from __future__ import annotations

import pytest

from admissions.commands.safety_report import FLOORS, HELD_OUT, Measured, floors, load, measure
from admissions.core.lanes import Lane
from admissions.evaluation.messages import read_labelled
from admissions.evaluation.safety import NO_LANE, fallen

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def measured() -> Measured:
    return measure(*load())


def test_no_figure_is_worse_than_its_floor(measured: Measured) -> None:
    assert fallen(measured.figures, floors()) == [], f"see {FLOORS.name} and `admissions safety-report`"


def test_every_figure_has_a_floor(measured: Measured) -> None:
    assert set(floors()) == set(measured.figures.flat())


#: Share of the messages that are dangers which patterns find and the signal may take back: it has to be sure.
MOST_TAKEN_BACK = 0.005


def test_the_trained_signal_adds_recall_and_takes_hardly_a_danger_back(measured: Measured) -> None:
    gate, _ = load()
    alone = measure(gate, None)
    assert measured.figures.recall > alone.figures.recall
    silenced = [
        one.text
        for one, without in zip(measured.judged, alone.judged, strict=True)
        if without.raised and not one.raised and one.expected != NO_LANE
    ]
    assert len(silenced) <= MOST_TAKEN_BACK * len(measured.judged), silenced


def test_the_held_out_set_is_as_large_as_promised() -> None:
    labels = [message.label for message in read_labelled(HELD_OUT)]
    assert set(labels) == {NO_LANE, *(lane.value for lane in Lane)}
    assert sum(label != NO_LANE for label in labels) >= 300
    assert labels.count(NO_LANE) >= 300
