"""What one message leads to while an intake is open: the person at the front desk.

`start` opens an intake, `advance` takes it one message further. Both are pure: state and message in, state and replies
out. The order of reading is: moving about (skip, back, stop, why), the preview, an answer, a question in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from admissions.core.answers import (
    ADULT_FROM,
    is_question,
    own_age,
    read_answer,
    read_in_passing,
    without_questions,
)
from admissions.core.contact import Misread
from admissions.core.intake import (
    CHANGE,
    NOT_IN_BETWEEN,
    PREVIEW,
    Intake,
    Interruption,
    Line,
    Outcome,
    Progress,
    Question,
    Reply,
    Turn,
    Value,
    Why,
    control_of,
    next_step,
    open_step,
    question,
    steps_of,
)
from admissions.core.moving import back, edit, failed, go_on, minor_ends, skip
from admissions.core.preview_desk import at_preview
from admissions.core.steps import Control, Plan, Script, Step
from admissions.core.wording import says

#: A refusal in more words than this tells something else as well.
REFUSAL_WORDS = 9

#: Asking for one of these in the middle changes the plan and keeps the answers.
_PLAN_OF_INTENT = {
    "start_screening": Plan.SCREENING,
    "request_callback": Plan.CALLBACK,
    "talk_to_human": Plan.HUMAN,
}

_START_LINE = {
    Plan.SCREENING: "start_screening",
    Plan.CALLBACK: "start_callback",
    Plan.HUMAN: "start_human",
}


def plan_for(intent: str | None) -> Plan:
    """Return the plan an intent opens; the screening when in doubt."""
    return _PLAN_OF_INTENT.get(intent or "", Plan.SCREENING)


def start(script: Script, plan: Plan, turn: Turn, earlier: Sequence[str] = ()) -> Progress:
    """Open an intake: say what it is, keep what the first message already told, ask the first question.

    Args:
        script: the screening.
        plan: what is asked for.
        turn: the message that asks for it.
        earlier: what the visitor wrote before, where only one thing counts: that they are under 18.
    """
    # "Can you help my son?" is a question and says whom it is about.
    if _says_minor(turn) or any(_is_minor(text) for text in earlier):
        return Progress(Intake(plan=plan, step=""), (Line("minor_self"),), Outcome.MINOR)
    state = _in_passing(script, Intake(plan=plan, step=""), turn, opening=True)
    state = open_step(state, next_step(script, state))
    opening = (Line("loved_one"),) if state.about == "loved_one" else ()
    return minor_ends(state, (*opening, Line(_START_LINE[plan]), question(state)))


def advance(script: Script, state: Intake, turn: Turn) -> Progress:
    """Take an open intake one message further."""
    if _says_minor(turn):
        return Progress(state, (Line("minor_self"),), Outcome.MINOR)
    control = control_of(script, turn)
    if control is Control.STOP:
        return Progress(state, (Line("stopped"),), Outcome.STOPPED)
    if turn.tapped and turn.intent == "go_back" and turn.step:
        return edit(state, turn.step)
    switched = _switch_plan(script, state, turn)
    if switched:
        return switched
    if state.step in (PREVIEW, CHANGE):
        return at_preview(script, state, turn, control)
    step = script.step(state.step)
    if control is not None:
        moved = _move(script, state, step, control)
        if moved:
            return moved
    return _answer(script, state, step, turn)


def _answer(script: Script, state: Intake, step: Step, turn: Turn) -> Progress:
    asks = not turn.tapped and turn.intent not in NOT_IN_BETWEEN and is_question(turn.text)
    stated = without_questions(turn.text) if asks else turn.text
    if not asks and not turn.tapped and _refuses(script, turn.text):
        return skip(script, state, step)
    read = None if turn.tapped else read_answer(step, script, stated, turn.at)
    if isinstance(read, Misread):
        return failed(state, (Line(read.line, {"given": read.given}),))
    if read is not None:
        return _answered(script, state, step, read.value, turn, interrupted=asks)
    passed = _in_passing(script, state, turn)
    if passed.answers != state.answers and not asks:
        return minor_ends(passed, (Line("corrected"), question(passed)))
    meant = next((control for control in Control if control.value == turn.intent), None)
    if meant is Control.STOP:
        return Progress(state, (Line("stopped"),), Outcome.STOPPED)
    moved = _move(script, state, step, meant) if meant else None
    if moved:
        return moved
    if turn.intent == "start_over":
        fresh = Intake(plan=state.plan, step="")
        fresh = open_step(fresh, next_step(script, fresh))
        return Progress(fresh, (Line("restarted"), question(fresh)))
    if turn.intent in _PLAN_OF_INTENT:
        return Progress(state, (Line(_START_LINE[state.plan]), question(state)))
    if turn.intent == "out_of_scope" and not is_question(turn.text):
        return failed(state, ())  # an answer in words we do not know, rather than a question about something else
    if turn.intent not in NOT_IN_BETWEEN or is_question(turn.text):
        state = _in_passing(script, state, turn)
        if state.step in state.answers:
            state = open_step(state, next_step(script, state))
        return minor_ends(state, (Interruption(), Line("return"), question(state)))
    return failed(state, ())


def _answered(script: Script, state: Intake, step: Step, value: Value, turn: Turn, *, interrupted: bool) -> Progress:
    before = state.answers.get(step.name)
    state = replace(state, answers={**state.answers, step.name: value})
    state = _in_passing(script, state, turn, besides=step.name)
    replies: list[Reply] = []
    if step.name == "danger_now" and value == "yes":
        replies += [Line("danger_yes"), Line("danger_after")]
    if step.name == "danger_now" and value == "not_sure":
        replies.append(Line("danger_not_sure"))
    if step.name == "about" and value == "loved_one" and before is None:
        replies.append(Line("loved_one"))
    if interrupted:
        replies.append(Interruption())
    if state.editing:
        replies.append(Line("corrected"))
    return go_on(script, state, tuple(replies))


def _in_passing(
    script: Script, state: Intake, turn: Turn, besides: str | None = None, *, opening: bool = False
) -> Intake:
    """Keep answers to other steps that the message gives without doubt; a later one corrects an earlier one."""
    if turn.tapped:
        return state
    answers = dict(state.answers)
    text = turn.text if opening else without_questions(turn.text)
    for step in steps_of(script, state):
        if step.anywhere and step.name != besides and (found := read_in_passing(step, text)):
            if step.name == "adult" and answers.get("about") == "loved_one" and says(turn.text, ("i am", "im")):
                continue  # "I'm 52 and my son …" is the visitor's age, not the person's
            if (
                step.name in ("about", "adult")
                and step.name in answers
                and not says(turn.text, script.words["correcting"])
            ):
                continue  # once answered it changes only where the words say so: "and my daughter is 6" does not
            answers[step.name] = found.value
    return replace(state, answers=answers)


def _move(script: Script, state: Intake, step: Step, control: Control) -> Progress | None:
    """Skip, go back, explain or repeat; None when the words can also be an answer to this step."""
    if control is Control.NOT_SURE and step.choice("not_sure"):
        return None
    if control is Control.REPEAT and read_answer(step, script, "ok"):
        return None
    if control in (Control.SKIP, Control.NOT_SURE):
        return skip(script, state, step)
    if control is Control.BACK:
        return back(state)
    if control is Control.WHY:
        return Progress(state, (Why(step.name), Question(step.name)))
    return Progress(state, (Question(step.name),))


def _switch_plan(script: Script, state: Intake, turn: Turn) -> Progress | None:
    """Turn a screening into a request for a person or a call, when that is what the visitor now asks for."""
    if turn.intent not in ("talk_to_human", "request_callback") or state.plan is not Plan.SCREENING:
        return None
    if state.step in (PREVIEW, CHANGE):
        return None  # everything a person needs is there already: sending it is the way
    if not turn.tapped and _reads(script, state, turn):
        return None
    state = replace(state, plan=plan_for(turn.intent), failures=0)
    state = open_step(state, next_step(script, state))
    return Progress(state, (Line("switch_person"), question(state)))


def _says_minor(turn: Turn) -> bool:
    """Say whether visitors tell that they are under 18 themselves: then nothing more is asked, wherever it comes."""
    return not turn.tapped and _is_minor(turn.text)


def _is_minor(text: str) -> bool:
    age = own_age(text)
    return age is not None and age < ADULT_FROM


def _refuses(script: Script, text: str) -> bool:
    """Say whether a short message declines to answer: "I'm not comfortable saying" is no "no"."""
    return len(text.split()) <= REFUSAL_WORDS and not is_question(text) and says(text, script.refusals) is not None


def _reads(script: Script, state: Intake, turn: Turn) -> bool:
    """Say whether the open step can make something of the message, be it an answer or a slip in one."""
    return read_answer(script.step(state.step), script, turn.text, turn.at) is not None
