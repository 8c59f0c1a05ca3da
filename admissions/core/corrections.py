"""Changing an answer given earlier in words: "wait, wrong number, it's 719-555-0177", "I meant my daughter"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from admissions.core.answers import Answer, read_answer, read_in_passing
from admissions.core.clock_words import time_words
from admissions.core.contact import Misread, without_reach
from admissions.core.intake import (
    PREVIEW,
    Intake,
    Line,
    Progress,
    Turn,
    Value,
    next_step,
    open_step,
    question,
    steps_of,
)
from admissions.core.moving import edit, go_on, minor_ends, said_on
from admissions.core.steps import SKIPPED, Script, Step, StepKind
from admissions.core.whose import ages_about, words_about
from admissions.core.wording import says

#: A message that only says a line is wrong, without saying what is right, has no more words than this.
SHORT_WORDS = 8

#: A bare yes or no has no more words than this.
BARE_WORDS = 3

_NAME_SAID = re.compile(
    r"\b(?:my name is|my names|my name's|(?<!his )(?<!her )(?<!their )(?<!s )name is|call me|i go by)\b.*",
    re.IGNORECASE,
)


def correct(script: Script, state: Intake, turn: Turn) -> Progress | None:
    """Return where a correction of another than the open step leads, None when the message is none.

    Where the message names a step it is that one's; otherwise the one whose answer the words can be.
    """
    if turn.tapped or not says(turn.text, script.words["correcting"]):
        return None
    others = [step for step in steps_of(script, state) if step.name != state.step and step.name in state.answers]
    named = [(step, phrase) for step in others if (phrase := says(turn.text, step.called or (step.name,)))]
    if named:
        step, phrase = max(named, key=lambda pair: len(pair[1]))
        return _correct_named(script, state, step, turn, (*script.words["correcting"], phrase))
    return _correct_latest(script, state, turn)


def _correct_latest(script: Script, state: Intake, turn: Turn) -> Progress | None:
    """Take "oops, I meant yes" for the question that was answered just before."""
    asked = [name for name in state.asked if name != state.step]
    step = script.find(asked[-1]) if asked and says(turn.text, script.words["slip"]) else None
    bare = _without(turn.text, script.words["correcting"])
    if step is None or len(bare.split()) > BARE_WORDS or step not in steps_of(script, state):
        return None
    read = read_answer(step, script, bare, turn.at) if any(choice.yes_no for choice in step.choices) else None
    if isinstance(read, Answer):
        return corrected(script, with_answer(state, step, read.value), step)
    return None


def correct_unnamed(script: Script, state: Intake, turn: Turn) -> Progress | None:
    """Return where a correction leads that names no step and that the open step could not read."""
    if turn.tapped or not says(turn.text, script.words["correcting"]):
        return None
    changed = in_passing(script, state, turn)
    if changed.answers != state.answers:
        return corrected(script, changed)
    for step in steps_of(script, state):
        if step.name == state.step or step.name not in state.answers or any(one.yes_no for one in step.choices):
            continue
        text = turn.text
        if step.kind is StepKind.NAME:
            said = _NAME_SAID.search(text)
            text = said[0] if said else ""
        read = read_answer(step, script, text, turn.at) if text else None
        if isinstance(read, Misread):
            return Progress(state, (Line(read.line, {"given": read.given}), question(state)))
        if read and read.value != SKIPPED:
            return corrected(script, with_answer(state, step, read.value), step)
    return None


def in_passing(
    script: Script, state: Intake, turn: Turn, besides: str | None = None, *, text: str | None = None
) -> Intake:
    """Keep answers to other steps that the message gives without doubt; a later one corrects an earlier one.

    Args:
        script: the screening.
        state: the intake.
        turn: the message.
        besides: a step that is not looked at, because the message answered it just now.
        text: the part of the message that states something; all of it when None.
    """
    if turn.tapped:
        return state
    text, correcting = turn.text if text is None else text, says(turn.text, script.words["correcting"])
    relatives = relatives_in(script)
    for step in steps_of(script, state):
        if not step.anywhere or step.name == besides:
            continue
        if step.name in ("about", "adult") and step.name in state.answers and not correcting:
            continue  # once answered it changes only where the words say so: "and my daughter is 6" does not
        if step.name == "about" and says(text, script.words["too"]):
            continue
        told = text
        if step.kind is StepKind.CHOICES:
            told = words_about(state.about, text, relatives)
        elif step.reads_age:
            told = ages_about(state.about, text, relatives)
        found = read_in_passing(step, told)
        if found:
            state = with_answer(state, step, found.value)
    return state


def contact_beside(script: Script, state: Intake, step: Step, turn: Turn) -> Intake:
    """Keep a time and what is said of voicemail and texts from a message that tells how to reach somebody.

    "Sam, 719-555-0134, after 5" answers three questions; a time anywhere else may be about anything.
    """
    if turn.tapped or step.kind not in (StepKind.NAME, StepKind.REACH, StepKind.WHEN):
        return state
    told = without_reach(turn.text)
    for other in steps_of(script, state):
        if other.name == step.name or other.name in state.answers:
            continue
        if other.kind is StepKind.WHEN and state.given("reach"):
            read = read_answer(other, script, time_words(told) or "", turn.at)
        elif other.needs_phone and says(told, ("voicemail", "voice mail", "text", "texts")):
            read = read_answer(other, script, told)
        else:
            continue
        if read and not isinstance(read, Misread):
            state = with_answer(state, other, read.value)
    return state


def relatives_in(script: Script) -> list[str]:
    """Return how visitors name someone they love, as the step that asks about it lists it."""
    about = script.find("about")
    return [words for choice in about.choices for words in choice.says if words.startswith("my ")] if about else []


def with_answer(state: Intake, step: Step, value: Value) -> Intake:
    """Return the state with an answer; who it is about changing, the age given for somebody else goes."""
    answers = dict(state.answers)
    if step.name == "about" and answers.get("about") not in (None, value):
        answers.pop("adult", None)
    return replace(state, answers={**answers, step.name: value})


def corrected(script: Script, state: Intake, step: Step | None = None) -> Progress:
    """Say that an answer changed and put the open question again, or the next one where it is not asked any more."""
    said = said_on(step, state.answers[step.name]) if step else ()
    if state.step == PREVIEW or state.step not in {one.name for one in steps_of(script, state)}:
        return go_on(script, state, (*said, Line("corrected")))
    return minor_ends(state, (*said, Line("corrected"), question(state)))


def _correct_named(script: Script, state: Intake, step: Step, turn: Turn, said: tuple[str, ...]) -> Progress | None:
    if not (says(turn.text, script.words["removing"]) or says(turn.text, ("not right",))):
        for text in (after_to(turn.text), turn.text, _without(turn.text, said)):
            read = read_answer(step, script, text, turn.at)
            if isinstance(read, Misread):
                return Progress(state, (Line(read.line, {"given": read.given}), question(state)))
            if read and read.value != SKIPPED:
                return corrected(script, with_answer(state, step, read.value), step)
    if len(turn.text.split()) <= SHORT_WORDS and says(turn.text, script.words["change"]):
        return edit(state, step.name)
    return None


def _without(text: str, phrases: Iterable[str]) -> str:
    for words in sorted(phrases, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(words)}\b", " ", text, flags=re.IGNORECASE)
    return " ".join(text.split()).strip(" ,.!")


def after_to(text: str) -> str:
    """Return what stands after "to" or "is" in "change my name to Alex", else the whole text."""
    for word in (" to ", " is ", " should be "):
        if word in text:
            return text.rsplit(word, 1)[1]
    return text


def reopen(script: Script, state: Intake) -> Intake:
    """Return the state at its open step, or at the next one where that was answered in passing."""
    return open_step(state, next_step(script, state)) if state.step in state.answers else state
