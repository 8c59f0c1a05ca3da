"""The small language of safety/patterns.yml, compiled to spaCy Matcher patterns.

want|wants to die       words in order, `|` parts alternatives of one word
$person hit me|us       a class of words from `classes`
(end it|be dead)        alternatives of several words
take? my own? life      a word that may be missing
i .. die    i ... die   up to two, up to four words between
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

#: How many words each gap may hold at most.
_GAPS = {"..": 2, "...": 4}
_PART = re.compile(r"\([^()]*\)\??|\S+")

#: A gap does not reach over these: "he does not hit me" holds no "he .. hit me".
NOT_IN_A_GAP = frozenset(("not", "never", "no", "nobody", "."))

#: Words that stand in almost every message; a phrase is looked for at another of its words where it has one.
_EVERYWHERE = frozenset(
    [
        "a",
        "an",
        "the",
        "i",
        "to",
        "it",
        "and",
        "not",
        "me",
        "my",
        "is",
        "am",
        "are",
        "do",
        "have",
        "has",
        "in",
        "of",
        "on",
        "at",
        "you",
        "he",
        "she",
        "they",
        "we",
        "with",
        "for",
        "this",
        "that",
        "if",
        "be",
        "was",
        "will",
        "can",
        "go",
        "going",
        "get",
        "want",
        "want",
        "up",
        "or",
        "so",
        "but",
        "what",
        "how",
        "no",
        "his",
        "her",
        "him",
        "them",
        "your",
        "from",
        "out",
        "about",
        "need",
        "when",
        "like",
    ]
)
_EVERYWHERE_WEIGHT = 40

#: Empty words before the first one, so that looking back never leaves the list; no phrase is longer.
_PADDING = 40

#: Where a phrase stands: its first word, and the one after its last.
Span = tuple[int, int]

#: One step of a pattern: the words it accepts (None: any) and whether it may be missing.
Step = tuple[frozenset[str] | None, bool]


@dataclass(frozen=True)
class Phrase:
    """One pattern without alternatives of several words, and where to look for it.

    The anchor is the step that ordinary text holds least often; `before` and `after` say how many words the phrase may
    reach to its two sides, so that only a few words around an anchor are ever looked at.
    """

    steps: tuple[Step, ...]

    def words(self) -> set[str]:
        """Return every word the pattern names."""
        return {word for accepted, _ in self.steps for word in accepted or ()}

    @cached_property
    def needed(self) -> tuple[tuple[frozenset[str], int, int], ...]:
        """Return the steps that must be there, each with the nearest and farthest place it can have from the anchor."""
        needed: list[tuple[frozenset[str], int, int]] = []
        for i, (accepted, optional) in enumerate(self.steps):
            if accepted and not optional and i != self.anchor:
                between = self.steps[min(i, self.anchor) : max(i, self.anchor)]
                near, far = sum(not may_miss for _, may_miss in between), len(between)
                needed.append((accepted, near, far + 1) if i > self.anchor else (accepted, -far, 1 - near))
        return tuple(needed)

    @cached_property
    def anchor(self) -> int:
        """Return the position of the step to look for first."""
        sure = [i for i, (accepted, optional) in enumerate(self.steps) if accepted and not optional]
        return min(
            sure, key=lambda i: sum(_EVERYWHERE_WEIGHT if w in _EVERYWHERE else 1 for w in self.steps[i][0] or ())
        )


class PhraseIndex:
    """Finds named groups of phrases in one pass over a message."""

    def __init__(self, vocab: Vocab, groups: Mapping[str, Sequence[Phrase]]) -> None:
        self._vocab = vocab
        self._at: dict[str, list[tuple[str, Phrase]]] = {}
        self._matchers: dict[Phrase, Matcher] = {}
        for name, phrases in groups.items():
            for phrase in phrases:
                for word in phrase.steps[phrase.anchor][0] or ():
                    self._at.setdefault(word, []).append((name, phrase))

    def find(self, doc: Doc, tokens: Sequence[str]) -> dict[str, list[Span]]:
        """Return, by group, (start, end) of every place a phrase stands, in words; longest first at the same start."""
        found: dict[str, set[Span]] = {}
        padded = [""] * _PADDING + list(tokens)
        for index, token in enumerate(tokens):
            for name, phrase in self._at.get(token, ()):
                at = index + _PADDING
                for accepted, first, end in phrase.needed:
                    if accepted.isdisjoint(padded[at + first : at + end]):
                        break  # most phrases end here: one of their words is not where it would have to be
                else:
                    self._match(name, phrase, index, doc, tokens, found)
        return {name: sorted(spans, key=lambda span: (span[0], -span[1])) for name, spans in found.items()}

    def _match(
        self, name: str, phrase: Phrase, index: int, doc: Doc, tokens: Sequence[str], found: dict[str, set[Span]]
    ) -> None:
        low, high = max(0, index - phrase.anchor), index + len(phrase.steps) - phrase.anchor
        # Alignments: for each word of a match, the step that accepted it; the stubs know nothing of them.
        matches: Any = self._matcher(phrase)(doc[low:high], with_alignments=True)
        for _, start, end, steps in matches:
            gap = (i for i, step in enumerate(steps, low + start) if phrase.steps[step][0] is None)
            if not any(tokens[i] in NOT_IN_A_GAP for i in gap):
                found.setdefault(name, set()).add((low + start, low + end))

    def _matcher(self, phrase: Phrase) -> Matcher:
        """Return the phrase's matcher, built when it is first needed: most phrases never are."""
        if phrase not in self._matchers:
            matcher = self._matchers[phrase] = Matcher(self._vocab, validate=False)
            matcher.add("phrase", [_as_spacy(phrase)])
        return self._matchers[phrase]


def read_phrases(patterns: Iterable[str], classes: Mapping[str, frozenset[str]]) -> list[Phrase]:
    """Parse patterns.

    Raises:
        ValueError: a class is unknown, or a pattern is too long or holds nothing that must be there.
    """
    phrases: list[Phrase] = []
    for pattern in patterns:
        expanded: list[tuple[Step, ...]] = [()]
        for part in _PART.findall(pattern):
            choices = _choices(part, pattern, classes)
            expanded = [(*head, *choice) for head in expanded for choice in choices]
        if any(not any(accepted and not optional for accepted, optional in steps) for steps in expanded):
            raise ValueError(f"pattern {pattern!r}: no word of it must be there")
        if any(len(steps) > _PADDING for steps in expanded):
            raise ValueError(f"pattern {pattern!r}: longer than {_PADDING} words")
        phrases += [Phrase(steps) for steps in expanded]
    return phrases


def _choices(part: str, pattern: str, classes: Mapping[str, frozenset[str]]) -> list[tuple[Step, ...]]:
    if part in _GAPS:
        return [((None, True),) * _GAPS[part]]
    optional = part.endswith("?")
    part = part.removesuffix("?")
    options = part[1:-1].split("|") if part.startswith("(") else [part]
    several = [option.split() for option in options if len(option.split()) > 1]
    single = [_one_word(option.strip(), pattern, classes)[0] for option in options if len(option.split()) == 1]
    choices = [tuple(step for word in option for step in _steps(word, pattern, classes)) for option in several]
    if single:
        # One step that accepts any of them: far cheaper than a pattern for each.
        accepted = frozenset().union(*(words or frozenset() for words in single))
        choices.append(((accepted, optional),))
    elif optional:
        choices.append(())
    return choices


def _steps(part: str, pattern: str, classes: Mapping[str, frozenset[str]]) -> tuple[Step, ...]:
    return ((None, True),) * _GAPS[part] if part in _GAPS else (_one_word(part, pattern, classes),)


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
