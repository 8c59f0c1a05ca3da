"""`admissions eval FILE.tsv …`: how well held-out messages are understood, over the same code as live messages."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from admissions.commands.parse import Reader
from admissions.core.follow_ups import Talk
from admissions.core.lanes import Lane
from admissions.dialogue.parse import ASKED, TALK_LEVEL, TALK_OTHER, talk_of
from admissions.dialogue.wording import clean
from admissions.evaluation.floors import Floors, load_floors
from admissions.evaluation.measure import Outcome, confusions, figures, several_right, share, topic_of
from admissions.evaluation.messages import SEVERAL, TURN, Labelled, read_dialogues, read_labelled
from admissions.evaluation.pictures import draw
from admissions.evaluation.variants import VARIANTS
from admissions.names import INTENT_FALLBACK
from admissions.settings import ROOT

#: How many confusions are worth a line.
CONFUSIONS_SHOWN = 15

LANES = frozenset(lane.value for lane in Lane)
NO_LANE = "none"

Figures = dict[str, float]


@dataclass(frozen=True)
class Understood:
    """What the pipeline made of one message."""

    questions: tuple[str, ...]  #: labels, likeliest only where it was not sure
    label: str  #: the one the message reads as when taken whole
    confidence: float
    accepted: bool
    lane: str | None


def run(given: argparse.Namespace) -> int:
    """Measure every file and print the figures, as a table or as JSON; status 1 when one is below its floor."""
    rows, dialogues = read_files(given.files)
    reader = Reader()
    found, outcomes = measure(lambda text: ours(reader, text), rows)
    found |= follow_up_figures(reader, dialogues)
    if given.variants:
        found |= variant_figures(reader, rows)
    columns = {"ours": found}
    if given.stock:
        columns["Rasa's default"] = _stock_figures(rows)
    floors = load_floors(ROOT / "eval" / "floors.yml")
    if given.json:
        print(json.dumps({**found, "confusions": _confused(outcomes)}, indent=2))
    else:
        print(as_table(columns, floors))
        print("\nmost frequent confusions")
        for one in _confused(outcomes):
            print(f"  {one['times']:>3}  {one['expected']}  read as  {one['read_as']}")
    if given.pictures:
        for path in draw(outcomes, Path(given.pictures)):
            print(f"picture: {path}")
    broken = floors.broken(found)
    for line in broken:
        print(f"below its floor: {line}")
    return 1 if broken and given.floors else 0


def measure(understand: Callable[[str], Understood], rows: Sequence[Labelled]) -> tuple[Figures, list[Outcome]]:
    """Return the figures of these messages, and what each that has one label was understood as."""
    took: list[float] = []

    def timed(row: Labelled) -> tuple[Labelled, Understood]:
        started = time.perf_counter()
        understood = understand(row.text)
        took.append((time.perf_counter() - started) * 1000)
        return row, understood

    read = [timed(row) for row in rows]
    of_lanes = [(row, got) for row, got in read if row.label in LANES or row.label == NO_LANE]
    several = [(row, got) for row, got in read if SEVERAL in row.label]
    outcomes = [
        Outcome(row.text, row.label, got.label, got.confidence, got.accepted, row.source)
        for row, got in read
        if SEVERAL not in row.label and row.label not in LANES and row.label != NO_LANE
    ]
    dangers = [(row, got) for row, got in of_lanes if row.label in LANES]
    found: dict[str, float | None] = {
        "messages": float(len(rows)),
        **figures(outcomes),
        "several_answered": share(
            got.accepted and several_right(row.label.split(SEVERAL), got.questions) for row, got in several
        ),
        "lane_recall": share(got.lane is not None for _, got in dangers),
        "right_lane": share(got.lane == row.label for row, got in dangers),
        "false_alarms": share(got.lane is not None for row, got in read if row.label not in LANES),
        "ms_median": statistics.median(took) if took else None,
        "ms_p99": statistics.quantiles(took, n=100)[-1] if len(took) > 1 else None,
    }
    return {name: round(value, 4) for name, value in found.items() if value is not None}, outcomes


def follow_up_figures(reader: Reader, dialogues: Sequence[Sequence[Labelled]]) -> Figures:
    """Return how often a message that leans on the talk before it was understood, the first messages left out."""
    right = []
    for dialogue in dialogues:
        talk = Talk()
        for index, row in enumerate(dialogue):
            slots = {ASKED: talk.asked, TALK_LEVEL: talk.level, TALK_OTHER: talk.other}
            parsed = reader.parse(clean(row.text), {name: value for name, value in slots.items() if value})
            talk = talk_of(parsed, talk)
            if index:
                label = parsed["label"] if parsed["intent"]["name"] != INTENT_FALLBACK else INTENT_FALLBACK
                right.append(topic_of(label) == topic_of(row.label))
    value = share(right)
    return {} if value is None else {"follow_ups_understood": round(value, 4)}


def as_table(columns: Mapping[str, Figures], floors: Floors) -> str:
    """Return the figures as lines for a person: a column a pipeline, and the committed floor."""
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    lines = [f"{'':34}" + "".join(f"{name:>18}" for name in columns) + f"{'floor':>12}"]
    for name in names:
        values = "".join(f"{_worded(name, column.get(name)):>18}" for column in columns.values())
        lines.append(f"{name.replace('_', ' '):34}{values}{floors.worded(name):>12}")
    return "\n".join(lines)


def _worded(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name == "messages":
        return f"{value:.0f}"
    return f"{value:.1f} ms" if name.startswith("ms_") else f"{value:.1%}"


def read_files(files: Sequence[str]) -> tuple[list[Labelled], list[list[Labelled]]]:
    """Return single messages and dialogues; which a file holds is seen from its labels."""
    rows: list[Labelled] = []
    dialogues: list[list[Labelled]] = []
    for path in map(Path, files):
        messages = read_labelled(path)
        if any(TURN in message.label for message in messages):
            dialogues += read_dialogues(path)
        else:
            rows += messages
    return rows, dialogues


def ours(reader: Reader, text: str) -> Understood:
    """Return what the assistant's own pipeline makes of a message, safety gate and all."""
    words = clean(text)
    parsed = reader.parse(words)
    return Understood(
        tuple(parsed["questions"]),
        str(parsed["label"]),
        float(parsed["intent"]["confidence"]),
        parsed["intent"]["name"] != INTENT_FALLBACK,
        reader.lane(words),
    )


def _stock_figures(rows: Sequence[Labelled]) -> Figures:
    from admissions.commands.stock import ensure_stock_model

    reader = Reader(ensure_stock_model())
    return measure(lambda text: _stock(reader.parse(clean(text))), rows)[0]


def _stock(parsed: Mapping[str, Any]) -> Understood:
    """Read what Rasa's own classifier and response selectors say: intent from one, facet from the other."""
    accepted = parsed["intent"]["name"] != INTENT_FALLBACK
    ranking = [one for one in parsed.get("intent_ranking", ()) if one["name"] != INTENT_FALLBACK]
    best = ranking[0] if ranking else parsed["intent"]
    selected = (parsed.get("response_selector") or {}).get("default") or {}
    key = (selected.get("response") or {}).get("intent_response_key") or ""
    label = key if best["name"] == "faq" and key.startswith("faq/") else best["name"]
    return Understood((label,), label, float(best["confidence"]), accepted, None)


def variant_figures(reader: Reader, rows: Sequence[Labelled]) -> Figures:
    """Return what each way of typing costs: points of accuracy over everything supported, topics counted."""

    def right(change: Callable[[str], str]) -> float:
        plain = [row for row in rows if SEVERAL not in row.label and topic_of(row.label) != "out_of_scope"]
        read = [
            (row, ours(reader, change(row.text)).label)
            for row in plain
            if row.label not in LANES and row.label != NO_LANE
        ]
        return share(topic_of(label) == topic_of(row.label) for row, label in read) or 0.0

    as_written = right(lambda text: text)
    return {
        f"lost_when_{name.replace(' ', '_')}": round(as_written - right(change), 4) for name, change in VARIANTS.items()
    }


def _confused(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    shown = confusions(outcomes)[:CONFUSIONS_SHOWN]
    return [{"expected": expected, "read_as": read_as, "times": times} for expected, read_as, times in shown]
