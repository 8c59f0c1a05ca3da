"""A conversation that goes otherwise than its script is noticed, whatever the script expects."""

from __future__ import annotations

from typing import Any

import pytest

from admissions import content
from tests.conversations import expectations
from tests.conversations.__main__ import as_table
from tests.conversations.script import Scene, Script, all_scripts
from tests.conversations.stage import Performance
from tests.e2e.assistant import Desk

SCRIPT = content.script()
ABOUT = SCRIPT.step("about").wording(None)
CARD = content.read_yaml(content.ROOT / "safety" / "cards.yml")["lanes"]["suicide"]["en"]


def message(text: str, kind: str = "text", *titles: str) -> dict[str, Any]:
    return {"text": text, "kind": kind, "buttons": [{"title": title, "payload": "/x"} for title in titles]}


GOES_OTHERWISE: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    ({"says": "hours"}, [message("Nine days.")]),
    ({"says_not": ["beds"]}, [message("We have BEDS.")]),
    ({"says_one_of": ["a", "b"]}, [message("xyz")]),
    ({"asks": "about"}, [message("Nothing is asked.")]),
    ({"asks": "nothing"}, [message(ABOUT)]),
    ({"asks": "about"}, [message(ABOUT), message(ABOUT)]),  # asked twice
    ({"asks": "about"}, [message(f"{ABOUT}\n{SCRIPT.step('adult').wording(None)}")]),  # two questions at once
    ({"returns_to": "about"}, [message(ABOUT)]),  # the question, but not as a return
    ({"card": "suicide"}, [message("Call 988.")]),
    ({"card": "overdose"}, [message(CARD, "emergency")]),  # another lane's card
    ({"card": "none"}, [message(CARD, "emergency")]),
    ({"card": "suicide"}, [message("First an answer."), message(CARD, "emergency")]),  # a card that is not first
    ({"buttons": ["Skip"]}, [message("Tap.", "choice", "Stop")]),
]


@pytest.mark.parametrize(("expected", "answer"), GOES_OTHERWISE)
def test_an_answer_that_is_not_as_written_fails(expected: dict[str, Any], answer: list[dict[str, Any]]) -> None:
    with pytest.raises(AssertionError):
        expectations.check(expected, answer)


def test_an_answer_that_is_as_written_passes() -> None:
    answer = [message(CARD, "emergency"), message(f"{SCRIPT.lines['return']}\n{ABOUT}", "choice", "Skip")]
    expected = {"says": ["988"], "says_not": "beds", "returns_to": "about", "card": "suicide", "buttons": ["Skip"]}
    expectations.check(expected, answer)


@pytest.mark.parametrize("text", ["", "  ", "Something went wrong on my side, and I could not answer that."])
def test_no_answer_and_an_apology_for_a_fault_never_pass(text: str) -> None:
    with pytest.raises(AssertionError):
        expectations.check_always([message(text)])


SENT = {"conversation_id": "c1", "contact": {"name": "Sam"}, "screening": [{"question": "about", "answer": "self"}]}


@pytest.mark.parametrize(
    "expected",
    [
        {"contact": {"name": "Max"}},
        {"contact": {"name": None}},  # sent though it must not be
        {"contact": {"phone": "+17195550134"}},
        {"screening": {"about": None}},
        {"topics": ["home_support"]},
    ],
)
def test_a_packet_that_is_not_as_written_fails(expected: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        expectations.check_sent(expected, Desk(received=[{"data": SENT}]), "c1")


def test_a_packet_that_is_as_written_passes() -> None:
    expected = {"contact": {"name": "Sam", "phone": None}, "screening": {"about": "self", "name": None}}
    expectations.check_sent(expected, Desk(received=[{"data": SENT}]), "c1")


def test_the_same_handed_over_twice_fails() -> None:
    with pytest.raises(AssertionError, match="2 of it"):
        expectations.check_sent({}, Desk(received=[{"data": SENT}, {"data": SENT}]), "c1")


def test_the_pass_rate_counts_a_known_fault_as_failed() -> None:
    # given
    known = Script("minor", "an age in words", (Scene(("x",)),), known_fault="not read yet")
    held = [Performance(Script("minor", "an age", (Scene(("x",)),)), None), Performance(known, "asks adult\n> x")]

    # when
    table = as_table(held)

    # then
    assert "minor                  1 of 2      50.0%" in table
    assert "failed: minor: an age in words: asks adult (known: not read yet)" in table


def test_no_script_holds_a_real_number_or_address() -> None:
    said = " ".join(words for script in all_scripts() for scene in script.scenes for words in scene.visitor)
    assert "@gmail" not in said
    assert "-555-01" in said
