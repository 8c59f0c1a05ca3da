"""The open choices: what typing one means, and when a short message is an answer."""

from __future__ import annotations

import pytest

from admissions.core.message import Button, Kind, Message, Sender
from admissions.dialogue.offers import LONGEST_TITLE, REPEAT, is_short_answer, offers, typed_choice
from tests.fakes import NOW


def offering(*payloads: str, titles: tuple[str, ...] = ()) -> Message:
    buttons = tuple(Button(title, payload) for title, payload in zip(titles or payloads, payloads, strict=True))
    return Message("b1", Sender.BOT, NOW, Kind.CHOICE, "Which?", buttons)


WORDS = Message("b2", Sender.BOT, NOW, Kind.TEXT, "It is a programme.")
MENU = offering("/start_screening", "/talk_to_human", titles=("Take a few questions", "Talk to a person"))
QUESTION = offering("Any time", "/skip", "/stop", titles=("Any time", "Skip", "Stop"))


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("Talk to a person", "/talk_to_human"),
        ("talk to a person!!", "/talk_to_human"),
        ("  TALK  TO A PERSON ", "/talk_to_human"),
        ("i want to talk to a person", None),  # more than the button's words is read as words
        ("talk", None),
        ("/talk_to_human", None),  # a payload cannot be typed
        ("", None),
    ],
)
def test_the_words_of_an_open_choice_are_the_choice(text: str, payload: str | None) -> None:
    assert typed_choice(MENU, text) == payload


def test_where_nothing_is_offered_no_words_are_a_choice() -> None:
    assert typed_choice(None, "Talk to a person") is None


def test_a_long_text_is_not_compared() -> None:
    long = offering("/stop", titles=("x" * (LONGEST_TITLE + 1),))
    assert typed_choice(long, "x" * (LONGEST_TITLE + 1)) is None


@pytest.mark.parametrize(
    ("offer", "text", "short"),
    [
        (QUESTION, "Maria de la Cruz", True),  # a question of the intake
        (offering("/affirm", "/go_back", "/deny"), "si", True),  # its preview
        (offering("/talk_to_human", REPEAT), "Maria", True),  # the way back after a card
        (QUESTION, "x" * (LONGEST_TITLE + 1), False),
        (MENU, "Maria de la Cruz", False),  # no intake is open
        (None, "Maria de la Cruz", False),
    ],
)
def test_a_short_message_answers_an_open_intake(offer: Message | None, text: str, short: bool) -> None:
    assert is_short_answer(offer, text) is short


def test_the_newest_message_with_buttons_is_what_is_offered() -> None:
    assert offers([MENU, QUESTION, WORDS], "/stop")
    assert not offers([QUESTION, MENU, WORDS], "/stop")
    assert not offers([WORDS], "/stop")
    assert not offers([], "/stop")
