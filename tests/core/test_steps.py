"""content/screening.yml: what cannot be used is refused by its name, and what stands there holds together."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from admissions import content
from admissions.core.intake import PREVIEW, Intake, next_step, steps_of
from admissions.core.steps import SKIPPED, Control, Plan, StepKind, load_script
from admissions.core.wording import fold
from admissions.errors import ContentError
from admissions.settings import ROOT

SCRIPT = content.script()
RAW = content.read_yaml(ROOT / "content" / "screening.yml")

#: The wire's values for `about`; a step may be meant for some of them only.
PEOPLE = {"self", "loved_one", "professional"}


def changed(change: str, value: object = None) -> dict[str, Any]:
    """Return the script's YAML with one change: a dotted path and a value, None takes the key out."""
    raw = deepcopy(RAW)
    *path, last = change.split(".")
    inner: Any = raw
    for key in path:
        inner = inner[int(key)] if key.isdigit() else inner[key]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return raw


@pytest.mark.parametrize(
    ("change", "value", "named"),
    [
        pytest.param("steps", None, "`steps`", id="no steps"),
        pytest.param("steps", {}, "`steps`", id="steps not a list"),
        pytest.param("steps.1.name", "danger_now", "danger_now", id="a name twice"),
        pytest.param("steps.1.kind", "guess", "step about", id="no such kind"),
        pytest.param("steps.1.kind", None, "step about has no 'kind'", id="kind missing"),
        pytest.param("steps.1.plans", ["party"], "step about", id="no such plan"),
        pytest.param("steps.1.ask", {"loved_one": "?"}, "step about has no 'default'", id="no default wording"),
        pytest.param("steps.1.why", None, "step about has no 'why'", id="why missing"),
        pytest.param("steps.1.example", None, "step about has no 'example'", id="example missing"),
        pytest.param("steps.2.choices", [{"value": True, "title": "Yes"}], "step adult", id="yes without quotes"),
        pytest.param("steps.2.choices", [{"value": "yes"}], "step adult has no 'title'", id="choice without a title"),
        pytest.param("controls.skip", None, "'skip'", id="a control missing"),
        pytest.param("affirmations", [], "`affirmations`", id="no affirmations"),
        pytest.param("denials", None, "`denials`", id="no denials"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_name(change: str, value: object, named: str) -> None:
    with pytest.raises(ContentError, match=rf"content/screening\.yml.*{named}"):
        load_script(changed(change, value))


# -- what stands there -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", SCRIPT.steps, ids=lambda step: step.name)
def test_a_step_asks_explains_and_gives_an_example(step: Any) -> None:
    assert all(text.strip().endswith(("?", ".")) for text in step.ask.values())
    assert step.why.strip()
    assert step.example.strip()
    assert set(step.ask) <= PEOPLE | {"default"}
    assert (step.people or set()) <= PEOPLE
    assert step.preview.count("{answer}") == 1 or all(choice.preview for choice in step.choices)


@pytest.mark.parametrize("step", [step for step in SCRIPT.steps if step.choices], ids=lambda step: step.name)
def test_no_words_mean_two_choices_of_a_step(step: Any) -> None:
    meant: dict[str, str] = {}
    for choice in step.choices:
        for words in {fold(choice.title), fold(choice.value), *map(fold, choice.says)}:
            assert words, f"{choice.value} has words that fold to nothing"
            assert meant.setdefault(words, choice.value) == choice.value, words


@pytest.mark.parametrize("step", [step for step in SCRIPT.steps if step.choices], ids=lambda step: step.name)
def test_a_choice_has_a_button_and_never_looks_like_a_command(step: Any) -> None:
    titles = [choice.title for choice in step.choices]

    assert len(set(titles)) == len(titles)
    assert all(0 < len(title) <= 40 and not title.startswith("/") for title in titles)
    assert all(choice.value != SKIPPED for choice in step.choices)
    if step.kind in (StepKind.CHOICE, StepKind.CHOICES):
        assert all(choice.preview for choice in step.choices), "the visitor sees every answer before it is sent"


@pytest.mark.parametrize(
    ("yes_no", "steps"),
    [
        (
            {"yes", "no"},
            ["danger_now", "adult", "medical_need", "home_support", "withdrawal", "mental_health", "permissions"],
        ),
        (set(), ["about", "interest", "reasons", "substances"]),
    ],
)
def test_yes_and_no_mean_one_choice_each_where_a_step_asks_for_them(yes_no: set[str], steps: list[str]) -> None:
    for name in steps:
        meanings = [choice.yes_no for choice in SCRIPT.step(name).choices if choice.yes_no]

        assert sorted(meanings) == sorted(yes_no), name


def test_no_word_moves_about_in_two_ways() -> None:
    moves: dict[str, Control] = {}
    for control, phrases in SCRIPT.controls.items():
        for phrase in phrases:
            assert moves.setdefault(fold(phrase), control) is control, phrase


def test_skip_back_stop_and_why_are_never_an_answer() -> None:
    moving = {fold(words) for control in Control if control.name in ("SKIP", "BACK", "STOP", "WHY")
              for words in SCRIPT.controls[control]}  # fmt: skip

    for step in SCRIPT.steps:
        for choice in step.choices:
            assert not moving & {fold(choice.title), *map(fold, choice.says)}, step.name


# -- which steps are asked ---------------------------------------------------------------------------------------------

CONTACT = ["name", "reach", "when"]
FOUR_POINTS = ["medical_need", "home_support", "withdrawal", "mental_health"]


@pytest.mark.parametrize(
    ("plan", "answers", "steps"),
    [
        pytest.param(
            Plan.SCREENING,
            {"about": "self"},
            ["danger_now", "about", "adult", "interest", *FOUR_POINTS, "reasons", "substances", *CONTACT],
            id="for oneself",
        ),
        pytest.param(
            Plan.SCREENING,
            {"about": "professional"},
            ["danger_now", "about", "adult", "interest", "reasons", "substances", *CONTACT],
            id="a professional",
        ),
        pytest.param(Plan.CALLBACK, {}, CONTACT, id="a call"),
        pytest.param(Plan.HUMAN, {"reach": "sam@example.org"}, CONTACT, id="an e-mail needs no permission"),
        pytest.param(Plan.HUMAN, {"reach": "+17195550134"}, [*CONTACT, "permissions"], id="a phone does"),
        pytest.param(Plan.CALLBACK, {"reach": SKIPPED}, CONTACT, id="no way to be reached"),
    ],
)
def test_plan_and_answers_decide_which_steps_are_asked(plan: Plan, answers: dict[str, str], steps: list[str]) -> None:
    state = Intake(plan=plan, step="", answers=answers)

    assert [step.name for step in steps_of(SCRIPT, state)] == steps


def test_a_skipped_step_counts_as_asked() -> None:
    state = Intake(plan=Plan.CALLBACK, step="", answers={"name": SKIPPED, "reach": SKIPPED, "when": SKIPPED})

    assert next_step(SCRIPT, state) == PREVIEW


def test_every_plan_can_reach_its_preview() -> None:
    for plan in Plan:
        answers = {step.name: SKIPPED for step in SCRIPT.steps}

        assert next_step(SCRIPT, Intake(plan=plan, step="", answers=answers)) == PREVIEW


def test_an_unknown_person_is_asked_in_the_default_words() -> None:
    step = SCRIPT.step("adult")

    assert step.wording(None) == step.wording("self") == step.ask["default"]
    assert step.wording("loved_one") == step.ask["loved_one"]


def test_a_step_is_found_by_its_name() -> None:
    assert SCRIPT.find("reach") is SCRIPT.step("reach")
    assert SCRIPT.find("nothing") is None
    assert SCRIPT.find(None) is None
