"""Reading an answer to one step out of free text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from admissions.core.contact import Misread, Reach, read_name, read_reach
from admissions.core.steps import Choice, Script, Step, StepKind
from admissions.core.times import Moment, TimeWindow, read_window
from admissions.core.wording import fold, is_all, says

#: Nobody older has been recorded; a larger number is not an age.
OLDEST = 122
ADULT_FROM = 18

#: Words that mean a choice only at the beginning of a message.
_WEAK = {"me", "us", "him", "her", "mine", "self"}

_PRONOUNS = {"i", "im", "he", "she", "they", "it", "its", "there"}

#: A yes or no in front of more words than this opens a story, not an answer.
SHORT_ANSWER_WORDS = 9

_AGE_IN_A_SENTENCE = re.compile(
    r"\b(?:im|i am|hes|he is|shes|she is|theyre|they are|is|age|aged|turned|turning)\s+"
    r"(?:only |just |about |around )?(\d{1,3})\b(?!\s*(?:days?|weeks?|months?|hours?|drinks?|beers?|pills?))"
    r"|\b(\d{1,3})\s*(?:years? old|yrs? old|yo|y o|year old)\b"
)
_OWN_AGE = re.compile(
    r"\b(?:im|i am)\s+(?:only |just |still |about |almost )?(\d{1,2})"
    r"(?=\s*(?:$|and|but|so|years?|yrs?|yo|by|btw|now|in))"
)
_QUESTION_START = re.compile(
    r"^(?:and |but |so |ok |okay |wait |sorry |hey )*(?:what|whats|how|hows|when|where|wheres|who|whos|why|which"
    r"|is|are|do|does|did|can|could"
    r"|will|would|should|am|tell me|explain)\b"
)


@dataclass(frozen=True)
class Answer:
    """A value that fits the step: a choice's value, several of them, or checked words."""

    value: str | tuple[str, ...]


def own_age(text: str) -> int | None:
    """Return the age a visitor gives as their own ("I'm only 17"), None when the words give none."""
    clauses = (fold(clause) for clause in re.split(r"[,;!?\n]|\.\s", text))
    return next((int(match[1]) for clause in clauses if (match := _OWN_AGE.search(clause))), None)


def is_question(text: str) -> bool:
    """Say whether a message, or a sentence in it, asks something."""
    return "?" in text or any(_QUESTION_START.match(fold(part)) for part in re.split(r"[.!\n]", text) if part.strip())


def without_questions(text: str) -> str:
    """Return what the message states, clause by clause, its questions left out."""
    clauses = re.findall(r"[^.,;?!\n]+[.,;?!\n]*", text)
    return " ".join(part for part in clauses if "?" not in part and not _QUESTION_START.match(fold(part)))


def read_answer(step: Step, script: Script, text: str, at: Moment | None = None) -> Answer | Misread | None:
    """Read the answer to the open question; Misread names what cannot be right, None means it is no answer."""
    if step.kind is StepKind.NAME:
        return _wrapped(read_name(text))
    if step.kind is StepKind.REACH:
        reach = read_reach(text)
        return _wrapped(reach.phone or reach.email) if isinstance(reach, Reach) else reach
    if step.kind is StepKind.WHEN:
        chosen = _exact_choice(step, text)
        window = read_window(chosen.value if chosen else text, script.zones, at)
        return Answer(window.to_value()) if isinstance(window, TimeWindow) else window
    if step.kind is StepKind.CHOICES:
        return _read_choices(step, text)
    return _read_choice(step, script, text)


def read_in_passing(step: Step, text: str) -> Answer | None:
    """Read a step that is not open now, only where the words leave no doubt ("my son, he's 19")."""
    if step.kind is StepKind.REACH:
        reach = read_reach(text)
        return _wrapped(reach.phone or reach.email) if isinstance(reach, Reach) else None
    if step.reads_age:
        age = _age(text)
        return None if age is None or age > OLDEST else Answer("yes" if age >= ADULT_FROM else "no")
    if step.kind is StepKind.CHOICES:
        found = [choice.value for choice in step.choices if choice.value != "other" and says(text, _long(choice))]
        return Answer(tuple(found)) if found else None
    found = [choice.value for choice in step.choices if says(text, [words for words in choice.says if " " in words])]
    return Answer(found[0]) if len(found) == 1 else None


def _wrapped(value: str | None) -> Answer | None:
    return None if value is None else Answer(value)


def _long(choice: Choice) -> list[str]:
    return [words for words in choice.says if len(words) > 3]


def _exact_choice(step: Step, text: str) -> Choice | None:
    said = fold(text)
    # To the letter before any typing error is forgiven: "either" is not "neither".
    return next((one for one in step.choices if said in map(fold, (one.title, one.value, *one.says))), None)


def _read_choice(step: Step, script: Script, text: str) -> Answer | Misread | None:
    exact = _exact_choice(step, text)
    if exact:
        return Answer(exact.value)
    for choice in step.choices:
        if is_all(text, choice.says):
            return Answer(choice.value)
    if step.reads_age:
        age = _age(text) or _only_number(text)
        if age is not None:
            return Answer("yes" if age >= ADULT_FROM else "no") if age <= OLDEST else Misread("bad_age", str(age))
    named = [(len(phrase), choice) for choice in step.choices if (phrase := says(text, _telling(choice, text)))]
    opening, length = _yes_or_no(script, text)
    best = max(named, key=lambda pair: pair[0], default=None)
    if best and best[0] >= length:
        return Answer(best[1].value)
    meant = next((choice for choice in step.choices if opening and choice.yes_no == opening), None)
    return Answer(meant.value) if meant else None


def _yes_or_no(script: Script, text: str) -> tuple[str | None, int]:
    """Return "yes" or "no" when the message opens with one, and how long the words for it are."""
    said = fold(text)
    if len(said.split()) > SHORT_ANSWER_WORDS:
        return None, 0
    found = [
        (len(fold(phrase)), meaning)
        for meaning, phrases in (("yes", script.affirmations), ("no", script.denials))
        for phrase in phrases
        if f"{said} ".startswith(f"{fold(phrase)} ") and not _opens_a_statement(phrase, said)
    ]
    length, meaning = max(found, default=(0, ""))
    if meaning == "yes" and " but " in said:
        return None, 0  # "yes, but don't say who you are" is no plain yes
    return (meaning or None), length


def _telling(choice: Choice, text: str) -> list[str]:
    """Return the choice's words that count here: "me, I'm 34" is about oneself, "give me a second" is not."""
    first = fold(text).split(" ")[0]
    return [words for words in choice.says if words not in _WEAK or words == first]


def _opens_a_statement(phrase: str, said: str) -> bool:
    """Say whether "she isn't" goes on: "she isn't" is a no, "she isn't ok" is not."""
    return " " in phrase and phrase.split()[0] in _PRONOUNS and fold(phrase) != said


def _read_choices(step: Step, text: str) -> Answer | None:
    exact = _exact_choice(step, text)
    if exact:
        return Answer((exact.value,))
    found = tuple(choice for choice in step.choices if says(text, (*choice.says, choice.title)))
    several = tuple(choice.value for choice in found if not choice.alone)
    if several:
        return Answer(several)
    return Answer((found[0].value,)) if found else None


def _age(text: str) -> int | None:
    # Clause by clause: "he's 19, pills mostly" is an age, "he takes 19 pills" is none.
    matches = (_AGE_IN_A_SENTENCE.search(fold(clause)) for clause in re.split(r"[,;!?\n]|\.\s", text))
    return next((int(match[1] or match[2]) for match in matches if match), None)


def _only_number(text: str) -> int | None:
    numbers = re.findall(r"\d+", text)
    return int(numbers[0]) if len(numbers) == 1 and len(fold(text).split()) <= 4 and len(numbers[0]) <= 6 else None
