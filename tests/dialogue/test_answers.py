"""From what Rasa said to messages for the widget."""

from __future__ import annotations

import json

import pytest

from admissions.core.message import Button, Kind, Sender
from admissions.dialogue.answers import as_answer, bot_message
from tests.fakes import NOW

CHOICE = {"text": "Which one?", "buttons": [{"title": "Stop", "payload": "/stop"}]}


def test_a_message_has_an_id_of_its_own_a_sender_and_a_time() -> None:
    first, second = as_answer([{"text": "One."}, {"text": "Two."}], NOW)
    assert (first.sender, first.at, first.kind) == (Sender.BOT, NOW, Kind.TEXT)
    assert first.id != second.id


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"text": "a"}, Kind.TEXT),
        (CHOICE, Kind.CHOICE),  # buttons make a choice
        ({"text": "a", "kind": "receipt"}, Kind.RECEIPT),  # an action says so
        ({"text": "a", "metadata": {"kind": "table"}}, Kind.TABLE),  # a response says so in its metadata
        ({**CHOICE, "kind": "emergency"}, Kind.EMERGENCY),
        ({"text": "a", "kind": "receipt", "metadata": {"kind": "table"}}, Kind.RECEIPT),  # the action has the last word
    ],
)
def test_the_kind_is_what_was_said_else_it_follows_from_the_buttons(said: dict[str, object], kind: Kind) -> None:
    assert bot_message(said, NOW).kind is kind


def test_an_answer_of_the_article_names_its_section() -> None:
    message = bot_message({"text": "a", "metadata": {"section": "§3", "facts": ["x"]}}, NOW)
    assert message.source == "article §3"
    assert message.to_json()["source"] == "article §3"
    assert "source" not in bot_message({"text": "a"}, NOW).to_json()


def test_a_button_without_a_payload_says_its_title() -> None:
    message = bot_message({"text": "a", "buttons": [{"title": "Any time"}]}, NOW)
    assert message.buttons == (Button("Any time", "Any time"),)


def test_one_set_of_choices_at_a_time_the_last_ones() -> None:
    # given
    table = {"text": "a table", "kind": "table", "buttons": [{"title": "More", "payload": "/thanks"}]}

    # when
    answer = as_answer([CHOICE, table, {"text": "words"}, CHOICE, {"text": "goodbye"}], NOW)

    # then the earlier ones are words only, and keep what else they are
    assert [bool(message.buttons) for message in answer] == [False, False, False, True, False]
    assert [message.kind for message in answer] == [Kind.TEXT, Kind.TABLE, Kind.TEXT, Kind.CHOICE, Kind.TEXT]


@pytest.mark.parametrize("empty", [{}, {"text": None}, {"text": ""}, {"text": " \n"}, {"custom": {"x": 1}}], ids=str)
def test_a_message_without_words_is_dropped(empty: dict[str, object]) -> None:
    assert as_answer([empty], NOW) == []


def test_choices_of_a_dropped_message_do_not_take_the_place_of_others() -> None:
    (message,) = as_answer([CHOICE, {**CHOICE, "text": " "}], NOW)
    assert message.buttons


def test_the_handoff_a_receipt_tells_of_never_goes_to_the_visitor() -> None:
    # given
    receipt = bot_message({"text": "It is saved.", "kind": "receipt", "handoff_id": "hnd_0001"}, NOW)

    # when / then
    assert receipt.handoff_id == "hnd_0001"
    assert "hnd_0001" not in json.dumps(receipt.to_json())
    assert set(receipt.to_json()) == {"id", "from", "at", "kind", "text", "buttons"}
