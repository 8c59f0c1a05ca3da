"""Every button anywhere leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions._say import say_all
from actions.fallback import suggestions
from admissions import content
from admissions.core.intake import AskConsent, ChooseChange, Intake, Line, Question, Reply, ShowPreview
from admissions.core.moving import WAY_OUT_AT
from admissions.core.steps import Plan, StepKind
from admissions.dialogue.parse import parse_payload
from tests.contract.project import DOMAIN, FACETS, RESPONSES


def intake_buttons() -> Iterator[tuple[str, str]]:
    """Return (where, payload) of every button the intake shows."""
    script = content.script()
    answered = {step.name: (choice.value,) if step.kind is StepKind.CHOICES else choice.value
                for step in script.steps for choice in step.choices[:1]}  # fmt: skip
    answered |= {"name": "Sam", "reach": "+17195550134"}
    shown: list[tuple[str, Reply]] = [(f"ask {step.name}", Question(step.name)) for step in script.steps]
    shown += [("preview", ShowPreview()), ("consent", AskConsent()), ("change", ChooseChange())]
    shown += [
        (f"say {name}", Line(name)) for name in ("stopped", "declined", "minor_self", "minor_other", "nothing_to_send")
    ]
    for failures in (0, WAY_OUT_AT):
        state = Intake(Plan.SCREENING, "preview", answered, asked=("about", "adult"), failures=failures)
        for where, reply in shown:
            dispatcher = CollectingDispatcher()
            say_all([reply], state, dispatcher, lambda: None)
            for message in dispatcher.messages:
                yield from ((where, button["payload"]) for button in message.get("buttons") or ())


def payloads() -> list[tuple[str, str]]:
    """Return (where, payload) of every button anywhere."""
    said = [(name, button["payload"]) for name, variations in RESPONSES.items()
            for variation in variations for button in variation.get("buttons", ())]  # fmt: skip
    offered = [(f"did you mean {label}", button["payload"]) for label in content.titles()
               for button in suggestions(SimpleNamespace(latest_message={"suggestions": [label]}))]  # fmt: skip
    return sorted({*said, *offered, *intake_buttons()})


@pytest.mark.parametrize(("where", "payload"), payloads())
def test_a_payload_names_an_intent_a_facet_and_a_step_there_are(where: str, payload: str) -> None:
    parsed = parse_payload(payload, "title")
    if parsed is None:
        assert not payload.startswith("/")
        return

    entities = {entity["entity"]: entity["value"] for entity in parsed["entities"]}
    assert parsed["intent"]["name"] in DOMAIN["intents"]
    assert set(entities) <= set(DOMAIN["entities"])
    assert entities.get("facet", FACETS[0]) in FACETS
    assert entities.get("step") is None or content.script().find(entities["step"]) is not None
    assert (parsed["intent"]["name"] == "faq") == ("facet" in entities)


def test_the_buttons_of_an_intake_were_looked_at() -> None:
    shown = {where for where, _ in intake_buttons()}

    assert {"preview", "consent", "change", "ask name", "say stopped"} <= shown


def test_no_answer_offers_itself() -> None:
    for name, variations in RESPONSES.items():
        own = f'/faq{{"facet": "{name.removeprefix("utter_faq/")}"}}'
        assert own not in [button["payload"] for one in variations for button in one.get("buttons", ())], name
