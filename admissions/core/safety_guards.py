"""What takes an alarm back: idiom, denial, a clear past, a question about rules. In doubt nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from admissions.core.folding import STOP, Word, fold
from admissions.core.safety_rules import Person, Rule, Rules

Span = tuple[int, int]

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
        self.present = frozenset(self.tokens)
        self._doc: Doc | None = None
        self._found: dict[str, list[Span]] = {}

    def matches(self, rule: Rule) -> list[Span]:
        """Return where a rule matches, guards not yet asked."""
        spans = self._whole(rule.phrases.find(self.doc, self.present))
        if not spans or rule.beside is None:
            return spans
        beside = rule.beside.find(self.doc, self.present)
        return [span for span in spans if any(_near(span, other) for other in beside)]

    @property
    def doc(self) -> Doc:
        """Return the words as spaCy sees them."""
        if self._doc is None:
            self._doc = Doc(self._rules.vocab, words=self.tokens)
        return self._doc

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
        start, end = span
        negators, subjects, bridges = self._class("negator"), self._class("subject"), self._class("bridge")
        spared = {i for s, e in self._frame("not_a_negation") for i in range(s, e)}
        crossed = False
        for index in range(start - 1, max(-1, start - 1 - NEGATION_REACH), -1):
            word = self.tokens[index]
            if word == STOP or self._parts.clause[index] != self._parts.clause[start]:
                break
            if word in negators and index not in spared:
                return not crossed or index + 1 < start and self.tokens[index + 1] in bridges
            if word in subjects and index and self.tokens[index - 1] not in bridges:
                # "no i want to die": a "no" before the subject answers something else
                crossed = True
                if self.tokens[index - 1] not in negators or index - 1 in spared or self.tokens[index] != "one":
                    break
        return any(
            end <= s <= end + 2 and self._parts.sentence[s] == self._parts.sentence[start] or self._says_no_after(span, s)
            for s, _ in self._frame("denial")
        )

    def _says_no_after(self, span: Span, denial: int) -> bool:
        """A report of an answer ("they asked if i was suicidal and i said no") may stand further on in the sentence."""
        said = self.tokens[denial] in self._class("saying") or self.tokens[denial] in self._class("subject")
        return said and denial >= span[1] and self._parts.sentence[denial] == self._parts.sentence[span[0]]

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
        """"That was ten years ago" speaks of the clause or sentence before it."""
        return 0 < self._parts.clause[index] - self._parts.clause[span[0]] <= 1

    def _is_policy(self, span: Span) -> bool:
        if self._frame("policy_off"):
            return False
        sentence, definite = self._parts.sentence, self._class("definite")
        for start, end in self._frame("policy"):
            if start > span[0] or sentence[start] != sentence[span[0]]:
                continue
            last = span[1]
            while last < len(self.tokens) and sentence[last] == sentence[start]:
                last += 1
            if definite.isdisjoint(self.tokens[end:last]):
                return True
        return False

    def _frame(self, name: str) -> list[Span]:
        if name not in self._found:
            self._found[name] = self._whole(self._rules.frames[name].find(self.doc, self.present))
        return self._found[name]

    def _class(self, name: str) -> frozenset[str]:
        return self._classes[name]

    @property
    def _classes(self) -> Mapping[str, frozenset[str]]:
        return self._rules.classes

    def _whole(self, spans: list[Span]) -> list[Span]:
        """Drop matches whose gaps reach over the end of a sentence."""
        return [(start, end) for start, end in spans if STOP not in self.tokens[start:end]]

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
