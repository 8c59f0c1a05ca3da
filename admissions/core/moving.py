"""Ways an open intake goes on: to the next question, back, past one, or to its end.

Each takes the state and gives a Progress; what a visitor's words mean is decided in front_desk.py and preview_desk.py.
"""

from __future__ import annotations

from dataclasses import replace

from admissions.core.intake import (
    PREVIEW,
    Example,
    Intake,
    Interruption,
    Line,
    Outcome,
    Progress,
    Question,
    Reply,
    Value,
    next_step,
    open_step,
    question,
)
from admissions.core.steps import SKIPPED, Script, Step, StepKind

#: The second answer that cannot be read is met with an example, the third with a way out.
EXAMPLE_AT, WAY_OUT_AT = 2, 3


def go_on(script: Script, state: Intake, replies: tuple[Reply, ...]) -> Progress:
    """Open what comes next: the preview after an edit, else the first step without an answer."""
    following = next_step(script, state)
    if following == PREVIEW and all(value == SKIPPED for value in state.answers.values()):
        return Progress(state, (Line("nothing_to_send"),), Outcome.DECLINED)
    state = replace(open_step(state, following), editing=False)
    return minor_ends(state, (*replies, question(state)))


def minor_ends(state: Intake, replies: tuple[Reply, ...]) -> Progress:
    """End the intake when the person is under 18: nothing more is asked and nothing is kept."""
    if state.given("adult") != "no":
        return Progress(state, replies)
    line = "minor_self" if state.about in (None, "self") else "minor_other"
    kept = tuple(reply for reply in replies if isinstance(reply, Interruption) or _is_danger(reply))
    return Progress(state, (*kept, Line(line)), Outcome.MINOR)


def said_on(step: Step, value: Value) -> tuple[Reply, ...]:
    """Return what is said to an answer whatever comes next: numbers to call when somebody is in danger."""
    if step.name != "danger_now":
        return ()
    if value == "yes":
        return Line("danger_yes"), Line("danger_after")
    return (Line("danger_not_sure"),) if value == "not_sure" else ()


def _is_danger(reply: Reply) -> bool:
    return isinstance(reply, Line) and reply.name.startswith("danger")


def skip(script: Script, state: Intake, step: Step) -> Progress:
    """Leave a step unanswered and go on."""
    state = replace(state, answers={**state.answers, step.name: SKIPPED})
    said = Line("no_reach") if step.kind is StepKind.REACH else Line("skipped")
    return go_on(script, state, (said,))


def back(script: Script, state: Intake) -> Progress:
    """Open the step that was shown before this one, its answer taken back; from an edit, where it came from."""
    if state.editing:
        state = replace(open_step(state, next_step(script, state)), editing=False)
        return Progress(state, (Line("back"), question(state)))
    earlier = state.asked[:-1] if state.asked[-1:] == (state.step,) else state.asked
    if not earlier:
        return Progress(state, (Line("nothing_before"), question(state)))
    answers = {name: value for name, value in state.answers.items() if name != earlier[-1]}
    state = replace(state, step=earlier[-1], asked=earlier, answers=answers, failures=0, editing=False)
    return Progress(state, (Line("back"), question(state)))


def edit(state: Intake, step: str) -> Progress:
    """Open one step again; its answer leads back to the preview."""
    state = replace(open_step(state, step), editing=True)
    return Progress(state, (question(state),))


def failed(state: Intake, named: tuple[Reply, ...]) -> Progress:
    """Count an answer that could not be read: ask again, then with an example, then offer a way out."""
    state = replace(state, failures=state.failures + 1)
    if state.failures >= WAY_OUT_AT:
        return Progress(state, (*named, Line("offer_skip"), Question(state.step)))
    if state.failures >= EXAMPLE_AT:
        return Progress(state, (*named, Example(state.step), Question(state.step)))
    return Progress(state, (*(named or (Line("again"),)), Question(state.step)))
