"""Reading an answer to one step out of free text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from admissions.core.ages import is_adult, is_adult_alone
from admissions.core.contact import Misread, Reach, read_name, read_reach
from admissions.core.steps import SKIPPED, Choice, Script, Step, StepKind
from admissions.core.times import Moment, TimeWindow, read_window
from admissions.core.wording import fold, is_all, says

#: Words that mean a choice only at the beginning of a message.
_WEAK = {"me", "us", "him", "her", "mine", "self"}

#: Words that mean "not sure" only in a message this short: "ignore all of that" means nothing.
_ANYTHING = {"all", "any", "anything", "either", "help", "whatever"}
WEAK_UP_TO_WORDS = 4

#: Words that name a substance only where one was asked for.
_AMBIGUOUS = {"other", "everything", "lots of things", "something else", "acid", "spice", "speed", "coke", "bars"}

#: Choices by their place in the list, and what may stand beside.
_PLACES = {"first": 0, "1": 0, "1st": 0, "second": 1, "2": 1, "2nd": 1, "third": 2, "3": 2, "3rd": 2, "fourth": 3}
_PLACES |= {"4": 3, "4th": 3, "fifth": 4, "5": 4, "5th": 4, "last": -1}
_BESIDE_A_PLACE = {"the", "one", "ones", "and", "number", "option", "both", "choice", "a"}

_PRONOUNS = {"i", "im", "he", "she", "they", "it", "its", "there"}

#: Beside a question a choice is read in a clause of no more words than this.
SHORT_CLAUSE_WORDS = 4

#: A yes or no in front of more words than this opens a story, not an answer.
SHORT_ANSWER_WORDS = 9

#: A clause that tells, even behind a question: "can you call me, my number is …".
_TELLING = re.compile(r"\s*(?:my|i|im|i'm|he|she|it's|its|we)\b", re.IGNORECASE)

#: What people say before an answer.
_FILLER = re.compile(r"^(?:(?:sorry|so|well|um+|uh+|oh|hmm+|honestly)\b[\s,.!]*)+", re.IGNORECASE)

#: A yes or no set off from what follows it.
_FIRST_CLAUSE = re.compile(r"^\s*(?:yes|no|yeah|yep|nope|nah)\b(?=\s*[,.;!])", re.IGNORECASE)

#: Words between a "not" and what it takes away: "I don't use any alcohol".
_NEGATED = (
    r"\b(?:not|no|never|dont|doesnt|didnt|isnt|wasnt|without|instead of|rather than|nor|stopped)"
    r"(?: (?:a|any|use|do|take|touch|on|really|my|the|using|doing|taking))*(?: \w+ (?:or|nor|and))? "
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


def is_question(text: str) -> bool:
    """Say whether a message, or a sentence in it, asks something."""
    return "?" in text or any(_QUESTION_START.match(fold(part)) for part in re.split(r"[.!\n]", text) if part.strip())


def only_asks(text: str) -> bool:
    """Say whether a message is a question and nothing else, by its first word: "IOP?" may well be an answer."""
    return bool(_QUESTION_START.match(fold(text))) and not without_questions(text)


def without_questions(text: str) -> str:
    """Return what the message states, clause by clause, its questions left out.

    From where a sentence begins to ask, the rest of it is the question, but for what tells of oneself ("my number is").
    """
    kept: list[str] = []
    # A mark inside a word ends nothing: "sam@example.org" is one piece.
    for sentence in re.findall(r".+?(?:[.?!\n]+(?=\s|$)|$)", text, re.DOTALL):
        asking = False
        for clause in re.findall(r".+?(?:[,;]+(?=\s|$)|$)", sentence, re.DOTALL):
            asking = (asking and not _TELLING.match(clause)) or bool(_QUESTION_START.match(fold(clause)))
            if not asking and "?" not in clause:
                kept.append(clause)
    return "".join(kept).strip()


def short_clauses(text: str) -> str:
    """Return the clauses of a message that are short enough to be an answer to a choice."""
    clauses = [clause.strip() for clause in re.split(r"[,;.!\n]", text)]
    return ", ".join(clause for clause in clauses if 0 < len(clause.split()) <= SHORT_CLAUSE_WORDS)


def without_lead(text: str, leads: Iterable[str]) -> str:
    """Return the words after "actually" or "no wait, make that"."""
    lead = "|".join(re.escape(words) for words in sorted((*leads, "no"), key=len, reverse=True))
    return re.sub(rf"^(?:(?:{lead})\b[\s,.!]*)+", "", text.strip(), flags=re.IGNORECASE)


def read_answer(step: Step, script: Script, text: str, at: Moment | None = None) -> Answer | Misread | None:
    """Read the answer to the open question; Misread names what cannot be right, None means it is no answer."""
    if step.kind is StepKind.NAME:
        return _wrapped(read_name(text))
    if step.kind is StepKind.REACH:
        reach = read_reach(text)
        return _wrapped(reach.phone or reach.email) if isinstance(reach, Reach) else reach
    if step.kind is StepKind.WHEN:
        chosen = _exact_choice(step, text)
        window = read_window(
            chosen.value if chosen else without_lead(text, script.words["correcting"]), script.zones, at
        )
        return Answer(window.to_value()) if isinstance(window, TimeWindow) else window
    if step.kind is StepKind.CHOICES:
        return _read_choices(step, script, text)
    return _read_choice(step, script, text)


def read_in_passing(step: Step, text: str) -> Answer | None:
    """Read a step that is not open now, only where the words leave no doubt ("my son, he's 19")."""
    if step.kind is StepKind.REACH:
        reach = read_reach(text)
        return _wrapped(reach.phone or reach.email) if isinstance(reach, Reach) else None
    if step.reads_age:
        adult = is_adult(text)
        return None if adult is None or isinstance(adult, Misread) else Answer("yes" if adult else "no")
    if step.kind is StepKind.CHOICES:
        found = [choice.value for choice in step.choices if _stands(text, _long(choice))]
        return Answer(tuple(found)) if found else None
    found = [choice.value for choice in step.choices if says(text, [words for words in choice.says if " " in words])]
    return Answer(found[0]) if len(found) == 1 else None


def _wrapped(value: str | None) -> Answer | None:
    return None if value is None else Answer(value)


def _long(choice: Choice) -> list[str]:
    return [words for words in choice.says if len(words) > 3 and words not in _AMBIGUOUS]


def _exact_choice(step: Step, text: str) -> Choice | None:
    said = fold(text)
    # To the letter before any typing error is forgiven: "either" is not "neither".
    return next((one for one in step.choices if said in map(fold, (one.title, one.value, *one.says))), None)


def _read_choice(step: Step, script: Script, text: str) -> Answer | Misread | None:
    exact = _exact_choice(step, text) or next(iter(_by_place(step, text)), None)
    if exact:
        return Answer(exact.value)
    apart = _voicemail_and_texts(step, text)
    if apart:
        return apart
    for choice in step.choices:
        if is_all(text, choice.says):
            return Answer(choice.value)
    if step.reads_age:
        adult = is_adult_alone(text)
        if adult is not None:
            return adult if isinstance(adult, Misread) else Answer("yes" if adult else "no")
    named = [(len(phrase), choice) for choice in step.choices if (phrase := says(text, _telling(choice, text)))]
    opening, length = _yes_or_no(script, text)
    if len(named) > 1 and re.search(r"\bor\b", text.lower()) and _is_open(step):
        return Answer("not_sure")  # "IOP or PHP" leaves it open
    best = max(named, key=lambda pair: pair[0], default=None)
    if best and best[0] >= length:
        return Answer(best[1].value)
    meant = next((choice for choice in step.choices if opening and choice.yes_no == opening), None)
    return Answer(meant.value) if meant else None


def _is_open(step: Step) -> bool:
    return step.choice("not_sure") is not None and not any(choice.yes_no for choice in step.choices)


def _yes_or_no(script: Script, text: str) -> tuple[str | None, int]:
    """Return "yes" or "no" when the message opens with one, and how long the words for it are."""
    told = _FILLER.sub("", text)
    said = fold(told)
    first = _FIRST_CLAUSE.match(told)
    if first and not fold(told[first.end() :]).startswith("but "):
        said = fold(first[0])  # "yes, I had an overdose three years ago but …" has answered before it goes on
    elif len(said.split()) > SHORT_ANSWER_WORDS:
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
    words_said = fold(text).split(" ")
    short = len(words_said) <= WEAK_UP_TO_WORDS
    return [
        words
        for words in choice.says
        if (words not in _WEAK or words == words_said[0]) and (words not in _ANYTHING or short)
    ]


def _opens_a_statement(phrase: str, said: str) -> bool:
    """Say whether "she isn't" goes on: "she isn't" is a no, "she isn't ok" is not."""
    return " " in phrase and phrase.split()[0] in _PRONOUNS and fold(phrase) != said


def _read_choices(step: Step, script: Script, text: str) -> Answer | None:
    exact = _exact_choice(step, text)
    if exact:
        return Answer((exact.value,))
    placed = _by_place(step, text)
    if placed:
        return Answer(tuple(choice.value for choice in placed if len(placed) == 1 or not choice.alone))
    phrases = {choice: (*choice.says, choice.title) for choice in step.choices}
    found = tuple(choice for choice in step.choices if _stands(text, phrases[choice]))
    several = tuple(choice.value for choice in found if not choice.alone)
    if several:
        return Answer(several)
    if found:
        return Answer((found[0].value,))
    none_of = is_all(text, script.words["none_of"]) or any(says(text, phrases[choice]) for choice in step.choices)
    if not none_of:
        return None
    alone = next((choice.value for choice in step.choices if choice.alone), None)
    return Answer((alone,)) if alone else Answer(SKIPPED)  # "I don't drink" names none of them


def _by_place(step: Step, text: str) -> list[Choice]:
    """Return the choices named by where they stand: "the second one", "1 and 3"."""
    words = [word for word in fold(text).split() if word not in _BESIDE_A_PLACE]
    if step.reads_age or not words or any(word not in _PLACES for word in words):
        return []
    places = [_PLACES[word] for word in words]
    count = len(step.choices)
    return [step.choices[place] for place in dict.fromkeys(places) if -1 <= place < count]


def _voicemail_and_texts(step: Step, text: str) -> Answer | None:
    """Read "text is fine but no voicemail": what is said of each, where a message speaks of both."""
    choices = [step.choice(value) for value in ("voicemail", "text", "both", "neither")]
    if None in choices:
        return None
    voicemail, texts = (choice.says for choice in choices[:2] if choice)
    if not (says(text, voicemail) and says(text, texts)) or says(text, ("or",)):
        return None
    allowed = (_stands(text, voicemail), _stands(text, texts))
    return Answer({(True, True): "both", (True, False): "voicemail", (False, True): "text"}.get(allowed, "neither"))


def _stands(text: str, phrases: Iterable[str]) -> bool:
    """Say whether one of the phrases stands in the text without a "not" before it."""
    for clause in re.split(r"[,;.!?\n]", text):
        said = f" {fold(clause)} "
        for phrase in map(fold, phrases):
            if f" {phrase} " in said and not re.search(rf"{_NEGATED}{re.escape(phrase)} ", said):
                return True
    return False
