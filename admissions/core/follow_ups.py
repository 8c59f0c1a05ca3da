"""What a short message leans on: "and php?" after an answer about IOP's hours asks for PHP's hours.

Pure: what was understood and what was talked about in, what is asked out. The table of aspects and levels and the words
of such messages are content/follow_ups.yml.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from admissions.core.wording import fold

#: The levels of care, and the one that is meant where none was named.
LEVELS = ("iop", "php", "inpatient")
DEFAULT_LEVEL = "iop"

#: The aspect that is meant where a level is named and nothing was asked before.
MEANING = "meaning"


@dataclass(frozen=True)
class Talk:
    """What a conversation is about: the label asked last, the level of care it spoke of, and the one before that."""

    asked: str | None = None
    level: str | None = None
    other: str | None = None

    def about(self, label: str, levels: Iterable[str]) -> Talk:
        """Return the talk after a question with this label, which speaks of these levels."""
        named = "+".join(level for level in LEVELS if level in set(levels)) or self.level
        if named == self.level:
            return replace(self, asked=label)
        return Talk(label, named, self.level)


@dataclass(frozen=True)
class Lean:
    """What a leaning message asks: one label, or several to choose from where it is unclear."""

    label: str | None = None
    unclear: tuple[str, ...] = ()
    certain: bool = True  #: whether the words alone say that it leans; else its own reading must be fairly sure


@dataclass(frozen=True)
class Asked:
    """A message as it was understood on its own."""

    words: str  #: in lower case
    label: str
    levels: tuple[str, ...]  #: levels of care named in it
    without_levels: str  #: the words with each of them taken out


@dataclass(frozen=True)
class FollowUps:
    """The table of aspects and levels, and the words of messages that lean on it."""

    cells: Mapping[tuple[str, str], str]  #: (aspect, level) -> label
    places: Mapping[str, tuple[str, str]]  #: label -> its first (aspect, level)
    phrases: Mapping[str, frozenset[str]]
    most_words: int
    facets: tuple[str, ...] = ()  #: labels of the article's answers

    def levels_of(self, label: str) -> tuple[str, ...]:
        """Return the levels of care a label speaks of."""
        place = self.places.get(label)
        return tuple(place[1].split("+")) if place else ()

    def lean(self, asked: Asked, talk: Talk) -> Lean | None:
        """Return what a message asks in the light of the talk; None when it stands on its own."""
        said = fold(asked.words)
        if len(said.split()) > self.most_words:
            return None
        if len(asked.levels) == 1 and self._is_only_a_level(fold(asked.without_levels)):
            return self._at_level(talk, asked.levels[0])
        if not asked.levels and self._strip(said) in self.phrases["the_other"]:
            return self._at_the_other(talk)
        if not asked.levels and said in self.phrases["more"]:
            return self._more(talk)
        if not asked.levels:
            return self._same_level(asked.label, talk)
        return None

    def _is_only_a_level(self, rest: str) -> bool:
        words = rest.split()
        while words and words[-1] in self.phrases["closers"]:
            words.pop()
        left = " ".join(
            word for word in words if word not in ("the", "a", "an", "ok", "okay", "oh", "hmm", "well", "alright")
        )
        return not left or left in self.phrases["openers"]

    def _strip(self, said: str) -> str:
        """Take the opener off: "and what about the other one" is "the other one"."""
        for opener in sorted(self.phrases["openers"], key=len, reverse=True):
            if said.startswith(f"{opener} "):
                return self._strip(said.removeprefix(f"{opener} "))
        return said

    def _at_level(self, talk: Talk, level: str) -> Lean | None:
        if talk.asked is None:
            return Lean(self.cells[MEANING, level])
        place = self.places.get(talk.asked)
        if place is None:
            # Cost, insurance, visits …: the same is not known of the other level either.
            return Lean(talk.asked) if not talk.asked.startswith("faq/") else Lean(self.cells[MEANING, level])
        aspect, before = place
        if before == level and talk.level == level:
            return Lean(self.cells[MEANING, level])
        return Lean(self.cells.get((aspect, level)) or self.cells[MEANING, level])

    def _at_the_other(self, talk: Talk) -> Lean:
        if talk.level in LEVELS and talk.other in LEVELS:
            return self._at_level(talk, talk.other) or Lean()
        left = [level for level in LEVELS if level != talk.level]
        aspect = self.places.get(talk.asked or "", (MEANING, ""))[0]
        return Lean(unclear=tuple(self.cells.get((aspect, level)) or self.cells[MEANING, level] for level in left))

    def _more(self, talk: Talk) -> Lean | None:
        if talk.asked is None:
            return None
        if not talk.asked.startswith("faq/"):
            return Lean(talk.asked)  # there is no more to tell: said again, in other words
        topic = talk.asked.split("__")[0]
        overview = f"{topic}__overview"
        if overview in self.facets and overview != talk.asked:
            return Lean(overview)
        narrower = (facet for facet in self.facets if facet.split("__")[0] == topic and facet != overview)
        return Lean(unclear=tuple(narrower))

    def _same_level(self, label: str, talk: Talk) -> Lean | None:
        """Let "how many hours?" after PHP ask for PHP's: a label of the default level moves to the one talked about."""
        place = self.places.get(label)
        if place is None or talk.level is None or place[1] != DEFAULT_LEVEL or talk.level == DEFAULT_LEVEL:
            return None
        cell = self.cells.get((place[0], talk.level))
        if cell is None and "+" in talk.level:
            return Lean(
                unclear=tuple(one for level in talk.level.split("+") if (one := self.cells.get((place[0], level))))
            )
        return Lean(cell, certain=False) if cell else None


def load_follow_ups(loaded: Mapping[str, Any], labels: Collection[str]) -> FollowUps:
    """Build the table.

    Args:
        loaded: content/follow_ups.yml.
        labels: every label the assistant has an answer for.

    Raises:
        ValueError: a cell names an answer that there is not; names aspect and label.
    """
    cells: dict[tuple[str, str], str] = {}
    places: dict[str, tuple[str, str]] = {}
    for aspect, by_level in loaded["aspects"].items():
        also = by_level.get("also", {})
        named = {**{label: level for level, label in by_level.items() if level != "also"}, **also}
        unknown = sorted(set(named) - set(labels))
        if unknown:
            raise ValueError(f"aspect {aspect} names {unknown[0]}, which has no answer in data/nlu")
        for level, label in by_level.items():
            if level != "also":
                cells[aspect, level] = label
                places.setdefault(label, (aspect, level))
        for label, level in also.items():
            places.setdefault(label, (aspect, level))
    phrases = {name: frozenset(map(fold, loaded[name])) for name in ("openers", "closers", "the_other", "more")}
    facets = tuple(sorted(label for label in labels if label.startswith("faq/")))
    return FollowUps(cells, places, phrases, int(loaded["most_words"]), facets)
