"""Cutting a message into what it asks: people put two questions into one line, or one question into a long story.

Only words are looked at, through spaCy's tokenizer: a cut is made at the end of a sentence, and before a word that
opens a question where nothing in front of it leads into that question ("and how long", but not "i know how long").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from spacy.lang.en import English
from spacy.tokens import Token

#: What stands between two parts must leave at least this many words before it: less says too little on its own.
LEAST_WORDS = 2

#: At most this many parts of a message are read, the last ones: the question tends to come at the end.
MOST_SEGMENTS = 6

#: From this many words on a part is a question of its own, so that a bare verb may open the next ("is it far, can i").
_WHOLE_QUESTION_WORDS = 4

_ENDS = frozenset([*".!?;\n", "...", "…", "??", "?!", "!!", "???", "--", "—", "–"])
_ASKS = frozenset(["?", "??", "???", "?!"])


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: Words that ask wherever they stand at the head of a clause.
_WH = _words(
    """what whats what's how hows how's when whens where wheres where's who whos who's why which whose wat wut
    whereabouts whether"""
)
#: Verbs that ask when they stand before their subject.
_AUXILIARY = _words(
    """is isnt isn't are arent aren't am do does dose did dont don't doesnt doesn't can cant can't could will would wont
    won't should may has have was were"""
)
_SUBJECT = _words(
    """i you u ya it its he she they we there this that these those the a an my his her your ur our their someone
    somebody anyone people everyone insurance iop php inpatient outpatient residential rehab treatment patients clients
    visitors family medicaid medicare mat detox groups sessions one any"""
)
#: Verbs that, in the middle of a clause, stand before their subject in questions only.
_TURNS = _words("do does did can could will would should may")
#: Small words that may stand before a question word: "until what time", "for how long".
_BEFORE_WH = _words("until till by for at in from to about on with of")
#: Question words that may also go on with a clause: "my son who is 19", "the day when he left".
_RELATIVE = _words("which when who whose where")
_PRONOUNS = _words("you u i it there we they he she")
#: Verbs that ask somebody to do something when they open a clause: "have somebody call me", "tell me when".
_ORDERS = _words(
    "have get let lets let's put give send tell call ring ask show explain connect delete erase wipe text transfer"
)
#: Words that lead from one clause into the next.
_JOIN = _words("and also plus but so then & n nd oh ok okay well anyway anyways btw please pls plz actually just")
#: A question word after one of these belongs to the clause before it: "i know how", "the day when", "tell me what".
_LEADS_IN = _words(
    """know knows knew known idea wonder wonders wondering wondered tell tells told telling me us him her them explain
    explains explained ask asks asked asking sure understand understands understood see sees figure figured figuring out
    about on of for to in at from with by like that than matter matters depends say says said saying clue curious find
    remember learn learned hear heard understanding confused unclear is was are exactly just even care decide show need
    want not into over everything whatever regardless that's thats this decides determines"""
)
#: A part of nothing but these is a courtesy.
_EMPTY = _words(
    """and also plus but or so then ok okay well oh hi hello hey thanks thank you please pls plz sorry right correct yes
    no yeah yep um uh hmm lol btw anyway just question questions quick two true"""
)

#: Phrases that announce a question without asking it outright.
_ANNOUNCES = re.compile(
    r"\b(?:wonder(?:ing|ed)?|want(?:ed)? to know|need to know|like to know|tell me|explain"
    r"|not sure (?:if|whether|how|what)"
    r"|no idea|curious|asking (?:if|whether|about|how)|question is|is it true|any chance|what about|how about"
    r"|trying to (?:find|figure|understand)|don'?t (?:know|understand|get)|clarify|confused)\b"
)

#: How people lead over to a question they then ask outright.
_LEADS_OVER = re.compile(
    r"^(?:and |also |plus |so |but |then |ok |please )*"
    r"(?:i (?:also )?(?:just )?(?:want|need|would like|wanted) to (?:know|ask)"
    r"|(?:can|could) (?:you|u) (?:please )?tell me|(?:please )?tell me|i (?:was|am) wondering|just wondering"
    r"|do you know)[ ,:]+"
)

_tokenizer = English().tokenizer


@dataclass(frozen=True)
class Segment:
    """One part of a message, in its order."""

    text: str
    asks: bool  #: whether it has the form of a question
    announces: bool  #: whether it says that something is wondered or not understood, without asking it outright


def segments(cleaned: str) -> list[Segment]:
    """Return the parts of a cleaned message that can be read on their own; one part when there is nothing to cut."""
    tokens = [token for token in _tokenizer(cleaned) if not token.is_space or "\n" in token.text]
    found: list[Segment] = []
    start = 0
    for index in range(len(tokens) + 1):
        at_end = index == len(tokens)
        ends = at_end or tokens[index].text in _ENDS or "\n" in tokens[index].text
        if not ends and not (index > start and _opens(tokens, start, index)):
            continue
        text = _text(cleaned, tokens[start:index])
        if not _EMPTY.issuperset(words_of(text)):
            asked = not at_end and tokens[index].text in _ASKS
            found.append(Segment(text, asked or asks(text), bool(_ANNOUNCES.search(text))))
        start = index + 1 if ends else index
    return found[-MOST_SEGMENTS:]


def asks(text: str) -> bool:
    """Say whether a clause has the form of a question, or asks somebody to do something, with or without its mark."""
    words = words_of(without_lead(text))
    return (
        bool(words)
        and (
            words[0] in _WH
            or words[0] in _ORDERS
            or words[0] in _AUXILIARY
            # "so in iop do i get to sleep at home"
            or any(verb in _TURNS and subject in _PRONOUNS for verb, subject in pairwise(words[1:]))
        )
    )


def without_lead(text: str) -> str:
    """Return a part without the words that only lead over to its question ("and also i want to know …")."""
    rest = _LEADS_OVER.sub("", text)
    while (head := rest.partition(" ")) and head[0] in _JOIN and head[2]:
        rest = head[2]
    return rest


def words_of(cleaned: str) -> list[str]:
    """Return the words of a cleaned text, without punctuation."""
    return [token.text for token in _tokenizer(cleaned) if not token.is_punct and not token.is_space]


def _is_inverted(words: Sequence[str]) -> bool:
    """Say whether a verb stands before its subject: "is there", "do you"."""
    return words[0] in _AUXILIARY and (len(words) == 1 or words[1] in _SUBJECT)


def _text(cleaned: str, tokens: Sequence[Token]) -> str:
    if not tokens:
        return ""
    return cleaned[tokens[0].idx : tokens[-1].idx + len(tokens[-1].text)].strip(" ,:-\"'()")


def _opens(tokens: Sequence[Token], start: int, index: int) -> bool:
    """Say whether a question begins at this token: it, or the joining word at it, opens one."""
    token, before = tokens[index].text, tokens[index - 1].text
    if before in _JOIN:
        return False  # the cut was made, or refused, at the joining word
    words_before = sum(not one.is_punct for one in tokens[start:index])
    if words_before < LEAST_WORDS:
        return False
    if token in _JOIN or token == ",":
        rest = [one.text for one in tokens[index + 1 : index + 5]]
        return _opens_after_join(token, before, rest, asks(" ".join(one.text for one in tokens[start:index])))
    # Without a joining word the part before must be longer, and must not lead into the question.
    # A verb after a question word belongs to it: "and if so, what is it".
    if before in (",", "or") or before in _LEADS_IN or before in _WH or words_before == LEAST_WORDS:
        return False
    if token in _WH:
        return token not in _RELATIVE
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    return token in _AUXILIARY and after in _PRONOUNS and _is_whole_question(tokens[start:index])


def _opens_after_join(token: str, before: str, rest: list[str], after_question: bool) -> bool:
    if token == "," and rest and rest[0] in ("also", "plus"):
        return True
    while rest and rest[0] in _JOIN:
        rest = rest[1:]
    if len(rest) > 1 and rest[0] in _BEFORE_WH and rest[1] in _WH:
        return token != ","
    if not rest:
        return False
    if rest[0] in _WH:  # what stands before "and what" is complete, what stands before ", what" may lead into it
        return token != "," or before not in _LEADS_IN
    if rest[0] in _ORDERS and token != ",":
        return True
    # After a question a verb opens another whatever its subject: "and is walter settling in".
    return len(rest) > 1 and (_is_inverted(rest) or (after_question and rest[0] in _AUXILIARY))


def _is_whole_question(tokens: Sequence[Token]) -> bool:
    """Say whether the part so far is a question of its own: only then does a bare verb open another."""
    words = [token.text for token in tokens if not token.is_punct]
    while words and words[0] in _JOIN:
        words = words[1:]
    if not words:
        return False
    has_verb = not _AUXILIARY.isdisjoint(words[1:])
    return (words[0] in _WH and has_verb) or (words[0] in _AUXILIARY and len(words) >= _WHOLE_QUESTION_WORDS)
