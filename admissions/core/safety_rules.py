"""The safety lists of safety/patterns.yml as checked objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from spacy.lang.en import English
from spacy.vocab import Vocab

from admissions.core.folding import FEW, MANY, YEAR, Lexicon, make_lexicon
from admissions.core.lanes import Lane
from admissions.core.phrases import PhraseIndex, read_phrases

Language = Literal["en", "es"]
Person = Literal["self", "other"]

#: What may take the alarm back; a rule names those that apply to it, all by default.
GUARDS = ("idiom", "negation", "past", "policy")
#: The phrase groups of `frames`; each is explained in the YAML file.
FRAMES = (
    "idiom",
    "not_a_negation",
    "denial",
    "past",
    "again",
    "time_only",
    "policy",
    "policy_off",
)


@dataclass(frozen=True)
class Rule:
    """One group of phrases that raises a lane."""

    id: str  #: stands in the report and in counters, never shown to visitors
    lane: Lane
    language: Language
    needs_beside: bool  #: its `with` phrases must stand somewhere near as well
    guards: frozenset[str]
    person: Person | None  #: who is in danger; None: read from the sentence


@dataclass(frozen=True)
class Rules:
    """Everything the gate knows."""

    vocab: Vocab
    lexicon: Lexicon
    rules: tuple[Rule, ...]
    phrases: PhraseIndex  #: by rule id, and by `beside(id)` for what must stand near
    frames: PhraseIndex  #: by name of FRAMES
    classes: Mapping[str, frozenset[str]]  #: word classes, by name; the guards use some of them


def beside(rule_id: str) -> str:
    """Return the name of the group of phrases that must stand near a rule's own."""
    return f"{rule_id} with"


def load_rules(loaded: Mapping[str, Any]) -> Rules:
    """Build the rules from the loaded YAML.

    Raises:
        ValueError: a list is missing or inconsistent; names the group.
    """
    classes = _classes(loaded["classes"])
    raw: Sequence[Mapping[str, Any]] = loaded["rules"]
    read = {group["id"]: read_phrases(group["patterns"], classes) for group in raw}
    if len(read) != len(raw):
        raise ValueError("two rules have the same id")
    read |= {beside(group["id"]): read_phrases(group["with"], classes) for group in raw if "with" in group}
    frames = {name: read_phrases(_frame_patterns(loaded, name), classes) for name in FRAMES}
    every = [phrase for groups in (read, frames) for phrases in groups.values() for phrase in phrases]

    spelling = loaded["spelling"]
    words = {word for phrase in every for word in phrase.words()} | {w for found in classes.values() for w in found}
    lexicon = make_lexicon(
        words - {FEW, MANY, YEAR},
        spelling["key"].split(),
        {str(written): plain for group in spelling["expansions"] for written, plain in group["words"].items()},
        spelling["pairs"],
        spelling["fillers"].split(),
        spelling["ordinary"].split(),
    )
    _check(words, lexicon)
    # The blank pipeline gives spaCy's own string table; no model is loaded and nothing of a visitor is added to it.
    vocab = English().vocab
    rules = tuple(_rule(group) for group in raw)
    return Rules(vocab, lexicon, rules, PhraseIndex(vocab, read), PhraseIndex(vocab, frames), classes)


def _rule(group: Mapping[str, Any]) -> Rule:
    guards = frozenset(group.get("guards", GUARDS))
    if not guards <= set(GUARDS):
        raise ValueError(f"rule {group['id']}: unknown guard in {sorted(guards)}")
    return Rule(
        id=group["id"],
        lane=Lane(group["lane"]),
        language=cast(Language, group.get("language", "en")),
        needs_beside="with" in group,
        guards=guards,
        person=cast("Person | None", group.get("person")),
    )


def _classes(raw: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Read word classes; one may use those above it as $name."""
    classes: dict[str, frozenset[str]] = {}
    for name, listed in raw.items():
        words: set[str] = set()
        for word in str(listed).split():
            words |= classes[word[1:]] if word.startswith("$") else {word}
        classes[name] = frozenset(words)
    return classes


def _frame_patterns(loaded: Mapping[str, Any], name: str) -> Iterator[str]:
    for group in loaded["frames"][name]:
        yield from group["patterns"]


def _check(words: set[str], lexicon: Lexicon) -> None:
    """Refuse patterns that can never match, because folding writes one of their words differently."""
    lost = sorted(word for word in words if word in lexicon.fillers or lexicon.expansions.get(word, (word,)) != (word,))
    if lost:
        raise ValueError(f"patterns use words that folding takes away: {', '.join(lost)}")
    odd = sorted(word for word in words if not word.isalpha() and word not in (FEW, MANY, YEAR))
    if odd:
        raise ValueError(f"patterns use what is not a plain word: {', '.join(odd)}")
