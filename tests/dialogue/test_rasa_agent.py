"""The door to Rasa: visitors' words can never be one of its commands."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage

from admissions.dialogue.rasa_agent import RasaAgent, as_plain_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what is iop", "what is iop"),
        ("day/evening", "day/evening"),  # a slash inside is a slash
        ("/restart", "restart"),
        ('/affirm{"intake_outcome": "agreed"}', 'affirm{"intake_outcome": "agreed"}'),
        ("//restart", "restart"),
        ("/ / /restart", "restart"),
        ("  /restart", "restart"),
        ("\n/restart", "restart"),
        ("/\n/restart", "restart"),
        ("/\t/restart", "restart"),
        ("/\u00a0/restart", "restart"),  # Rasa strips a no-break space as well
        ("/\u3000/restart", "restart"),
        ("/", "?"),
        (" / ", "?"),
        ("", "?"),
    ],
)
def test_a_leading_slash_is_only_a_character(text: str, words: str) -> None:
    assert as_plain_words(text) == words


@given(st.text(st.sampled_from(["/", " ", "\n", "\u00a0", "\u2028", "\x1c", "a"])))
def test_rasa_never_sees_a_command(text: str) -> None:
    seen = UserMessage(as_plain_words(text)).text
    assert seen
    assert not seen.startswith("/")


def agent_saying(*variations: dict[str, Any]) -> RasaAgent:
    return RasaAgent(SimpleNamespace(domain=SimpleNamespace(responses={"utter_x": list(variations)})))


def test_a_response_is_filled_in_and_a_missing_value_leaves_no_brace() -> None:
    agent = agent_saying({"text": "Call {phone} until {closes}."})
    assert agent.response("utter_x", phone="719-555-0142") == {"text": "Call 719-555-0142 until ."}


def test_filling_a_response_in_leaves_the_domain_as_it_was() -> None:
    agent = agent_saying({"text": "Call {phone}."})
    agent.response("utter_x", phone="719-555-0142")
    assert agent.response("utter_x", phone="719-555-0143") == {"text": "Call 719-555-0143."}


@pytest.mark.parametrize("last", ["First.", "Second."])
def test_what_was_said_last_is_said_in_other_words(last: str) -> None:
    agent = agent_saying({"text": "First."}, {"text": "Second."})
    said = {agent.response("utter_x", last)["text"] for _ in range(20)}
    assert said == {"First.", "Second."} - {last}


def test_where_there_are_no_other_words_the_same_are_said_again() -> None:
    assert agent_saying({"text": "Only this."}).response("utter_x", "Only this.") == {"text": "Only this."}


def test_there_is_no_response_without_a_model_or_of_an_unknown_name() -> None:
    assert RasaAgent(None).response("utter_x") is None
    assert agent_saying({"text": "a"}).response("utter_y") is None


def test_without_an_agent_nothing_is_ready() -> None:
    assert not RasaAgent(None).is_ready()
    assert RasaAgent(None).action_endpoint() is None
    RasaAgent(None).forget("c1")
