"""What one message leads to while an intake is open: the person at the front desk.

`start` opens an intake, `advance` takes it one message further. Both are pure: state and message in, state and replies
out. The order of reading is: moving about (skip, back, stop, why), the preview, an answer, a question in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from admissions.core.ages import ADULT_FROM, own_age
from admissions.core.answers import Answer, is_question, only_asks, read_answer, short_clauses, without_questions
from admissions.core.contact import Misread, read_name_beside, read_reach
from admissions.core.corrections import (
    contact_beside,
    correct,
    correct_unnamed,
    corrected,
    in_passing,
    relatives_in,
    reopen,
    with_answer,
)
from admissions.core.intake import (
    CHANGE,
    NOT_IN_BETWEEN,
    PREVIEW,
    Example,
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
from admissions.core.moving import back, edit, failed, go_on, minor_ends, said_on, skip
from admissions.core.preview_desk import at_preview
from admissions.core.steps import Control, Plan, Script, Step, StepKind
from admissions.core.whose import ages_about, words_about
from admissions.core.wording import is_all, says

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
    state = in_passing(script, Intake(plan=plan, step=""), turn)
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
    asks = not turn.tapped and is_question(turn.text) and (turn.intent not in NOT_IN_BETWEEN or only_asks(turn.text))
    if asks and says(turn.text, script.words["explain"]):
        return Progress(state, (Example(step.name), Question(step.name)))
    stated = without_questions(turn.text) if asks else turn.text
    if not asks and not turn.tapped and _refuses(script, turn.text):
        return skip(script, state, step)
    elsewhere = None if asks else correct(script, state, turn)
    if elsewhere is None and step.kind is StepKind.NAME and not asks:
        elsewhere = correct_unnamed(script, state, turn)  # any words can be a name
    if elsewhere:
        return elsewhere
    told = _told_of_the_person(script, state, step, stated)
    read = None if turn.tapped else _read(script, step, told, turn, asks=asks)
    if isinstance(read, Misread):
        return failed(state, (Line(read.line, {"given": read.given}),))
    if read is not None:
        return _answered(script, state, step, read.value, turn, interrupted=asks)
    if told != stated and read_answer(step, script, stated, turn.at):
        return failed(state, (Line("not_theirs"),))
    return _not_an_answer(script, state, step, turn, asks=asks)


def _not_an_answer(script: Script, state: Intake, step: Step, turn: Turn, *, asks: bool) -> Progress:
    passed = in_passing(script, state, turn, text=without_questions(turn.text))
    if passed.answers != state.answers and not asks:
        return corrected(script, passed)
    elsewhere = None if asks else correct_unnamed(script, state, turn)
    if elsewhere:
        return elsewhere
    if not turn.tapped and is_all(turn.text, script.words["none_of"]):
        return skip(script, state, step)
    meant = next((control for control in Control if control.value == turn.intent), None)
    if meant and asks and meant not in (Control.WHY, Control.REPEAT) and not says(turn.text, script.words["may_i"]):
        left = sum(one.name not in state.answers for one in steps_of(script, state))
        return Progress(state, (Line("your_choice", {"left": str(left)}), question(state)))
    if meant is Control.STOP:
        return Progress(state, (Line("stopped"),), Outcome.STOPPED)
    moved = _move(script, state, step, meant) if meant else None
    if moved:
        return moved
    if turn.intent == "start_over":
        fresh = Intake(plan=state.plan, step="", since=state.since)
        fresh = open_step(fresh, next_step(script, fresh))
        return Progress(fresh, (Line("restarted"), question(fresh)))
    if turn.intent in _PLAN_OF_INTENT and not is_question(turn.text) and plan_for(turn.intent) is state.plan:
        # What is asked for is under way; only somebody who wants a person is told again how to reach one at once.
        said = (Line(_START_LINE[state.plan]),) if state.plan is Plan.HUMAN else ()
        return Progress(state, (*said, question(state)))
    if turn.intent in _PLAN_OF_INTENT:
        return Progress(state, (Line(_START_LINE[state.plan]), question(state)))
    if turn.intent == "out_of_scope" and not is_question(turn.text):
        return failed(state, ())  # an answer in words we do not know, rather than a question about something else
    if turn.intent not in NOT_IN_BETWEEN or is_question(turn.text):
        state = reopen(script, passed)
        return minor_ends(state, (Interruption(), Line("return"), question(state)))
    slip = read_reach(turn.text)
    if isinstance(slip, Misread) and (slip.line == "bad_email" or says(turn.text, script.words["correcting"])):
        return failed(state, (Line(slip.line, {"given": slip.given}),))
    return failed(state, ())


def _answered(script: Script, state: Intake, step: Step, value: Value, turn: Turn, *, interrupted: bool) -> Progress:
    before = state.answers.get(step.name)
    state = with_answer(state, step, value)
    state = in_passing(script, state, turn, step.name, text=without_questions(turn.text))
    if not interrupted:
        state = contact_beside(script, state, step, turn)
    replies: list[Reply] = [*said_on(step, value)]
    if step.name == "about" and value == "loved_one" and before is None:
        replies.append(Line("loved_one"))
    if interrupted:
        replies.append(Interruption())
    if state.editing:
        replies.append(Line("corrected"))
    return go_on(script, state, tuple(replies))


def _read(script: Script, step: Step, told: str, turn: Turn, *, asks: bool) -> Answer | Misread | None:
    """Read the open step; beside a question only what is clearly an answer counts, and no slip is named."""
    if not asks:
        return read_answer(step, script, told, turn.at)
    if step.kind is StepKind.NAME:
        name = read_name_beside(told)
        return Answer(name) if name else None
    read = read_answer(step, script, short_clauses(told) if step.kind is StepKind.CHOICE else told, turn.at)
    return None if isinstance(read, Misread) else read


def _told_of_the_person(script: Script, state: Intake, step: Step, text: str) -> str:
    """Return what a message tells about the person: "my husband drinks too" and one's own age may be left out."""
    if step.reads_age:
        return ages_about(state.about, text, relatives_in(script))
    if not step.anywhere or step.kind is not StepKind.CHOICES:
        return text
    return words_about(state.about, text, relatives_in(script))


def _move(script: Script, state: Intake, step: Step, control: Control) -> Progress | None:
    """Skip, go back, explain or repeat; None when the words can also be an answer to this step."""
    if control is Control.NOT_SURE and step.choice("not_sure"):
        return None
    if control is Control.REPEAT and read_answer(step, script, "ok"):
        return None
    if control in (Control.SKIP, Control.NOT_SURE):
        return skip(script, state, step)
    if control is Control.BACK:
        return back(script, state)
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
