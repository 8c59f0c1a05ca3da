"""A small spelling step: one slip of the finger, or two words run together.

It touches only words that neither the training examples nor the encoder know, never short ones, and never corrects
into the name of a drug or a danger.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from admissions.understanding.hazard_words import HAZARD_WORDS

#: Shorter words have too many neighbours ("iop", "php", "mat" and their slips among them).
MIN_LETTERS = 4

#: A training word counts as one when it was written twice, or is in the dictionary: examples have slips of their own.
MIN_SEEN = 2

#: The short names of the programs.
SHORT_NAMES = ("iop", "php")

#: How much likelier each slip is than a wrong letter, and how seldom a first letter is wrong; orders of magnitude only.
_SWAPPED, _MISSING, _EXTRA, _WRONG = 8.0, 4.0, 2.0, 1.0
_FIRST_LETTER = 0.25

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[a-z']+")

#: The only words of one letter that a run-together word may be split into.
_ONE_LETTER = frozenset("ai")


class Spelling:
    """Corrects a cleaned text word by word."""

    def __init__(self, seen: Mapping[str, int], general: Collection[str]) -> None:
        """Take the training words with how often each was seen, and the words the encoder knows whole."""
        self.seen = {word: count for word, count in seen.items() if word.isascii()}
        self._known = frozenset(self.seen) | frozenset(general) | HAZARD_WORDS
        self._targets = {
            word: count
            for word, count in self.seen.items()
            if (count >= MIN_SEEN or word in general) and word not in HAZARD_WORDS
        }

        # The programs' own short names are too short for the rules below, and matter most: "ipo", "phpp".
        self._names = {
            slip: name
            for name in SHORT_NAMES
            for _, slip in _slips(name)
            if self._is_slip_of_a_name(slip, name, general)
        }

    def _is_slip_of_a_name(self, slip: str, name: str, general: Collection[str]) -> bool:
        """Say whether a word can only be a slip: nobody wrote it, and English lacks it unless letters are swapped."""
        if slip == name or len(slip) < len(name) or self.seen.get(slip, 0) >= MIN_SEEN or slip in HAZARD_WORDS:
            return False
        return sorted(slip) == sorted(name) or slip not in general

    @classmethod
    def fit(cls, cleaned: Iterable[str], general: Collection[str]) -> Spelling:
        """Learn the words of the training examples."""
        return cls(Counter(word for text in cleaned for word in _WORD.findall(text)), general)

    def correct(self, cleaned: str) -> str:
        """Return the text with unknown words replaced by the likeliest training words, where there are any."""
        return _WORD.sub(lambda match: self._word(match[0]), cleaned)

    def _word(self, word: str) -> str:
        if word in self._names:
            return self._names[word]
        if len(word) < MIN_LETTERS or "'" in word or word in self._known:
            return word
        slips = {fixed: odds * self._targets[fixed] for odds, fixed in _slips(word) if fixed in self._targets}
        if slips:
            # Likeliest first, then alphabetically, so that the same message is always read the same way.
            return min(slips, key=lambda fixed: (-slips[fixed], fixed))
        splits = [(left, right) for left, right in _halves(word)[1:-1] if self._is_part(left) and self._is_part(right)]
        if not splits:
            return word
        left, right = max(splits, key=lambda pair: min(self._targets[part] for part in pair))
        return f"{left} {right}"

    def _is_part(self, word: str) -> bool:
        return word in self._targets and (len(word) > 1 or word in _ONE_LETTER)


def _slips(word: str) -> Iterator[tuple[float, str]]:
    """Yield each word one slip away with its odds; where two slips lead to one word, the likelier comes last."""
    edits = [(_WRONG, left + letter + right[1:]) for left, right in _halves(word) if right for letter in _LETTERS]
    edits += [(_EXTRA, left + right[1:]) for left, right in _halves(word) if right]
    edits += [(_MISSING, left + letter + right) for left, right in _halves(word) for letter in _LETTERS]
    edits += [(_SWAPPED, left + right[1] + right[0] + right[2:]) for left, right in _halves(word) if len(right) > 1]
    return ((odds * (1.0 if fixed[0] == word[0] else _FIRST_LETTER), fixed) for odds, fixed in edits)


def _halves(word: str) -> list[tuple[str, str]]:
    return [(word[:at], word[at:]) for at in range(len(word) + 1)]
