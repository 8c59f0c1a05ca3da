"""`admissions eval FILE.tsv …`: how well held-out messages are understood, over the same code as live messages."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import f1_score

from admissions.commands.parse import Reader, Reading
from admissions.core.lanes import Lane
from admissions.errors import ContentError
from admissions.evaluation.measure import OUT_OF_SCOPE, Outcome, calibration_error, confusions

#: How many confusions are worth a line.
CONFUSIONS_SHOWN = 15

LANES = frozenset(lane.value for lane in Lane)
NO_LANE = "none"


@dataclass(frozen=True)
class Row:
    """One held-out message: what it should be, and how it was read."""

    expected: str
    reading: Reading


def run(given: argparse.Namespace) -> int:
    """Measure every file and print the figures, as a table or as JSON."""
    reader = Reader()
    rows = [Row(label, reader.read(text)) for name in given.files for label, text in read_labelled(Path(name))]
    measured = measure(rows)
    print(json.dumps(measured, indent=2) if given.json else as_table(measured))
    return 0


def read_labelled(path: Path) -> list[tuple[str, str]]:
    """Return (label, text) of each line `label TAB text`; a bare facet gets its `faq/`.

    Raises:
        ContentError: the file is missing or a line has no label; names file and line.
    """
    if not path.is_file():
        raise ContentError(f"{path} is missing")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        label, tab, text = line.partition("\t")
        if not tab or not label.strip():
            raise ContentError(f"{path.name}, line {number}: expected label TAB message")
        bare_facet = "__" in label and "/" not in label
        rows.append((f"faq/{label}" if bare_facet else label, text))
    return rows


def measure(rows: Sequence[Row]) -> dict[str, object]:
    """Return the figures of these rows; a figure whose kind of row is missing is left out."""
    lanes = [row for row in rows if row.expected in LANES or row.expected == NO_LANE]
    outcomes = [_outcome(row) for row in rows if row not in lanes]
    supported = [one for one in outcomes if one.expected != OUT_OF_SCOPE]
    faq = [one for one in supported if one.expected.startswith("faq/")]
    others = [one for one in supported if not one.expected.startswith("faq/")]
    beyond = [one for one in outcomes if one.expected == OUT_OF_SCOPE]
    dangers = [row for row in lanes if row.expected in LANES]
    figures = {
        "messages": len(rows),
        "accuracy": _share([one.label == one.expected for one in supported]),
        "macro_f1": _macro_f1(supported),
        "topic_accuracy": _share([one.right_topic for one in faq]),
        "facet_accuracy": _share([one.label == one.expected for one in faq]),
        "other_intent_accuracy": _share([one.label == one.expected for one in others]),
        "wrongly_refused": _share([not one.answered for one in supported]),
        "wrong_confident": _share([one.answered and not one.right_topic for one in supported]),
        "out_of_scope_recall": _share([not one.answered for one in beyond]),
        "calibration_error": round(calibration_error(outcomes), 4) if outcomes else None,
        "lane_recall": _share([row.reading.lane is not None for row in dangers]),
        "right_lane": _share([row.reading.lane == row.expected for row in dangers]),
        "false_alarms": _share([row.reading.lane is not None for row in rows if row.expected not in LANES]),
    }
    shown = confusions(supported)[:CONFUSIONS_SHOWN]
    kept = {name: value for name, value in figures.items() if value is not None}
    return {**kept, "confusions": [{"expected": a, "read_as": b, "times": n} for a, b, n in shown]}


def as_table(measured: dict[str, object]) -> str:
    """Return the figures as lines for a person."""
    lines = [f"{name.replace('_', ' '):24}{_worded(value)}" for name, value in measured.items() if name != "confusions"]
    confused = measured["confusions"]
    assert isinstance(confused, list)
    lines += ["", "most frequent confusions"] if confused else []
    lines += [f"  {one['times']:>3}  {one['expected']}  read as  {one['read_as']}" for one in confused]
    return "\n".join(lines)


def _worded(value: object) -> str:
    return f"{value:.1%}" if isinstance(value, float) else str(value)


def _outcome(row: Row) -> Outcome:
    reading = row.reading
    label = f"{reading.intent}/{reading.facet}" if reading.facet else reading.intent
    return Outcome(reading.text, row.expected, label, reading.confidence, reading.accepted)


def _macro_f1(outcomes: Sequence[Outcome]) -> float | None:
    if not outcomes:
        return None
    expected, read_as = [one.expected for one in outcomes], [one.label for one in outcomes]
    return round(float(f1_score(expected, read_as, average="macro", labels=sorted(set(expected)))), 4)


def _share(facts: Sequence[bool]) -> float | None:
    return round(sum(facts) / len(facts), 4) if facts else None
