"""At the preview: send it, don't, change a line by button or in words, or ask something first."""

from __future__ import annotations

from dataclasses import replace

from admissions.core.answers import is_question, read_answer
from admissions.core.contact import Misread
from admissions.core.corrections import after_to, correct_unnamed, with_answer
from admissions.core.intake import (
    CHANGE,
    NOT_IN_BETWEEN,
    OPENING_INTENTS,
    PREVIEW,
    AskConsent,
    ChooseChange,
    Intake,
    Interruption,
    Line,
    Outcome,
    Progress,
    Reply,
    Turn,
    open_step,
    question,
    steps_of,
)
from admissions.core.moving import back, edit, go_on, said_on
from admissions.core.steps import SKIPPED, Control, Script, StepKind
from admissions.core.wording import fold, is_all, says


def at_preview(script: Script, state: Intake, turn: Turn, control: Control | None) -> Progress:
    """Take one message while the preview, or the choice of a line to change, is open."""
    if control is Control.BACK and state.step == CHANGE:
        state = open_step(state, PREVIEW)
        return Progress(state, (question(state),))
    if control is Control.BACK and not turn.tapped:  # the button with this payload is "Change"
        return back(script, state)
    if control in (Control.WHY, Control.SKIP):
        return Progress(state, (Line("why_preview" if control is Control.WHY else "skip_preview"), _again(state)))
    if state.step == PREVIEW and _agrees(script, turn):
        return Progress(state, (), Outcome.AGREED)
    if _wants(turn, "deny", (*script.words["dont_send"], *script.denials)) and state.step == PREVIEW:
        return Progress(state, (Line("declined"),), Outcome.DECLINED)
    if _wants(turn, "go_back", script.words["change"]):
        state = open_step(state, CHANGE)
        return Progress(state, (ChooseChange(),))
    corrected = None if turn.tapped or is_question(turn.text) else _correct_in_words(script, state, turn)
    if corrected:
        return corrected
    if turn.intent == "stop":
        return Progress(state, (Line("stopped"),), Outcome.STOPPED)
    if turn.intent in OPENING_INTENTS:
        return Progress(state, (Line("start_human"), _again(state)))
    if turn.intent not in NOT_IN_BETWEEN or is_question(turn.text):
        return Progress(state, (Interruption(), Line("return"), _again(state)))
    if control is Control.REPEAT:
        return Progress(state, (question(state),))
    return Progress(state, (Line("preview_again"), _again(state)))


def _again(state: Intake) -> Reply:
    """Return the open question of the preview without the lines that were just shown."""
    return AskConsent() if state.step == PREVIEW else question(state)


def _agrees(script: Script, turn: Turn) -> bool:
    """Say whether a message says to send it, with any number of yeses before: "ok fine, send it"."""
    yes = (*script.words["send"], *script.affirmations)
    if turn.tapped or _wants(turn, "affirm", yes):
        return turn.intent == "affirm" or not turn.tapped
    said = f"{fold(turn.text)} "
    leads = sorted({fold(words) for words in (*yes, *script.words["send_leads"])}, key=len, reverse=True)
    agreed = False
    while lead := next((lead for lead in leads if said.startswith(f"{lead} ")), None):
        agreed, said = agreed or lead in map(fold, yes), said[len(lead) + 1 :]
    return agreed and not said


def _wants(turn: Turn, intent: str, words: tuple[str, ...]) -> bool:
    return turn.intent == intent if turn.tapped else is_all(turn.text, words)


def _correct_in_words(script: Script, state: Intake, turn: Turn) -> Progress | None:
    """Change a line the visitor corrects in words: "actually my number is 719-555-0134", "change my name to Alex"."""
    named = next((step for step in steps_of(script, state) if says(turn.text, step.called or (step.name,))), None)
    if named and says(turn.text, script.words["removing"]):
        state = replace(state, answers={**state.answers, named.name: SKIPPED})
        return go_on(script, state, (Line("corrected"),))
    elsewhere = None if named else correct_unnamed(script, replace(state, step=PREVIEW), turn)
    if elsewhere:
        return elsewhere
    for step in [named] if named else [step for step in steps_of(script, state) if step.kind is StepKind.REACH]:
        for text in dict.fromkeys((after_to(turn.text), turn.text)):
            read = read_answer(step, script, text, turn.at)
            if isinstance(read, Misread):
                return Progress(state, (Line(read.line, {"given": read.given}), question(state)))
            if read and read.value != SKIPPED:
                changed = with_answer(state, step, read.value)
                return go_on(script, changed, (*said_on(step, read.value), Line("corrected")))
        if named:
            return edit(state, step.name)
    return None
