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

#: Words that change nothing in so short a message.
_FILLERS = frozenset(("the", "a", "an", "ok", "okay", "oh", "hmm", "alright", "yes", "no", "thanks"))

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
    ordinals: Mapping[str, int]  #: "second" -> 1: of the levels just compared
    aspect_words: Mapping[str, frozenset[str]]  #: by aspect the messages that are nothing but its name
    most_words: int
    facets: tuple[str, ...] = ()  #: labels of the article's answers

    def levels_of(self, label: str) -> tuple[str, ...]:
        """Return the levels of care a label speaks of."""
        place = self.places.get(label)
        return tuple(place[1].split("+")) if place else ()

    def lean(self, asked: Asked, talk: Talk) -> Lean | None:
        """Return what a message asks in the light of the talk; None when it stands on its own."""
        said = fold(asked.words)
        if asked.levels == ("php",) and self.places.get(asked.label, ("", ""))[1] == DEFAULT_LEVEL:
            # "Is there group therapy in PHP?" is no question about IOP's.
            return Lean(self.cells.get((self.places[asked.label][0], "php")), certain=False)
        if len(said.split()) > self.most_words:
            return None
        if asked.levels:
            only_a_level = len(asked.levels) == 1 and self._is_only_a_level(fold(asked.without_levels))
            return self._at_level(talk, asked.levels[0]) if only_a_level else None
        stripped = self._without_openers(said)
        if level := self._counted(stripped, talk):
            alone = self._is_only_a_level(" ".join(word for word in stripped.split() if word not in self.ordinals))
            of = self.places.get(asked.label, (MEANING, ""))[0]
            return Lean(self.cells[MEANING, level]) if alone else self._aspect_at(of, level, certain=False)
        if stripped in self.phrases["the_other"]:
            return self._at_the_other(talk)
        if said in self.phrases["more"]:
            return self._more(talk)
        aspect = next((name for name, words in self.aspect_words.items() if _without_fillers(stripped) in words), None)
        if aspect and talk.asked and talk.asked.startswith("faq/"):
            return self._aspect_at(aspect, talk.level or DEFAULT_LEVEL)
        return self._same_level(asked.label, talk)

    def _counted(self, said: str, talk: Talk) -> str | None:
        """Return the level that "the second one" means after a comparison: levels are always told in the same order."""
        compared = (talk.level or "").split("+")
        place = next((self.ordinals[word] for word in said.split() if word in self.ordinals), None)
        if place is None or len(compared) < 2 or not -len(compared) <= place < len(compared):
            return None
        return compared[place]

    def _is_only_a_level(self, rest: str) -> bool:
        """Say whether a message holds nothing but a level's name: an opener before it, a closer behind it."""
        left = _without_fillers(rest)
        while closer := next((one for one in self.phrases["closers"] if f" {left}".endswith(f" {one}")), None):
            left = left.removesuffix(closer).strip()
        return not left or left in {_without_fillers(opener) for opener in self.phrases["openers"]}

    def _without_openers(self, said: str) -> str:
        """Take the openers off: "and what about the other one" is "the other one"."""
        openers = (one for one in self.phrases["openers"] if said.startswith(f"{one} "))
        opener = max(openers, key=len, default=None)
        return said if opener is None else self._without_openers(said.removeprefix(f"{opener} "))

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
        return Lean(unclear=tuple(self._offered(aspect, level) for level in left))

    def _offered(self, aspect: str, level: str) -> str:
        """Return what may be offered for a level: an answer, never "our information does not say"."""
        cell = self.cells.get((aspect, level), "")
        return cell if cell.startswith("faq/") else self.cells[MEANING, level]

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
        return self._aspect_at(place[0], talk.level, certain=False)

    def _aspect_at(self, aspect: str, level: str, *, certain: bool = True) -> Lean | None:
        """Return what an aspect's question asks of the level that is talked about, or of each level of a comparison."""
        cell = self.cells.get((aspect, level))
        if cell is None and "+" in level:
            return Lean(unclear=tuple(dict.fromkeys(self._offered(aspect, one) for one in level.split("+"))))
        return Lean(cell, certain=certain) if cell else None


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
    words = {aspect: frozenset(map(fold, said)) for aspect, said in loaded["aspect_words"].items()}
    ordinals = {str(word): int(place) for word, place in loaded["ordinals"].items()}
    return FollowUps(cells, places, phrases, ordinals, words, int(loaded["most_words"]), facets)


def _without_fillers(text: str) -> str:
    return " ".join(word for word in text.split() if word not in _FILLERS)
