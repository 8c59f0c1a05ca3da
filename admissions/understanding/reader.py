"""Reading a whole message: what it asks, one thing or several, in the light of what was talked about before.

The intent model reads one text. Here a message is also read part by part, so that two questions get two answers and a
question is found at the end of a long story, and short messages lean on the talk before them (core/follow_ups.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from admissions.core.follow_ups import Asked, FollowUps, Talk
from admissions.names import REQUESTS
from admissions.understanding.entities import LEVEL, Entity, EntityNames
from admissions.understanding.intent_model import Guess, IntentModel, Reading, topic_of
from admissions.understanding.segments import Segment, segments, without_lead
from admissions.understanding.wording import clean

#: A part of a message counts as a question of its own from this probability on: surer than a whole message must be,
#: because a part has lost what stands around it. Chosen by cross-validation, flat from 0.55 to 0.7.
SURE_OF_A_PART = 0.6

#: Where one part stands for a whole that is unclear, it must be surer.
SURE_OF_A_LONE_PART = 0.75

#: So sure a part must be to count beside a narrower question of the same topic.
PLAINLY = 0.95

#: At most this many questions of one message are answered: more is a wall of text.
MOST_QUESTIONS = 3

#: How the label of a topic's overview ends.
OVERVIEW = "__overview"

#: Answers, moves and courtesies: said beside a question, they are not one.
NOT_QUESTIONS = frozenset(
    (
        *("greet", "goodbye", "thanks", "affirm", "deny", "not_sure", "bot_challenge"),
        *("skip", "stop", "go_back", "repeat", "start_over", "why_ask"),
    )
)


#: What is done and not talked about: a later "and php?" does not ask for it again.
NOT_TALKED_ABOUT = REQUESTS | {"delete_my_data"}


@dataclass(frozen=True)
class Understanding:
    """What a message asks."""

    questions: tuple[str, ...]  #: labels in the order asked; the first one when only the likeliest is known
    label: str  #: of several questions the one that the message as a whole reads as, else the only one
    confidence: float  #: how sure its topic is, 0 to 1
    accepted: bool  #: False: not sure enough to answer
    suggestions: tuple[str, ...]  #: what to offer when it is not accepted
    ranking: tuple[Guess, ...]
    entities: tuple[Entity, ...]
    talk: Talk  #: what the conversation is about after this message


class MessageReader:
    """Reads messages with a trained model."""

    def __init__(self, model: IntentModel, names: EntityNames, follow_ups: FollowUps) -> None:
        self._model = model
        self._names = names
        self._follow_ups = follow_ups

    def read(self, text: str, talk: Talk) -> Understanding:
        """Return what a message asks, after the talk before it."""
        cleaned = self._model.spelling.correct(clean(text))
        whole = self._model.read(cleaned)
        parts = self._parts(cleaned, whole) or [_Part(cleaned, whole)]
        asked: list[_Question] = []
        for part in parts:
            one = self._in_the_light_of(part, talk)
            talk = self._talk_after(one, talk)
            if one.label not in (other.label for other in asked):
                asked.append(one)
        same = [one for one in asked if topic_of(one.label) == topic_of(whole.label)]
        main = next((one for one in same if one.label == whole.label), [*same, *asked][0])
        return Understanding(
            questions=tuple(one.label for one in asked[:MOST_QUESTIONS]),
            label=main.label,
            confidence=main.confidence,
            accepted=main.accepted,
            suggestions=main.suggestions,
            ranking=whole.ranking,
            entities=tuple(self._names.find(cleaned)),
            talk=talk,
        )

    def _parts(self, cleaned: str, whole: Reading) -> list[_Part]:
        """Return the parts that ask, where they say more than the whole does: several of them, or a buried one."""
        cut = segments(cleaned)
        if len(cut) < 2:
            return []
        found: list[_Part] = []
        for index, segment in enumerate(cut):
            reading = self._read_part(cut, index) if segment.asks or segment.announces else None
            if reading is not None and reading.label not in (part.reading.label for part in found):
                found.append(_Part(segment.text, reading, segment.asks))
        several = _without_overviews([part for part in found if part.asks])
        topics = {topic_of(part.reading.label) for part in several}
        # The whole of a message that asks two things reads as one of them: where it reads otherwise, the parts deceive.
        if len(several) > 1 and (topic_of(whole.label) in topics or not whole.accepted):
            return several
        lone = [part for part in found if part.reading.confidence >= SURE_OF_A_LONE_PART]
        if lone and (not whole.accepted or whole.label in NOT_QUESTIONS):
            return lone[-1:]
        return []

    def _read_part(self, cut: Sequence[Segment], index: int) -> Reading | None:
        """Read one part; where it is unclear alone, together with what was said before it."""
        text = without_lead(cut[index].text)
        reading = self._model.read(text)
        if index and (reading.confidence < SURE_OF_A_PART or reading.label in NOT_QUESTIONS):
            joined = self._model.read(f"{cut[index - 1].text}, {text}")
            reading = max(reading, joined, key=lambda one: one.confidence)
        sure = reading.confidence >= SURE_OF_A_PART and reading.label not in NOT_QUESTIONS
        return reading if sure else None

    def _in_the_light_of(self, part: _Part, talk: Talk) -> _Question:
        """Let a short part lean on what was talked about."""
        named = [entity for entity in self._names.find(part.text) if entity.kind == LEVEL]
        rest = part.text
        for entity in reversed(named):
            rest = rest[: entity.start] + rest[entity.end :]
        reading = part.reading
        levels = tuple(dict.fromkeys(entity.value for entity in named))
        lean = self._follow_ups.lean(Asked(part.text, reading.label, levels, rest), talk)
        if lean is None:
            accepted = reading.accepted or self._is_sure_enough_in(talk, part.text, reading)
            return _Question(reading.label, levels, reading.confidence, accepted, reading.suggestions)
        if lean.label is None:
            return _Question(reading.label, levels, reading.confidence, False, lean.unclear)
        # A label's own doubt stays, but for messages that say nothing except what they lean on.
        sure = lean.certain or reading.confidence >= self._model.head.gate.suggest
        return _Question(lean.label, levels, reading.confidence, sure, reading.suggestions)

    def _is_sure_enough_in(self, talk: Talk, text: str, reading: Reading) -> bool:
        """Say whether a short question may be answered because the talk is about care already: "at my job too?"."""
        short = len(text.split()) <= self._follow_ups.most_words
        is_about_care = bool(talk.asked and talk.asked.startswith("faq/") and reading.label.startswith("faq/"))
        return short and is_about_care and reading.confidence >= self._model.head.gate.suggest

    def _talk_after(self, asked: _Question, talk: Talk) -> Talk:
        if not asked.accepted or asked.label in NOT_QUESTIONS | NOT_TALKED_ABOUT:
            return talk
        known = self._follow_ups.levels_of(asked.label)
        # "Tell me about inpatient" is answered by a comparison and speaks of inpatient care alone.
        named = [level for level in asked.levels if level in known]
        return talk.about(asked.label, named or known or asked.levels)


@dataclass(frozen=True)
class _Part:
    text: str
    reading: Reading
    asks: bool = True


def _without_overviews(parts: list[_Part]) -> list[_Part]:
    """Leave out a topic's overview beside a narrower question of the topic, unless it plainly is asked as well."""
    narrow = {topic_of(part.reading.label) for part in parts if not part.reading.label.endswith(OVERVIEW)}
    return [
        part
        for part in parts
        if not part.reading.label.endswith(OVERVIEW)
        or topic_of(part.reading.label) not in narrow
        or part.reading.confidence >= PLAINLY
    ]


@dataclass(frozen=True)
class _Question:
    label: str
    levels: tuple[str, ...]  #: levels of care it names
    confidence: float
    accepted: bool
    suggestions: tuple[str, ...]
