"""The safety gate: does this message say that somebody is in danger? Deterministic, explainable, before any model.

A message is folded to plain words (folding.py), rules from safety/patterns.yml look for phrases (phrases.py), guards
take back what is idiom, denial, past or a question about rules (safety_guards.py). In doubt the alarm stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from admissions.core.folding import plain
from admissions.core.lanes import PRIORITY, Lane
from admissions.core.phrases import Span
from admissions.core.safety_guards import Reading
from admissions.core.safety_rules import Language, Person, Rule, load_rules

__all__ = ["PRIORITY", "Alarm", "Lane", "SafetyGate", "Verdict"]

#: Characters read of a long message: the whole of any body the channel lets in (8 kB), and head and tail of the rest,
#: so that no text, however long, costs more than a bounded time.
HEAD_CHARACTERS, TAIL_CHARACTERS = 6_000, 2_000


@dataclass(frozen=True)
class Alarm:
    """Why a message is answered with a card."""

    lane: Lane
    evidence: str  #: the words of the message that raised it, in lower case; never logged
    rule: str  #: id of the rule in safety/patterns.yml
    language: Language  #: of the words that raised it
    person: Person = "self"  #: who is in danger: the visitor, or somebody they write about


@dataclass(frozen=True)
class Verdict:
    """What the patterns make of a message."""

    alarm: Alarm | None
    guarded: bool  #: a guard took a match back, or the message tells of a time that is over


class SafetyGate:
    """Reads one message at a time and keeps nothing of it."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        """Build the gate from the loaded lists.

        Raises:
            ValueError: the lists contradict themselves.
        """
        self._rules = load_rules(rules)

    def detect(self, text: str) -> Alarm | None:
        """Return the most urgent alarm of a message, None when nothing in it speaks of danger."""
        return self.read(text).alarm

    def read(self, text: str) -> Verdict:
        """Return the most urgent alarm of a message and whether anything in it speaks against one."""
        reading = Reading(plain(bounded(text)), self._rules)
        found: list[tuple[Rule, Span]] = []
        guarded = False
        for rule in self._rules.rules:
            for span in reading.matches(rule):
                if reading.is_taken_back(rule, span):
                    guarded = True
                else:
                    found.append((rule, span))
        if not found:
            return Verdict(None, guarded or reading.is_over())
        rule, span = min(_outermost(found), key=lambda one: (PRIORITY.index(one[0].lane), one[1][0], -one[1][1]))
        alarm = Alarm(rule.lane, reading.evidence(span), rule.id, rule.language, reading.person(rule, span))
        return Verdict(alarm, guarded)


def bounded(text: str) -> str:
    """Return what is read of a message: all of it, or head and tail of a very long one."""
    if len(text) <= HEAD_CHARACTERS + TAIL_CHARACTERS:
        return text
    return f"{text[:HEAD_CHARACTERS]}\n{text[-TAIL_CHARACTERS:]}"


def _outermost(found: list[tuple[Rule, Span]]) -> list[tuple[Rule, Span]]:
    """Leave out matches inside a longer one: "want to overdose" says more than "overdose"."""
    kept: list[tuple[Rule, Span]] = []
    reach = (-1, -1)  # the widest match so far; sorted by start, one that ends before it lies inside it
    for rule, span in sorted(found, key=lambda one: (one[1][0], -one[1][1])):
        if span[1] > reach[1] or span == reach:
            kept.append((rule, span))
            reach = max(reach, span, key=lambda s: s[1])
    return kept
