"""What a script expects of an answer, held against the messages that came; every failure is an AssertionError."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from admissions import content
from admissions.core.intake import CHANGE, PREVIEW
from admissions.core.message import Kind
from tests.e2e.assistant import Desk

Messages = Sequence[Mapping[str, Any]]

#: How long a webhook may take to arrive: the first attempt follows within a second of a healthy worker. Seconds.
WEBHOOK_S = 8

_SCRIPT = content.script()

#: By step the words that ask it, whoever it is about.
_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    **{step.name: tuple(step.ask.values()) for step in _SCRIPT.steps},
    PREVIEW: (_SCRIPT.lines["consent"],),
    CHANGE: (_SCRIPT.lines["change_which"],),
}


def open_question(messages: Messages) -> str | None:
    """Return the one question that an answer asks, None where it asks none of the screening's."""
    asked = _asked(messages)
    assert len(asked) <= 1, f"asks {asked}"
    return asked[0] if asked else None


def check_always(messages: Messages) -> None:
    """Hold what is true of every answer: it says something, is no fault, and asks one question at most, once."""
    assert _text(messages).strip(), "there is no answer"
    assert "went wrong on my side" not in _text(messages), "the answer is an apology for a fault"
    open_question(messages)


def check(expected: Mapping[str, Any], messages: Messages) -> None:
    """Hold one answer against what its scene expects."""
    text = _text(messages)
    for fragment in _list(expected, "says"):
        assert fragment.lower() in text, f"does not say {fragment!r}"
    for fragment in _list(expected, "says_not"):
        assert fragment.lower() not in text, f"says {fragment!r}"
    if one_of := _list(expected, "says_one_of"):
        assert any(fragment.lower() in text for fragment in one_of), f"says none of {one_of}"
    asks = expected.get("returns_to", expected.get("asks"))
    if asks:
        found = open_question(messages) or "nothing"
        assert found == asks, f"asks {found}, not {asks}"
    if "returns_to" in expected:
        assert _SCRIPT.lines["return"].lower() in text, "the question does not come back as a return"
    if "card" in expected:
        assert card_of(messages) == expected["card"], f"the card is {card_of(messages)}, not {expected['card']}"
    titles = [button["title"] for message in messages for button in message["buttons"]]
    for title in _list(expected, "buttons"):
        assert title in titles, f"does not offer {title!r}, only {titles}"


def card_of(messages: Messages) -> str:
    """Return the lane of the emergency card an answer begins with, "none" without one."""
    if not messages or messages[0]["kind"] != Kind.EMERGENCY.value:
        return "none"
    lanes: Mapping[str, Mapping[str, str]] = content.read_yaml(content.ROOT / "safety" / "cards.yml")["lanes"]
    return next((lane for lane, words in lanes.items() if messages[0]["text"] in words.values()), "another")


def check_sent(expected: Mapping[str, Any], desk: Desk, conversation: str) -> None:
    """Hold what admissions received of a conversation, the newest where it received several, against a scene."""
    until = time.monotonic() + WEBHOOK_S
    received: list[Mapping[str, Any]] = []
    while not received and time.monotonic() < until:
        received = [one["data"] for one in desk.received if one["data"]["conversation_id"] == conversation]
        time.sleep(0 if received else 0.1)
    assert received, "admissions received nothing"
    assert len(received) == 1, f"admissions received {len(received)} of it"
    data = dict(received[0])
    topics = {str(item["because"]) for item in data.get("indications", ())}
    missing = set(_list(expected, "topics")) - topics
    assert not missing, f"no topic rests on {sorted(missing)}, only on {sorted(topics)}"
    if "screening" in data:
        data["screening"] = {item["question"]: item["answer"] for item in data["screening"]}
    _compare({name: value for name, value in expected.items() if name != "topics"}, data, "")


def _compare(expected: Mapping[str, Any], found: Mapping[str, Any], where: str) -> None:
    for name, value in expected.items():
        if isinstance(value, Mapping):
            assert isinstance(found.get(name), Mapping), f"{where}{name} was not sent"
            _compare(value, found[name], f"{where}{name}.")
        elif value is None:
            assert name not in found, f"{where}{name} was sent: {found.get(name)!r}"
        else:
            assert found.get(name) == value, f"{where}{name} was sent as {found.get(name)!r}, not {value!r}"


def _asked(messages: Messages) -> list[str]:
    """Return the step of every question asked, one that is asked twice two times."""
    asked: list[str] = []
    for message in messages:
        for step, wordings in _QUESTIONS.items():
            asked += [step] * max(message["text"].count(wording) for wording in wordings)
    return asked


def _text(messages: Messages) -> str:
    return "\n".join(message["text"] for message in messages).lower()


def _list(expected: Mapping[str, Any], name: str) -> list[str]:
    value = expected.get(name, [])
    return [value] if isinstance(value, str) else list(value)
