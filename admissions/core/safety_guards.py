"""What takes an alarm back: idiom, denial, a clear past, a question about rules. In doubt nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from admissions.core.folding import STOP, Word, fold
from admissions.core.phrases import Span
from admissions.core.safety_rules import Person, Rule, Rules, beside

#: How far before its match a "no" or "not" may stand, in words.
NEGATION_REACH = 6
#: How far before a match its verb is looked for, in words.
VERB_REACH = 3
#: A clause of time only ("when i was fifteen,") is no longer than this, in words.
TIME_ONLY_WORDS = 8
#: What must stand "near" a match does so within this many words: about three sentences.
NEAR_WORDS = 45


@dataclass(frozen=True)
class _Parts:
    clause: tuple[int, ...]  #: the number of the clause of each word
    sentence: tuple[int, ...]  #: the number of the sentence of each word


class Reading:
    """One message, folded, with everything the rules ask about it."""

    def __init__(self, text: str, rules: Rules) -> None:
        self._rules = rules
        self.text = text
        self.words: list[Word] = fold(text, rules.lexicon)
        self.tokens: list[str] = [word.text for word in self.words]
        self._doc = Doc(rules.vocab, words=self.tokens)
        self._found = self._whole(rules.phrases.find(self._doc, self.tokens))

    def matches(self, rule: Rule) -> list[Span]:
        """Return where a rule matches, guards not yet asked."""
        spans = self._found.get(rule.id, [])
        if not spans or not rule.needs_beside:
            return spans
        return [span for span in spans if any(_near(span, other) for other in self._found.get(beside(rule.id), []))]

    def evidence(self, span: Span) -> str:
        """Return the words of the message that matched."""
        return self.text[self.words[span[0]].start : self.words[span[1] - 1].end]

    def is_taken_back(self, rule: Rule, span: Span) -> bool:
        """Say whether one of the rule's guards takes the match back."""
        return (
            ("idiom" in rule.guards and self._is_idiom(span))
            or ("negation" in rule.guards and self._is_denied(span))
            or ("past" in rule.guards and self._is_past(span))
            or ("policy" in rule.guards and self._is_policy(span))
        )

    def is_over(self) -> bool:
        """Say whether the message names a time that is clearly over, and nothing that brings it back."""
        return bool(self._frame("past")) and not self._frame("again")

    def person(self, rule: Rule, span: Span) -> Person:
        """Return who is in danger: the nearest person named in or before the match; the visitor in doubt."""
        if rule.person:
            return rule.person
        for index in range(span[1] - 1, -1, -1):
            if self.tokens[index] in self._class("self_words"):
                return "self"
            if self.tokens[index] in self._class("other_words"):
                return "other"
        return "self"

    def _is_idiom(self, span: Span) -> bool:
        return any(start < span[1] and span[0] < end for start, end in self._frame("idiom"))

    def _is_denied(self, span: Span) -> bool:
        return self._has_no_before(span[0]) or self._has_no_after(span)

    def _has_no_before(self, start: int) -> bool:
        """Say whether a "no" before the match reaches it: only light words and words of saying stand between."""
        subjects, bridges, light = self._class("subject"), self._class("bridge"), self._class("light")
        for index in range(start - 1, max(-1, start - 1 - NEGATION_REACH), -1):
            word = self.tokens[index]
            if self._parts.clause[index] != self._parts.clause[start]:
                return False
            if word in self._class("negator"):
                # In "no he hits me" the "no" answers something else.
                answers = word == "no" and self.tokens[index + 1] in subjects | self._class("clause_opener")
                return index not in self._spared and not answers
            if word in subjects and index and self.tokens[index - 1] in bridges:
                continue  # "i am not saying that i want to die"
            if word not in light and word not in bridges:
                return False
        return False

    def _has_no_after(self, span: Span) -> bool:
        """Say whether a "no" answers the match: at once, or further on in the sentence with a word of saying."""
        if self.tokens[span[1] : span[1] + 1] and self.tokens[span[1]] in ("no", "never", "none"):
            rest = self.tokens[span[1] + 1 : span[1] + 2]
            if not rest or rest == [STOP] or self.words[span[1] + 1].comma:
                return True
        for start, end in self._frame("denial"):
            if self._parts.sentence[start] != self._parts.sentence[span[0]] or start < span[1]:
                continue
            if self.tokens[start] == "not" and "not" in self.tokens[slice(*span)]:
                continue  # "i do not want to live, not anymore" says it twice
            said = not self._class("saying").isdisjoint(self.tokens[start:end])
            if said or start <= span[1] + 1:
                return True
        return False

    def _is_past(self, span: Span) -> bool:
        start, end = span
        clause, sentence = self._parts.clause, self._parts.sentence
        verbs = self.tokens[max(0, start - VERB_REACH) : end]
        first = max(0, start - VERB_REACH)
        if any(w in self._class("now_verb") and clause[first + i] == clause[start] for i, w in enumerate(verbs)):
            return False
        if any(sentence[s] == sentence[start] for s, _ in self._frame("again")):
            return False
        for s, e in self._frame("past"):
            if "now" in self.tokens[e:start] and sentence[s] == sentence[start]:
                continue
            if clause[s] == clause[start] or clause[e - 1] == clause[start]:
                return True
            apart = abs(clause[s] - clause[start])
            if apart == 1 and sentence[s] == sentence[start] and self._is_time_only(s):
                return True
        return any(self._points_back(s, span) for s, _ in self._frame("time_only"))

    def _is_time_only(self, index: int) -> bool:
        """Say whether the clause around a time holds little else, so that it speaks of its neighbour."""
        return self._parts.clause.count(self._parts.clause[index]) <= TIME_ONLY_WORDS

    def _points_back(self, index: int, span: Span) -> bool:
        """ "That was ten years ago" speaks of the clause or sentence before it."""
        return 0 < self._parts.clause[index] - self._parts.clause[span[0]] <= 1

    def _is_policy(self, span: Span) -> bool:
        if self._frame("policy_off"):
            return False
        sentence, definite = self._parts.sentence, self._class("definite")
        for start, _end in self._frame("policy"):
            if start > span[0] or sentence[start] != sentence[span[0]]:
                continue
            last = span[1]
            while last < len(self.tokens) and sentence[last] == sentence[start]:
                last += 1
            if definite.isdisjoint(self.tokens[start + 2 : last]):
                return True
        return False

    def _frame(self, name: str) -> list[Span]:
        return self._frames.get(name, [])

    @cached_property
    def _frames(self) -> dict[str, list[Span]]:
        """Find what may take a match back; asked only once something matched."""
        return self._whole(self._rules.frames.find(self._doc, self.tokens))

    def _class(self, name: str) -> frozenset[str]:
        return self._classes[name]

    @property
    def _classes(self) -> Mapping[str, frozenset[str]]:
        return self._rules.classes

    def _whole(self, found: dict[str, list[Span]]) -> dict[str, list[Span]]:
        """Drop matches whose gaps reach over the end of a sentence."""
        return {
            name: [span for span in spans if STOP not in self.tokens[slice(*span)]] for name, spans in found.items()
        }

    @cached_property
    def _spared(self) -> frozenset[int]:
        """Return the places where a "no" is not a denial."""
        return frozenset(index for first, end in self._frame("not_a_negation") for index in range(first, end))

    @cached_property
    def _parts(self) -> _Parts:
        clause, sentence = 0, 0
        clauses: list[int] = []
        sentences: list[int] = []
        joins, openers = self._class("joining"), self._class("subject") | self._class("clause_opener")
        for index, word in enumerate(self.words):
            following = self.tokens[index + 1] if index + 1 < len(self.tokens) else STOP
            if word.comma or word.text in self._class("but") or (word.text in joins and following in openers):
                clause += 1
            clauses.append(clause)
            sentences.append(sentence)
            if word.text == STOP:
                clause, sentence = clause + 1, sentence + 1
        return _Parts(tuple(clauses), tuple(sentences))


def _near(one: Span, other: Span) -> bool:
    return one[0] - NEAR_WORDS <= other[1] and other[0] <= one[1] + NEAR_WORDS
