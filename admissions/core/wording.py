"""Comparing a visitor's words with ours: folded, and forgiving of small typing errors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

#: A word shorter than this must match to the letter: one edit turns "no" into "go".
FORGIVING_FROM_LETTERS = 5


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return lower case words parted by single spaces: no punctuation, no apostrophes, emoji kept, skin tones not."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'").replace("'", "")
    return " ".join(re.findall(r"[^\W_]+|[\U0001F300-\U0001F3FA\U0001F400-\U0001FAFF]", plain))


def squeeze(text: str) -> str:
    """Return the text in lower case with every run of white space as one space."""
    return " ".join(text.lower().split())


def says(text: str, phrases: Iterable[str]) -> str | None:
    """Return the longest phrase that stands in the text as whole words, None when none does."""
    words = f" {fold(text)} "
    found = [phrase for phrase in phrases if f" {fold(phrase)} " in words]
    return max(found, key=len, default=None)


def is_all(text: str, phrases: Iterable[str]) -> bool:
    """Say whether the whole text is one of the phrases, politeness and one small typing error a word aside."""
    said = re.sub(r"\b(please|pls|plz|thanks|thank you|thx|um|uh|hmm|oh|well|hey)\b", " ", fold(text)).split()
    if not said:
        said = fold(text).split()
    return any(_alike(said, fold(phrase).split()) for phrase in phrases)


def _alike(said: list[str], phrase: list[str]) -> bool:
    return len(said) == len(phrase) and all(_near(a, b) for a, b in zip(said, phrase, strict=True))


def _near(said: str, word: str) -> bool:
    """Equal, or one letter added, lost, changed or swapped in a word long enough to be still itself."""
    if said == word:
        return True
    if min(len(said), len(word)) < FORGIVING_FROM_LETTERS - 1 or max(len(said), len(word)) < FORGIVING_FROM_LETTERS:
        return False
    if abs(len(said) - len(word)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(said, word, strict=False)) if a != b), min(len(said), len(word)))
    rest_said, rest_word = said[start:], word[start:]
    swapped = rest_said[:2] == rest_word[:2][::-1] and rest_said[2:] == rest_word[2:]
    return swapped or rest_said[1:] == rest_word or rest_said == rest_word[1:] or rest_said[1:] == rest_word[1:]
