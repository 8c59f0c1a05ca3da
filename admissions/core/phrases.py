"""The small language of safety/patterns.yml, compiled to spaCy Matcher patterns.

    want|wants to die       words in order, `|` parts alternatives of one word
    $person hit me|us       a class of words from `classes`
    (end it|be dead)        alternatives of several words
    take? my own? life      a word that may be missing
    i .. die    i ... die   up to two, up to four words between
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

#: How many words each gap may hold at most.
_GAPS = {"..": 2, "...": 4}
_PART = re.compile(r"\([^()]*\)\??|\S+")

#: One step of a pattern: the words it accepts (None: any) and whether it may be missing.
Step = tuple[frozenset[str] | None, bool]


@dataclass(frozen=True)
class Phrase:
    """One pattern without alternatives of several words."""

    steps: tuple[Step, ...]

    def words(self) -> set[str]:
        """Return every word the pattern names."""
        return {word for accepted, _ in self.steps for word in accepted or ()}


class PhraseSet:
    """Finds a group of phrases; looks only where a message holds one of their rarest words."""

    def __init__(self, vocab: Vocab, phrases: Sequence[Phrase], rarity: Mapping[str, int]) -> None:
        self._matcher = Matcher(vocab, validate=False)
        anchors: set[str] = set()
        for phrase in phrases:
            self._matcher.add("phrase", [_as_spacy(phrase)])
            anchors |= _anchor(phrase, rarity)
        self._anchors = frozenset(anchors)

    def find(self, doc: Doc, present: frozenset[str]) -> list[tuple[int, int]]:
        """Return (start, end) of every place a phrase stands, in words; longest first at the same start."""
        if self._anchors.isdisjoint(present):
            return []
        return sorted({(start, end) for _, start, end in self._matcher(doc)}, key=lambda span: (span[0], -span[1]))


def read_phrases(patterns: Iterable[str], classes: Mapping[str, frozenset[str]]) -> list[Phrase]:
    """Parse patterns.

    Raises:
        ValueError: a class is unknown, or a pattern holds nothing that must be there.
    """
    phrases: list[Phrase] = []
    for pattern in patterns:
        expanded: list[tuple[Step, ...]] = [()]
        for part in _PART.findall(pattern):
            choices = _choices(part, pattern, classes)
            expanded = [(*head, *choice) for head in expanded for choice in choices]
        if any(not any(accepted and not optional for accepted, optional in steps) for steps in expanded):
            raise ValueError(f"pattern {pattern!r}: no word of it must be there")
        phrases += [Phrase(steps) for steps in expanded]
    return phrases


def rarity_of(phrases: Iterable[Phrase]) -> Counter[str]:
    """Count in how many phrases each word stands; the rarest words decide whether a group is looked at."""
    return Counter(word for phrase in phrases for word in phrase.words())


def _choices(part: str, pattern: str, classes: Mapping[str, frozenset[str]]) -> list[tuple[Step, ...]]:
    if part in _GAPS:
        return [((None, True),) * _GAPS[part]]
    optional = part.endswith("?")
    part = part.removesuffix("?")
    if part.startswith("("):
        inner = [tuple(_one_word(word, pattern, classes) for word in option.split()) for option in part[1:-1].split("|")]
        return [*inner, ()] if optional else list(inner)
    accepted, _ = _one_word(part, pattern, classes)
    return [((accepted, optional),)]


def _one_word(part: str, pattern: str, classes: Mapping[str, frozenset[str]]) -> Step:
    """Read one word of a pattern; inside parentheses `/` parts alternatives of one word."""
    accepted: set[str] = set()
    optional = part.endswith("?")
    for word in re.split(r"[|/]", part.removesuffix("?")):
        if word.startswith("$"):
            if word[1:] not in classes:
                raise ValueError(f"pattern {pattern!r}: there is no class {word}")
            accepted |= classes[word[1:]]
        else:
            accepted.add(word)
    return frozenset(accepted), optional


def _as_spacy(phrase: Phrase) -> list[dict[str, Any]]:
    tokens: list[dict[str, Any]] = []
    for accepted, optional in phrase.steps:
        token: dict[str, Any] = {}
        if accepted is not None:
            token["ORTH"] = next(iter(accepted)) if len(accepted) == 1 else {"IN": sorted(accepted)}
        if optional:
            token["OP"] = "?"
        tokens.append(token)
    return tokens


def _anchor(phrase: Phrase, rarity: Mapping[str, int]) -> frozenset[str]:
    needed = [accepted for accepted, optional in phrase.steps if accepted and not optional]
    return min(needed, key=lambda accepted: (sum(rarity[word] for word in accepted), len(accepted)))
