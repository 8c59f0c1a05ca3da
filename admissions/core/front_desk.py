"""What one message leads to while an intake is open: the person at the front desk.

`start` opens an intake, `advance` takes it one message further. Both are pure: state and message in, state and replies
out. The order of reading is: moving about (skip, back, stop, why), the preview, an answer, a question in between.
"""

from __future__ import annotations

from dataclasses import replace

from admissions.core.answers import is_question, read_answer, read_in_passing, without_questions
from admissions.core.contact import Misread
from admissions.core.intake import (
    CHANGE,
    PREVIEW,
    AskConsent,
    ChooseChange,
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
from admissions.core.steps import SKIPPED, Control, Plan, Script, Step, StepKind
from admissions.core.wording import is_all, says

#: The second answer that cannot be read is met with an example, the third with a way out.
EXAMPLE_AT, WAY_OUT_AT = 2, 3

#: A refusal in more words than this tells something else as well.
REFUSAL_WORDS = 9

#: Intents that are never a question in between: they answer, move about, or say that nothing was understood.
_NOT_IN_BETWEEN = {None, "nlu_fallback", "affirm", "deny", "not_sure", "skip", "stop", "go_back", "why_ask", "repeat"}

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
    Plan.CRISIS: "start_human",
}

#: Once answered, who the person is changes in passing only with one of these: "and my daughter is 6" changes nothing.
_CORRECTING = (
    "actually",
    "i meant",
    "i mean",
    "correction",
    "sorry",
    "no wait",
    "wrong",
    "mistake",
    "not me",
    "not for me",
)

_SEND = (
    "send",
    "send it",
    "ok",
    "okay",
    "yes send it",
    "please send",
    "send to admissions",
    "i agree",
    "agree",
    "looks good",
    "thats right",
)
_DONT_SEND = (
    "dont send",
    "do not send",
    "dont send it",
    "i do not agree",
    "i dont agree",
    "no dont",
    "delete it",
    "dont",
)
_CHANGE = ("change", "edit", "fix", "correct", "wrong", "change it", "change something", "thats wrong", "not right")


def plan_for(intent: str | None) -> Plan:
    """Return the plan an intent opens; the screening when in doubt."""
    return _PLAN_OF_INTENT.get(intent or "", Plan.SCREENING)


def start(script: Script, plan: Plan, turn: Turn) -> Progress:
    """Open an intake: say what it is, keep what the first message already told, ask the first question."""
    # "Can you help my son?" is a question and says whom it is about.
    state = _in_passing(script, Intake(plan=plan, step=""), turn, opening=True)
    state = open_step(state, next_step(script, state))
    opening = (Line("loved_one"),) if state.about == "loved_one" else ()
    return _minor_ends(state, (*opening, Line(_START_LINE[plan]), question(state)))


def advance(script: Script, state: Intake, turn: Turn) -> Progress:
    """Take an open intake one message further."""
    control = control_of(script, turn)
    if control is Control.STOP:
        return Progress(state, (Line("stopped"),), Outcome.STOPPED)
    if turn.tapped and turn.intent == "go_back" and turn.step:
        return _edit(state, turn.step)
    switched = _switch_plan(script, state, turn)
    if switched:
        return switched
    if state.step in (PREVIEW, CHANGE):
        return _at_preview(script, state, turn, control)
    step = script.step(state.step)
    if control is not None:
        moved = _move(script, state, step, control)
        if moved:
            return moved
    return _answer(script, state, step, turn)


def _answer(script: Script, state: Intake, step: Step, turn: Turn) -> Progress:
    asks = not turn.tapped and turn.intent not in _NOT_IN_BETWEEN and is_question(turn.text)
    stated = without_questions(turn.text) if asks else turn.text
    if not asks and not turn.tapped and _refuses(script, turn.text):
        return _skip(script, state, step)
    read = None if turn.tapped else read_answer(step, script, stated)
    if isinstance(read, Misread):
        return _failed(state, (Line(read.line, {"given": read.given}),))
    if read is not None:
        return _answered(script, state, step, read.value, turn, interrupted=asks)
    if turn.intent == "start_over":
        fresh = Intake(plan=state.plan, step="")
        fresh = open_step(fresh, next_step(script, fresh))
        return Progress(fresh, (Line("restarted"), question(fresh)))
    if turn.intent in _PLAN_OF_INTENT:
        return Progress(state, (Line(_START_LINE[state.plan]), question(state)))
    if turn.intent not in _NOT_IN_BETWEEN or is_question(turn.text):
        state = _in_passing(script, state, turn)
        if state.step in state.answers:
            state = open_step(state, next_step(script, state))
        return _minor_ends(state, (Interruption(), Line("return"), question(state)))
    passed = _in_passing(script, state, turn)
    if passed.answers != state.answers:
        return _minor_ends(passed, (Line("corrected"), question(passed)))
    return _failed(state, ())


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
    return _go_on(script, state, tuple(replies))


def _go_on(script: Script, state: Intake, replies: tuple[Reply, ...]) -> Progress:
    """Open what comes next: the preview after an edit, else the first step without an answer."""
    following = next_step(script, state)
    if following == PREVIEW and all(value == SKIPPED for value in state.answers.values()):
        return Progress(state, (Line("nothing_to_send"),), Outcome.DECLINED)
    state = replace(open_step(state, following), editing=False)
    return _minor_ends(state, (*replies, question(state)))


def _minor_ends(state: Intake, replies: tuple[Reply, ...]) -> Progress:
    """End the intake when the person is under 18: nothing more is asked and nothing is kept."""
    if state.given("adult") != "no":
        return Progress(state, replies)
    line = "minor_self" if state.about in (None, "self") else "minor_other"
    kept = tuple(reply for reply in replies if isinstance(reply, Interruption) or _is_danger(reply))
    return Progress(state, (*kept, Line(line)), Outcome.MINOR)


def _is_danger(reply: Reply) -> bool:
    return isinstance(reply, Line) and reply.name.startswith("danger")


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
            if step.name in ("about", "adult") and step.name in answers and not says(turn.text, _CORRECTING):
                continue
            answers[step.name] = found.value
    return replace(state, answers=answers)


def _move(script: Script, state: Intake, step: Step, control: Control) -> Progress | None:
    """Skip, go back, explain or repeat; None when the words can also be an answer to this step."""
    if control is Control.NOT_SURE and step.choice("not_sure"):
        return None
    if control is Control.REPEAT and read_answer(step, script, "ok"):
        return None
    if control in (Control.SKIP, Control.NOT_SURE):
        return _skip(script, state, step)
    if control is Control.BACK:
        return _back(state)
    if control is Control.WHY:
        return Progress(state, (Why(step.name), Question(step.name)))
    return Progress(state, (Question(step.name),))


def _skip(script: Script, state: Intake, step: Step) -> Progress:
    state = replace(state, answers={**state.answers, step.name: SKIPPED})
    said = Line("no_reach") if step.kind is StepKind.REACH else Line("skipped")
    return _go_on(script, state, (said,))


def _back(state: Intake) -> Progress:
    earlier = state.asked[:-1] if state.asked[-1:] == (state.step,) else state.asked
    if not earlier:
        return Progress(state, (Line("nothing_before"), question(state)))
    answers = {name: value for name, value in state.answers.items() if name != earlier[-1]}
    state = replace(state, step=earlier[-1], asked=earlier, answers=answers, failures=0, editing=False)
    return Progress(state, (Line("back"), question(state)))


def _edit(state: Intake, step: str) -> Progress:
    state = replace(open_step(state, step), editing=True)
    return Progress(state, (question(state),))


def _failed(state: Intake, named: tuple[Reply, ...]) -> Progress:
    """Count an answer that could not be read: ask again, then with an example, then offer a way out."""
    state = replace(state, failures=state.failures + 1)
    if state.failures >= WAY_OUT_AT:
        return Progress(state, (*named, Line("offer_skip"), Question(state.step)))
    if state.failures >= EXAMPLE_AT:
        return Progress(state, (*named, Example(state.step), Question(state.step)))
    return Progress(state, (*(named or (Line("again"),)), Question(state.step)))


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


def _refuses(script: Script, text: str) -> bool:
    """Say whether a short message declines to answer: "I'm not comfortable saying" is no "no"."""
    return len(text.split()) <= REFUSAL_WORDS and not is_question(text) and says(text, script.refusals) is not None


def _reads(script: Script, state: Intake, turn: Turn) -> bool:
    """Say whether the open step can make something of the message, be it an answer or a slip in one."""
    return read_answer(script.step(state.step), script, turn.text) is not None


def _at_preview(script: Script, state: Intake, turn: Turn, control: Control | None) -> Progress:
    if control is Control.BACK and state.step == CHANGE:
        state = open_step(state, PREVIEW)
        return Progress(state, (question(state),))
    if control is Control.BACK and not turn.tapped:  # the button with this payload is "Change"
        return _back(state)
    if _wants(turn, "affirm", (*_SEND, *script.affirmations)) and state.step == PREVIEW:
        return Progress(state, (), Outcome.AGREED)
    if _wants(turn, "deny", (*_DONT_SEND, *script.denials)) and state.step == PREVIEW:
        return Progress(state, (Line("declined"),), Outcome.DECLINED)
    if _wants(turn, "go_back", _CHANGE):
        state = open_step(state, CHANGE)
        return Progress(state, (ChooseChange(),))
    corrected = None if turn.tapped or is_question(turn.text) else _correct_in_words(script, state, turn)
    if corrected:
        return corrected
    if turn.intent in _PLAN_OF_INTENT:
        return Progress(state, (Line("start_human"), _again(state)))
    if turn.intent not in _NOT_IN_BETWEEN or is_question(turn.text):
        return Progress(state, (Interruption(), Line("return"), _again(state)))
    if control is Control.REPEAT:
        return Progress(state, (question(state),))
    return Progress(state, (Line("preview_again"), _again(state)))


def _again(state: Intake) -> Reply:
    """Return the open question of the preview without the lines that were just shown."""
    return AskConsent() if state.step == PREVIEW else question(state)


def _wants(turn: Turn, intent: str, words: tuple[str, ...]) -> bool:
    return turn.intent == intent if turn.tapped else is_all(turn.text, words)


def _correct_in_words(script: Script, state: Intake, turn: Turn) -> Progress | None:
    """Change a line the visitor corrects in words: "actually my number is 719-555-0134", "change my name to Alex"."""
    named = next(
        (step for step in steps_of(script, state) if says(turn.text, _NAMES.get(step.name, (step.name,)))), None
    )
    for step in [named] if named else [step for step in steps_of(script, state) if step.kind is StepKind.REACH]:
        read = read_answer(step, script, _after_to(turn.text))
        if isinstance(read, Misread):
            return Progress(state, (Line(read.line, {"given": read.given}), question(state)))
        if read:
            state = replace(state, answers={**state.answers, step.name: read.value})
            return _go_on(script, state, (Line("corrected"),))
        if named:
            return _edit(state, step.name)
    return None


#: What visitors call a line when they want to change it.
_NAMES = {
    "reach": ("number", "phone", "email", "e mail", "cell"),
    "when": ("time", "day"),
    "permissions": ("voicemail", "texts"),
    "adult": ("age",),
    "about": ("who it is about",),
    "substances": ("substance", "substances"),
    "home_support": ("home",),
    "mental_health": ("mental health",),
    "medical_need": ("medical",),
}


def _after_to(text: str) -> str:
    """Return what stands after "to" or "is" in "change my name to Alex", else the whole text."""
    for word in (" to ", " is ", " should be "):
        if word in text:
            return text.rsplit(word, 1)[1]
    return text
