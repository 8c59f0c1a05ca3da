"""What may come between a question and its answer, made from the content: a new facet or step is in it by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from admissions import content
from admissions.core.answers import is_question, read_in_passing
from admissions.core.intake import CHANGE, PREVIEW, Intake
from admissions.core.steps import Plan
from tests.conversations.script import Scene, Script, openings

#: Answers that name the article's facets and the gaps in it, and known unknowns: their rule is one utterance.
_ANSWERED_BY_ONE_UTTERANCE = ("faq/", "out_of_scope/", "ask_")

#: Spoken by an action instead, out of centre.yml.
_FROM_THE_CENTRE = {"ask_hours": ("Admissions is",), "ask_contact": ("719-555-0142",)}

#: Labels whose messages ask nothing: while a question is open they are answers that could not be read.
NO_QUESTION = frozenset({"out_of_scope/noise", "out_of_scope/insult", "out_of_scope/tampering"})

#: Small talk and the like, in words of which nobody could think that they answer a question.
SMALL_TALK = {
    "greet": "hello there",
    "thanks": "thanks a lot for your patience",
    "bot_challenge": "am i talking to a robot?",
    "delete_my_data": "how can i delete my data?",
}

#: Two messages that nothing is understood of, too long for a name, and one that is not even that.
NOISE = ("glorp fandango blix wex jorum plim", "plim wex wex jorum blix gorp", "...")

#: Over HTTP so many questions are asked at every step of a walk: in two walks each is asked once.
QUESTIONS_A_STEP = 3

#: Asks for a person at any step.
PERSON = "can i talk to a real person"

#: An emergency at any step.
CRISIS = "i want to kill myself"

#: The answers on the way through a screening about oneself.
ANSWERS: Mapping[str, str] = openings()["screening"]["self"]


def steps() -> list[str]:
    """Return every step of a screening about oneself, the preview behind them."""
    return [*(step.name for step in content.script().steps), PREVIEW]


def intake_at(step: str) -> Intake:
    """Return an intake with this step open and all before it answered; CHANGE and PREVIEW are open at the end."""
    names = [one.name for one in content.script().steps]
    before = names if step in (PREVIEW, CHANGE) else names[: names.index(step)]
    return Intake(Plan.SCREENING, step, {name: KEPT[name] for name in before}, (*before, step))


#: What the answers above are kept as.
KEPT: Mapping[str, str | tuple[str, ...]] = {
    **{"danger_now": "no", "about": "self", "adult": "yes", "interest": "iop", "medical_need": "no"},
    **{"home_support": "yes", "withdrawal": "no", "mental_health": "no", "reasons": ("short_relapse",)},
    **{"substances": ("alcohol",), "name": "Sam", "reach": "+17195550134", "when": "any time", "permissions": "text"},
}


@cache
def questions() -> Mapping[str, str]:
    """Return a question for every facet, gap and known unknown: questions.yml's, else its plainest example."""
    found: dict[str, list[str]] = {}
    for example in content.nlu_files().examples:
        if example.label.startswith(_ANSWERED_BY_ONE_UTTERANCE) and example.label not in NO_QUESTION:
            found.setdefault(example.label, []).append(example.text)
    plain = content.read_yaml(Path(__file__).parent / "questions.yml")
    return {label: plain.get(label) or min(texts, key=_against_a_plain_question) for label, texts in found.items()}


def _against_a_plain_question(text: str) -> tuple[object, ...]:
    """Return what speaks against a message as a mere question: a story, an age, somebody whom it is about."""
    tells = any(read_in_passing(step, text) for step in content.script().steps if step.anywhere)
    one_sentence = len(re.findall(r"[.?!,;:]", text)) == 1
    about_somebody = bool(re.search(r"\b(i|im|my|me|he|she|they|his|her|our|we)\b", text, re.IGNORECASE))
    asks = text.endswith("?") and is_question(text.rstrip("?"))
    return (tells, not asks, not one_sentence, any(map(str.isdigit, text)), about_somebody, len(text.split()) < 4)


def answer_texts(label: str) -> tuple[str, ...]:
    """Return what may be said to a label."""
    if label in _FROM_THE_CENTRE:
        return _FROM_THE_CENTRE[label]
    answers = content.nlu_files().answers
    if label in answers:
        return tuple(str(one["text"]) for one in answers[label].variations)
    responses = content.read_yaml(content.ROOT / "domain.yml")["responses"]
    return tuple(str(one["text"]) for one in responses[f"utter_{label}"])


def walks() -> list[Script]:
    """Return scripts that go through the whole screening and are interrupted several times at every step of it."""
    asked = list({**questions(), **SMALL_TALK}.items())
    places = [step for step in steps() for _ in range(QUESTIONS_A_STEP)]
    rounds = [islice(cycle(asked), start, start + len(places)) for start in range(0, len(asked), len(places))]
    return [
        *(_walk(f"questions, round {number}", _asked_at(places, one)) for number, one in enumerate(rounds, 1)),
        _walk("silence and what nobody understands", {step: _not_understood(step) for step in steps()}),
        _walk("an emergency", {step: _emergency(step) for step in steps()}),
    ]


def _asked_at(places: Sequence[str], asked: Iterable[tuple[str, str]]) -> Mapping[str, list[Scene]]:
    scenes: dict[str, list[Scene]] = {}
    for step, (label, words) in zip(places, asked, strict=True):
        expected = {"says_one_of": list(answer_texts(label)), "returns_to": step, "card": "none"}
        scenes.setdefault(step, []).append(Scene((words,), expected))
    return scenes


def _walk(title: str, interruptions: Mapping[str, Sequence[Scene]]) -> Script:
    scenes = [Scene(("[Take a few questions]",), {"asks": steps()[0]})]
    for step in steps():
        scenes += interruptions[step]
        if step != PREVIEW:
            scenes.append(Scene((ANSWERS[step],)))
    return Script("interrupted at every step", title, tuple(scenes))


def _not_understood(step: str) -> list[Scene]:
    return [
        *(Scene((words,), {"asks": step}) for words in NOISE),
        Scene(("(a day passes)",), {"asks": step}),
        Scene(("hello again",), {"returns_to": step}),
    ]


def _emergency(step: str) -> list[Scene]:
    return [Scene((CRISIS,), {"card": "suicide"}), Scene(("go on",), {"asks": step})]
