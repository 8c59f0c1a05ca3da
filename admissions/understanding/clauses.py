"""A long message in pieces short enough that one telling clause is not drowned by the rest."""

from __future__ import annotations

import re

#: A message up to this long is read as a whole, in words: the longest sentence people write in one breath.
WHOLE_TO_WORDS = 22
#: A piece is filled up to the first number and never gets longer than the second, in words.
PIECE_FROM_WORDS, PIECE_TO_WORDS = 9, 18
#: Where nothing marks a clause, windows of this many words that overlap by half.
WINDOW_WORDS = 14

_BREAK = re.compile(
    r"[.!?;:\n\u2026]+|,\s|\s-+\s"
    r"|\s(?=(?:but|because|cause|also|and (?:i|im|he|hes|she|shes|my)|pero|porque|y (?:me|mi|yo|ya))\s)"
)


def pieces(text: str) -> list[str]:
    """Return the message itself when it is short, else its clauses, small ones joined and long ones in windows."""
    if len(text.split()) <= WHOLE_TO_WORDS:
        return [text]
    found: list[str] = []
    filling: list[str] = []
    for clause in _BREAK.split(text):
        words = clause.split()
        if filling and len(filling) + len(words) > PIECE_TO_WORDS:
            found.append(" ".join(filling))
            filling = []
        if len(words) > PIECE_TO_WORDS:
            found += _windows(words)
            continue
        filling += words
        if len(filling) >= PIECE_FROM_WORDS:
            found.append(" ".join(filling))
            filling = []
    return [*found, " ".join(filling)] if filling else found


def _windows(words: list[str]) -> list[str]:
    step = WINDOW_WORDS // 2
    last = max(len(words) - WINDOW_WORDS, 0)
    starts = [*range(0, last, step), last]
    return [" ".join(words[start : start + WINDOW_WORDS]) for start in starts]
