"""`admissions parse`: what the assistant understands of one message, over the same code as live messages."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from admissions import content
from admissions.commands.quiet import hush
from admissions.commands.train import ensure_model
from admissions.core.danger import find_danger
from admissions.dialogue.wording import clean
from admissions.names import INTENT_FAQ, INTENT_OUT_OF_SCOPE

if TYPE_CHECKING:  # both bring TensorFlow along, and it has to be hushed before it is loaded
    from admissions.core.safety import SafetyGate
    from admissions.dialogue.rasa_agent import RasaAgent


@dataclass(frozen=True)
class Reading:
    """One parsed message, as `admissions parse` prints it."""

    text: str
    intent: str
    facet: str | None
    topic: str | None
    confidence: float
    lane: str | None
    accepted: bool  #: False where the assistant would fall back


def run(given: argparse.Namespace) -> int:
    """Read messages line by line until the end of stdin; a blank line is a message too."""
    reader = Reader()
    for line in sys.stdin:
        print(json.dumps(asdict(reader.read(line.rstrip("\r\n"))), ensure_ascii=False), flush=True)
    return 0


class Reader:
    """The safety gate and the trained model, ready to read messages."""

    def __init__(self) -> None:
        hush()
        self._gate: SafetyGate = content.gate()
        self._rasa = load_agent()
        self._loop = asyncio.new_event_loop()

    def read(self, text: str) -> Reading:
        """Return what a message is understood as."""
        words = clean(text)
        danger = find_danger(self._gate, self._rasa.danger_signal(), words)
        parsed = self._loop.run_until_complete(self._rasa.parse(words))
        best = (parsed.get("intent_ranking") or [{"name": parsed["intent"]["name"], "confidence": 0.0}])[0]
        understood = parsed["intent"]["name"]
        label = f"{INTENT_FAQ}/{_facet(parsed)}" if understood == INTENT_FAQ and _facet(parsed) else best["name"]
        intent, _, facet = label.partition("/")
        return Reading(
            text=text,
            intent=intent,
            facet=facet or None,
            topic=facet.split("__")[0] if facet else None,
            confidence=round(float(parsed["intent"].get("confidence", best["confidence"])), 4),
            lane=danger.alarm.lane.value if danger else None,
            accepted=understood == intent and intent != INTENT_OUT_OF_SCOPE,
        )


def load_agent() -> RasaAgent:
    """Load the model for the present content, training it when it is missing. Loads TensorFlow."""
    model = ensure_model()
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    from admissions.dialogue.rasa_agent import RasaAgent

    configure_structlog(logging.ERROR)
    logging.getLogger().setLevel(logging.ERROR)
    return RasaAgent(Agent.load(str(model)))


def _facet(parsed: dict) -> str | None:  # type: ignore[type-arg]
    return next((entity["value"] for entity in parsed.get("entities", ()) if entity["entity"] == "facet"), None)
