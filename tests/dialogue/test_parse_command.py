"""`admissions parse`: what it prints of one message."""

from __future__ import annotations

from typing import Any

import pytest

from admissions.commands.parse import Reading, as_reading


def parsed(name: str, label: str, confidence: float = 0.87654321, **more: Any) -> dict[str, Any]:
    return {"intent": {"name": name, "confidence": confidence}, "questions": [label], "label": label, **more}


@pytest.mark.parametrize(
    ("told", "intent", "facet", "topic", "accepted"),
    [
        (parsed("faq", "faq/how_long__overview"), "faq", "how_long__overview", "how_long", True),
        (parsed("greet", "greet"), "greet", None, None, True),
        # what is not told is understood, and not answered
        (parsed("out_of_scope", "out_of_scope/length_php"), "out_of_scope", None, None, False),
        # the likeliest is shown where it was not sure enough
        (parsed("nlu_fallback", "faq/how_long__overview"), "faq", "how_long__overview", "how_long", False),
        (parsed("nlu_fallback", "ask_hours"), "ask_hours", None, None, False),
        # nothing but an intent, as a model of another pipeline says it
        ({"intent": {"name": "greet", "confidence": 0.87654321}}, "greet", None, None, True),
    ],
)
def test_a_message_is_printed_as_intent_facet_and_topic(
    told: dict[str, Any], intent: str, facet: str | None, topic: str | None, accepted: bool
) -> None:
    reading = as_reading("so how long", told, None)

    assert reading == Reading("so how long", intent, facet, topic, 0.8765, None, accepted)


def test_a_lane_stands_beside_what_was_understood() -> None:
    assert as_reading("words", parsed("greet", "greet"), "overdose").lane == "overdose"
