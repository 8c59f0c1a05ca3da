"""Random intakes for property tests: any plan, any steps answered or skipped, any words where words are free."""

from __future__ import annotations

from hypothesis import strategies as st

from admissions.core.clock_words import MAX_WINDOW
from admissions.core.contact import MAX_NAME
from admissions.core.intake import Intake, Value
from admissions.core.steps import SKIPPED, Plan, Script, Step, StepKind
from admissions.core.times import TimeWindow

#: Free words as they can come out of the reading: no control characters, never empty.
_WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).map(str.strip).filter(bool)
_PHONES = st.integers(0, 99).map(lambda number: f"+1719555{100 + number:04d}")
_EMAILS = st.from_regex(r"[a-z]{1,12}@example\.org", fullmatch=True)
#: A dated time, as core/times.py keeps one.
_WINDOWS = st.builds(
    lambda words, day: TimeWindow(
        words, f"{words} (meant)", "America/Chicago", f"2026-12-{day:02d}T15:00-06:00", f"2026-12-{day:02d}T16:00-06:00"
    ).to_value(),
    _WORDS.map(lambda words: words[:MAX_WINDOW]),
    st.integers(1, 31),
)


def answer_of(step: Step) -> st.SearchStrategy[Value]:
    """Return answers of one step as the front desk keeps them, skipped among them."""
    values = [choice.value for choice in step.choices]
    match step.kind:
        case StepKind.CHOICE:
            given: st.SearchStrategy[Value] = st.sampled_from(values)
        case StepKind.CHOICES:
            given = st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple)
        case StepKind.NAME:
            given = _WORDS.map(lambda words: words[:MAX_NAME])
        case StepKind.REACH:
            given = st.one_of(_PHONES, _EMAILS)
        case StepKind.WHEN:
            given = st.one_of(st.sampled_from(values), _WORDS.map(lambda words: words[:MAX_WINDOW]), _WINDOWS)
    return st.one_of(given, st.just(SKIPPED))


def answers_of(script: Script) -> st.SearchStrategy[dict[str, Value]]:
    """Return answers to any of the steps."""
    return st.fixed_dictionaries({}, optional={step.name: answer_of(step) for step in script.steps})


def intakes_of(script: Script) -> st.SearchStrategy[Intake]:
    """Return whole intakes, wherever they stand."""
    names = [step.name for step in script.steps]
    return st.builds(
        Intake,
        plan=st.sampled_from(Plan),
        step=st.sampled_from([*names, "preview", "change"]),
        answers=answers_of(script),
        asked=st.lists(st.sampled_from(names), max_size=20).map(tuple),
        failures=st.integers(0, 10),
        editing=st.booleans(),
        since=st.integers(0, 10**6),
    )
