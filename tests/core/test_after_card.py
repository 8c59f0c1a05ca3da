"""What people write after a card is answered in kind: no argument, no doubt, no card again."""

from __future__ import annotations

import pytest

from admissions import content
from admissions.core.after_card import AfterCard, load_after_card
from admissions.core.message import Kind, Message, Sender
from admissions.errors import ContentError
from admissions.settings import ROOT
from tests.fakes import NOW

CARD = Message("b1", Sender.BOT, NOW, Kind.EMERGENCY, "Call or text 988 now.")
SMALL_TALK = [Message(f"b{n}", Sender.BOT, NOW, Kind.TEXT, f"line {n}") for n in range(20)]


@pytest.fixture(scope="module")
def after_card() -> AfterCard:
    return content.after_card()


def answer(after_card: AfterCard, text: str, before: list[Message], language: str = "en") -> str | None:
    """Return what is said to a message, None when it is an ordinary one."""
    reply = after_card.read(text)
    return after_card.answer(reply, before, language) if reply else None


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("I'm safe now", "988"),
        ("ok she's safe now thank you", "911"),
        ("it was a joke lol", "seriously"),
        ("haha just kidding", "seriously"),
        ("thats not what i meant", "seriously"),
        ("i don't want to call", "text 988"),
        ("no cops please", "988lifeline.org"),
        ("no thanks", "not repeat"),
        ("stop sending me that", "not repeat"),
    ],
)
def test_a_reply_to_a_card_has_its_own_answer(after_card: AfterCard, text: str, has: str) -> None:
    assert has in (answer(after_card, text, [CARD]) or "")


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("ya estoy bien", "Me alegra"),
        ("Era broma", "Sigamos"),
        ("no quiero llamar", "AYUDA"),
        ("eso no ayuda", "Sigo aquí"),
    ],
)
def test_spanish_replies_are_answered_in_spanish(after_card: AfterCard, text: str, has: str) -> None:
    assert has in (answer(after_card, text, [CARD], "es") or "")


@pytest.mark.parametrize(
    "text",
    [
        "what is iop",
        "how do i know that im safe?",  # a question wants its own answer
        "i am safe now but my sister has to find a program that takes her insurance and has evening groups",  # more
    ],
)
def test_any_other_message_is_an_ordinary_one(after_card: AfterCard, text: str) -> None:
    assert answer(after_card, text, [CARD]) is None


def test_without_a_card_lately_the_same_words_are_ordinary(after_card: AfterCard) -> None:
    assert answer(after_card, "no thanks", []) is None
    assert answer(after_card, "no thanks", [CARD, *SMALL_TALK]) is None


def test_the_same_answer_never_comes_twice_running(after_card: AfterCard) -> None:
    first = answer(after_card, "no thanks", [CARD])
    assert first
    second = answer(after_card, "no thanks", [CARD, Message("b2", Sender.BOT, NOW, Kind.CHOICE, first)])
    assert second != first


def test_after_a_card_what_was_not_understood_carries_the_numbers(after_card: AfterCard) -> None:
    reminder = after_card.reminder([CARD, *SMALL_TALK], "en")
    assert reminder
    assert "988" in reminder
    assert "911" in reminder
    assert after_card.reminder(SMALL_TALK, "en") is None


def test_no_answer_to_a_reply_says_what_may_never_be_said(after_card: AfterCard) -> None:
    never = content.never_list()
    lines = [line for reply in after_card.replies for wordings in reply.answers.values() for line in wordings]
    lines += [line for wordings in after_card.still_here.values() for line in wordings]
    assert [finding for line in lines for finding in never.findings(line)] == []


@pytest.mark.parametrize("missing", ["replies", "still_here"])
def test_a_missing_part_is_named(missing: str) -> None:
    raw = content.read_yaml(ROOT / "safety" / "cards.yml")
    del raw[missing]
    with pytest.raises(ContentError, match=missing):
        load_after_card(raw)
