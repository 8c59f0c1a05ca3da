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
    def needed(self) -> tuple[frozenset[str], ...]:
        """Return the steps that must be there."""
        return tuple(accepted for accepted, optional in self.steps if accepted and not optional)

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

    def find(self, doc: Doc, tokens: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """Return, by group, (start, end) of every place a phrase stands, in words; longest first at the same start."""
        found: dict[str, set[tuple[int, int]]] = {}
        for index, token in enumerate(tokens):
            for name, phrase in self._at.get(token, ()):
                low, high = max(0, index - phrase.anchor), index + len(phrase.steps) - phrase.anchor
                around = tokens[low:high]
                if any(accepted.isdisjoint(around) for accepted in phrase.needed):
                    continue
                spans = self._matcher(phrase)(doc[low:high])
                if spans:
                    found.setdefault(name, set()).update((low + start, low + end) for _, start, end in spans)
        return {name: sorted(spans, key=lambda span: (span[0], -span[1])) for name, spans in found.items()}

    def _matcher(self, phrase: Phrase) -> Matcher:
        """Return the phrase's matcher, built when it is first needed: most phrases never are."""
        if phrase not in self._matchers:
            matcher = self._matchers[phrase] = Matcher(self._vocab, validate=False)
            matcher.add("phrase", [_as_spacy(phrase)])
        return self._matchers[phrase]


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
