"""An age in a visitor's words, and what matters about it: 18 or over, or not."""

from __future__ import annotations

import re

from admissions.core.contact import Misread
from admissions.core.wording import fold

#: Nobody older has been recorded; a larger number is not an age.
OLDEST = 122
ADULT_FROM = 18

#: A bare number is an age only in a message of no more words than this, and digits than that.
_SHORT_WORDS, _AGE_DIGITS = 5, 6

_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_WRITTEN = re.compile(rf"\b(?:({'|'.join(_TENS)})(?: ({'|'.join(_ONES)}))?|({'|'.join(_TEENS)}))\b")

_IN_A_SENTENCE = re.compile(
    r"\b(?:im|i am|hes|he is|shes|she is|theyre|they are|is|age|aged|turned|turning)\s+"
    r"(?:only |just |about |around |actually |like |maybe |probably )?(\d{1,3})\b"
    r"(?!\s*(?:days?|weeks?|months?|hours?|drinks?|beers?|pills?))"
    r"|\b(\d{1,3})\s*(?:years? old|yrs? old|yo|y o|year old)\b"
)
_OWN = re.compile(
    r"\b(?:im|i am)\s+(?:only |just |still |about |actually |like |really )?(\d{1,2})"
    r"(?=\s*(?:$|and|but|so|years?|yrs?|yo|by|btw|now|in|is|am|can|will|do|should))"
)
_NOT_YET = re.compile(
    r"\b(?:almost|nearly|not quite|not yet|not|soon|(?:will )?(?:turn|turns|turning|be)) 18\b"
    r"(?! or over)(?=.*\b(?:next|in|soon|tomorrow|yet|this)\b|$)"
    r"|\b(?:almost|nearly|not quite|not yet) 18\b|\b18 (?:next|in \w+) (?:day|week|month|year|\w+day)s?\b"
)
_OWN_NOT_YET = re.compile(r"\b(?:im|i am|i|ill|i will)\b")
_DECADE = re.compile(r"\b(?:[2-9]0s|twenties|thirties|forties|fifties|sixties|seventies|eighties)\b")


def own_age(text: str) -> int | None:
    """Return the age a visitor gives as their own ("I'm only 17"), None when the words give none."""
    for clause in _clauses(text):
        if _NOT_YET.search(clause) and _OWN_NOT_YET.match(clause.removeprefix("btw ").removeprefix("but ")):
            return ADULT_FROM - 1
        if found := _OWN.search(clause):
            return int(found[1])
    return None


def is_adult(text: str) -> bool | Misread | None:
    """Say whether an age in a sentence is 18 or over; Misread for one nobody has, None where there is no age."""
    for clause in _clauses(text):
        if _NOT_YET.search(clause):
            return False
        found = _IN_A_SENTENCE.search(clause)
        if found:
            return _judged(int(found[1] or found[2]))
    return None


def is_adult_alone(text: str) -> bool | Misread | None:
    """The same where an age was asked for: a bare number, a range or a decade is one too."""
    below_zero = re.search(r"(?:^|\s)(?:-|minus )\s?(\d{1,6})\b", text.lower())
    if below_zero:
        return Misread("bad_age", f"-{below_zero[1]}")
    said = is_adult(text)
    if said is not None:
        return said
    folded = _in_digits(fold(text))
    numbers = re.findall(r"\d+", folded)
    if _DECADE.search(folded):
        return True
    if re.search(r"\d+ (?:days?|weeks?|months?|hours?|drinks?|beers?|pills?|times|bars|percs|mg)\b", folded):
        return None
    if not numbers or len(folded.split()) > _SHORT_WORDS or max(map(len, numbers)) > _AGE_DIGITS or len(numbers) > 2:
        return None
    judged = {_judged(int(number)) for number in numbers}
    return judged.pop() if len(judged) == 1 else None  # "17 or 18" leaves it open


def _judged(age: int) -> bool | Misread:
    return age >= ADULT_FROM if 0 < age <= OLDEST else Misread("bad_age", str(age))


def _clauses(text: str) -> list[str]:
    # Clause by clause: "he's 19, pills mostly" is an age, "he takes 19 pills" is none.
    return [_in_digits(fold(clause)) for clause in re.split(r"[,;!?\n]|\.\s", text)]


def _in_digits(text: str) -> str:
    """Write number words from ten on as digits; "I am one" is no age."""
    return _WRITTEN.sub(_digits, text)


def _digits(found: re.Match[str]) -> str:
    if found[3]:
        return str(10 + _TEENS.index(found[3]))
    return str(10 * (2 + _TENS.index(found[1])) + (1 + _ONES.index(found[2]) if found[2] else 0))
