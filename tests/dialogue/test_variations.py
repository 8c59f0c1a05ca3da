"""Which wording is said: of several never the one that was said last, and always the same in the same conversation."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from admissions import content
from admissions.dialogue.variations import LOOK_BACK, VaryingResponses
from admissions.settings import ROOT

DOMAIN = Domain.from_dict(
    {
        "responses": {
            "utter_one": [{"text": "Only this."}],
            "utter_two": [{"text": "First."}, {"text": "Second."}],
            "utter_three": [
                {"text": "A."},
                {"text": "B."},
                {"text": "C.", "buttons": [{"title": "x", "payload": "/x"}]},
            ],
            "utter_filled": [{"text": "Call {phone}."}, {"text": "The number is {phone}."}],
        }
    }
)


class Conversation:
    """Says responses one after the other, the way Rasa does."""

    def __init__(self, *said: str) -> None:
        self.tracker = DialogueStateTracker("c1", [])
        for text in said:
            self.tracker.update(BotUttered(text))

    async def say(self, name: str, **values: Any) -> dict[str, Any] | None:
        generator = NaturalLanguageGenerator.create(EndpointConfig(type=CLASS), DOMAIN)
        said: dict[str, Any] | None = await generator.generate(name, self.tracker, "widget", **values)
        if said:
            self.tracker.update(BotUttered(said["text"]))
        self.tracker.update(UserUttered("and?"))
        return said

    async def texts(self, name: str, times: int) -> list[str]:
        said = [await self.say(name) for _ in range(times)]
        return [one["text"] for one in said if one]


#: The class as endpoints.yml names it.
CLASS = content.read_yaml(ROOT / "endpoints.yml")["nlg"]["type"]


def test_rasa_makes_the_one_that_endpoints_name() -> None:
    assert isinstance(NaturalLanguageGenerator.create(EndpointConfig(type=CLASS), DOMAIN), VaryingResponses)


@pytest.mark.parametrize("name", ["utter_two", "utter_three", "utter_filled"])
async def test_the_same_wording_never_comes_twice_running(name: str) -> None:
    said = await Conversation().texts(name, 12)

    assert len(said) == 12
    assert all(one != following for one, following in pairwise(said))


async def test_every_wording_has_its_turn() -> None:
    assert await Conversation().texts("utter_three", 6) == ["A.", "B.", "C.", "A.", "B.", "C."]


async def test_the_same_conversation_always_reads_the_same() -> None:
    assert await Conversation().texts("utter_two", 5) == await Conversation().texts("utter_two", 5)


async def test_a_response_with_one_wording_is_said_as_it_is() -> None:
    assert await Conversation().texts("utter_one", 3) == ["Only this."] * 3


@pytest.mark.parametrize("between", range(LOOK_BACK))
async def test_what_was_said_in_between_does_not_bring_the_same_wording_back(between: int) -> None:
    conversation = Conversation("First.", *["Something else."] * between)

    assert await conversation.say("utter_two") == {"text": "Second."}


async def test_what_was_said_long_ago_begins_anew() -> None:
    conversation = Conversation("First.", *["Something else."] * LOOK_BACK)

    assert await conversation.say("utter_two") == {"text": "First."}


async def test_wordings_are_compared_as_they_were_said() -> None:
    # given
    conversation = Conversation()

    # when
    said = [await conversation.say("utter_filled", phone="719-555-0142") for _ in range(3)]

    # then
    assert [one["text"] for one in said if one] == [
        "Call 719-555-0142.", "The number is 719-555-0142.", "Call 719-555-0142.",
    ]  # fmt: skip


async def test_a_wording_brings_its_buttons_along_and_the_domain_stays_as_it_was() -> None:
    said = await Conversation("A.", "B.").say("utter_three")

    assert said == {"text": "C.", "buttons": [{"title": "x", "payload": "/x"}]}
    assert DOMAIN.responses["utter_filled"][0]["text"] == "Call {phone}."


async def test_there_is_no_wording_of_an_unknown_name() -> None:
    assert await Conversation().say("utter_unknown") is None


async def test_nothing_said_by_the_visitor_counts() -> None:
    conversation = Conversation()
    conversation.tracker.update(UserUttered("First."))

    assert await conversation.say("utter_two") == {"text": "First."}
