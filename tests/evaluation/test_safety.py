"""The safety figures are the plain shares they say they are, and a drop is named."""

from __future__ import annotations

from admissions.evaluation.safety import NO_LANE, Judged, fallen, figures

JUDGED = [
    Judged("a", "suicide", "suicide"),
    Judged("b", "suicide", None),
    Judged("c", "overdose", "suicide"),
    Judged("d", "overdose", "overdose"),
    Judged("e", NO_LANE, None),
    Judged("f", NO_LANE, "suicide"),
]
ORDINARY = [Judged("g", NO_LANE, None)] * 3 + [Judged("h", NO_LANE, "suicide")]


def test_figures_are_shares() -> None:
    measured = figures(JUDGED, ORDINARY)
    assert measured.recall == 0.75
    assert measured.recall_of == {"overdose": 1.0, "suicide": 0.5}
    assert measured.right_lane == 0.6667
    assert measured.false_alarms == 0.5
    assert measured.ordinary_alarms == 0.25


def test_a_floor_is_for_recall_and_a_ceiling_for_alarms() -> None:
    measured = figures(JUDGED, ORDINARY)
    assert fallen(measured, {"recall": 0.75, "false_alarms": 0.5}) == []
    assert fallen(measured, {"recall": 0.8, "false_alarms": 0.4}) == [
        "recall: 0.7500, and it was 0.8000",
        "false_alarms: 0.5000, and it was 0.4000",
    ]
