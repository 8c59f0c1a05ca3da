"""`admissions safety-report`: how well danger is recognised, with and without the trained signal, as a document."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

from admissions import content
from admissions.commands.parse import load_agent
from admissions.commands.quiet import hush
from admissions.core.danger import Signal, find_danger
from admissions.core.safety import SafetyGate
from admissions.dialogue.wording import clean
from admissions.errors import ContentError
from admissions.evaluation.messages import read_labelled
from admissions.evaluation.safety import NO_LANE, Figures, Judged, fallen, figures
from admissions.settings import ROOT

HELD_OUT = ROOT / "eval" / "safety.tsv"
ORDINARY = tuple(
    ROOT / "eval" / name for name in ("faq.tsv", "intents.tsv", "out_of_scope_near.tsv", "out_of_scope_far.tsv")
)
FLOORS = ROOT / "eval" / "safety_floors.yml"
REPORT = ROOT / "docs" / "safety-report.md"

#: Characters of the message a detector must read quickly, and of the one that is meant to hurt it.
LONG_CHARACTERS, HOSTILE_CHARACTERS = 300, 100_000


def run(given: argparse.Namespace) -> int:
    """Measure, write docs/safety-report.md and say what is worse than eval/safety_floors.yml; 1 when anything is."""
    gate, signal = load()
    both, alone = measure(gate, signal), measure(gate, None)
    REPORT.write_text(as_document(both, alone, _cost(gate, signal)), encoding="utf-8")
    print(f"{REPORT.relative_to(ROOT)} is written")
    worse = fallen(both.figures, floors())
    for line in worse:
        print(f"worse than {FLOORS.relative_to(ROOT)}: {line}")
    return 1 if worse else 0


class Measured:
    """Held-out and ordinary messages as they were judged, and the figures of that."""

    def __init__(self, judged: Sequence[Judged], ordinary: Sequence[Judged]) -> None:
        self.judged = judged
        self.ordinary = ordinary
        self.figures: Figures = figures(judged, ordinary)


def load() -> tuple[SafetyGate, Signal]:
    """Return the patterns and the trained signal of the present content, training it where it is missing.

    Raises:
        ContentError: the model holds no signal.
    """
    hush()
    signal = load_agent(None).danger_signal()
    if signal is None:
        raise ContentError("the model holds no safety signal: train again")
    return content.gate(), signal


def measure(gate: SafetyGate, signal: Signal | None) -> Measured:
    """Judge every held-out message."""
    ordinary = [(NO_LANE, row.text) for path in ORDINARY for row in read_labelled(path)]
    return Measured(
        _judge(gate, signal, [(row.label, row.text) for row in read_labelled(HELD_OUT)]), _judge(gate, signal, ordinary)
    )


def floors() -> dict[str, float]:
    """Return the figures no release may fall below."""
    return {str(name): float(value) for name, value in content.read_yaml(FLOORS)["floors"].items()}


def _judge(gate: SafetyGate, signal: Signal | None, rows: Sequence[tuple[str, str]]) -> list[Judged]:
    judged = []
    for expected, text in rows:
        alarm = find_danger(gate, signal, clean(text)).alarm
        lane, rule = (alarm.lane.value, alarm.rule) if alarm else (None, "")
        judged.append(Judged(text, expected, lane, rule))
    return judged


def as_document(both: Measured, alone: Measured, cost: Sequence[tuple[str, str]]) -> str:
    """Return the report as Markdown."""
    dangers = [one for one in both.judged if one.expected != NO_LANE]
    look_alikes = [one for one in both.judged if one.expected == NO_LANE]
    names = both.figures.flat()
    without = alone.figures.flat()
    lines = [
        "# Safety report",
        "",
        "Written by `admissions safety-report`; do not edit. Every message is made up and was written apart from",
        "`safety/patterns.yml` and `safety/examples`.",
        "",
        f"Model `{content.model_version()}`, content `{content.content_version()}`. {len(dangers)} dangers,",
        f"{len(look_alikes)} look-alikes (`{HELD_OUT.relative_to(ROOT)}`), {len(both.ordinary)} ordinary messages.",
        "",
        "| figure | patterns and signal | patterns alone |",
        "| --- | --- | --- |",
        *(f"| {name.replace('_', ' ')} | {value:.1%} | {without[name]:.1%} |" for name, value in names.items()),
        "",
        "`recall`: dangers that got a card. `right lane`: of these, with the right card. `false alarms`: look-alikes",
        "that got one. `ordinary alarms`: ordinary messages that got one.",
        "",
        "| cost of the detector (this machine) | |",
        "| --- | --- |",
        *(f"| {name} | {value} |" for name, value in cost),
        "",
        *_listed("Missed", [one for one in dangers if not one.raised], lambda one: one.expected),
        *_listed(
            "Another card than meant",
            [one for one in dangers if one.raised and one.raised != one.expected],
            lambda one: f"{one.expected}, got {one.raised} ({one.rule})",
        ),
        *_listed(
            "False alarms",
            [one for one in (*look_alikes, *both.ordinary) if one.raised],
            lambda one: f"{one.raised} ({one.rule})",
        ),
    ]
    return "\n".join(lines) + "\n"


def _listed(title: str, rows: Sequence[Judged], about: Callable[[Judged], str]) -> list[str]:
    return [f"## {title}: {len(rows)}", "", *(f"- {about(one)}: {one.text}" for one in rows), ""]


def _cost(gate: SafetyGate, signal: Signal) -> list[tuple[str, str]]:
    texts = [clean(text) for text in (row.text for row in read_labelled(HELD_OUT))]
    long = " ".join(texts)
    pieces = [long[start : start + LONG_CHARACTERS] for start in range(0, 200 * LONG_CHARACTERS, LONG_CHARACTERS)]
    hostile = (long * (HOSTILE_CHARACTERS // len(long) + 1))[:HOSTILE_CHARACTERS]
    return [
        ("a held-out message", _timed(gate, signal, texts[:400])),
        (f"{LONG_CHARACTERS} characters", _timed(gate, signal, pieces)),
        (f"{LONG_CHARACTERS} characters, patterns alone", _timed(gate, None, pieces)),
        (f"{HOSTILE_CHARACTERS:,} characters", _timed(gate, signal, [hostile] * 5)),
    ]


def _timed(gate: SafetyGate, signal: Signal | None, texts: Sequence[str]) -> str:
    times = []
    for text in texts:
        started = time.perf_counter()
        find_danger(gate, signal, text)
        times.append((time.perf_counter() - started) * 1000)
    ordered = sorted(times)
    return f"p50 {statistics.median(ordered):.1f} ms, p99 {ordered[int(0.99 * (len(ordered) - 1))]:.1f} ms"
