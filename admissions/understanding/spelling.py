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

#: A correction must have been written at least twice, or a training example's own slip would become a word.
MIN_SEEN = 2

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
        self._targets = {word: n for word, n in self.seen.items() if n >= MIN_SEEN and word not in HAZARD_WORDS}

    @classmethod
    def fit(cls, cleaned: Iterable[str], general: Collection[str]) -> Spelling:
        """Learn the words of the training examples."""
        return cls(Counter(word for text in cleaned for word in _WORD.findall(text)), general)

    def correct(self, cleaned: str) -> str:
        """Return the text with unknown words replaced by the likeliest training words, where there are any."""
        return _WORD.sub(lambda match: self._word(match[0]), cleaned)

    def _word(self, word: str) -> str:
        if len(word) < MIN_LETTERS or "'" in word or word in self._known:
            return word
        slips = {candidate for candidate in _one_edit(word) if candidate in self._targets}
        if slips:
            # Likeliest first, then alphabetically, so that the same message is always read the same way.
            return min(slips, key=lambda candidate: (-self._targets[candidate], candidate))
        splits = [(left, right) for left, right in _cuts(word) if self._is_part(left) and self._is_part(right)]
        if not splits:
            return word
        left, right = max(splits, key=lambda pair: min(self._targets[part] for part in pair))
        return f"{left} {right}"

    def _is_part(self, word: str) -> bool:
        return word in self._targets and (len(word) > 1 or word in _ONE_LETTER)


def _cuts(word: str) -> Iterator[tuple[str, str]]:
    return ((word[:at], word[at:]) for at in range(1, len(word)))


def _one_edit(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        left, right = word[:at], word[at:]
        if right:
            yield left + right[1:]
            yield from (left + letter + right[1:] for letter in _LETTERS)
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        yield from (left + letter + right for letter in _LETTERS)
