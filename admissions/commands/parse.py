"""`admissions parse`: what the assistant understands of one message, over the same code as live messages."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from admissions import content
from admissions.commands.quiet import hush
from admissions.commands.train import ensure_model
from admissions.core.danger import find_danger
from admissions.dialogue.wording import clean
from admissions.names import INTENT_FALLBACK, INTENT_FAQ, INTENT_OUT_OF_SCOPE

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

    def __init__(self, model: Path | None = None) -> None:
        """Load a model, by default the one for the present content."""
        hush()
        self._gate: SafetyGate = content.gate()
        self._rasa = load_agent(model)
        self._loop = asyncio.new_event_loop()

    def read(self, text: str) -> Reading:
        """Return what a message is understood as; of several questions the one it reads as when taken whole."""
        words = clean(text)
        return as_reading(text, self.parse(words), self.lane(words))

    def parse(self, text: str, slots: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return all that the pipeline says of a message; `slots` hold what was talked about before."""
        return self._loop.run_until_complete(self._rasa.parse(text, slots))

    def lane(self, text: str) -> str | None:
        """Return the safety lane a message raises."""
        alarm = find_danger(self._gate, self._rasa.danger_signal(), text).alarm
        return alarm.lane.value if alarm else None


def as_reading(text: str, parsed: Mapping[str, Any], lane: str | None) -> Reading:
    """Return Rasa's parse data as the command prints it."""
    label = str(parsed.get("label") or parsed["intent"]["name"])
    intent, _, narrower = label.partition("/")
    facet = narrower if narrower and intent == INTENT_FAQ else None
    return Reading(
        text=text,
        intent=intent,
        facet=facet,
        topic=facet.split("__")[0] if facet else None,
        confidence=round(float(parsed["intent"].get("confidence", 0.0)), 4),
        lane=lane,
        accepted=parsed["intent"]["name"] != INTENT_FALLBACK and intent != INTENT_OUT_OF_SCOPE,
    )


def load_agent(model: Path | None) -> RasaAgent:
    """Load a model, by default the one for the present content, trained when it is missing. Loads TensorFlow."""
    path = model or ensure_model()
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    from admissions.dialogue.rasa_agent import RasaAgent

    configure_structlog(logging.ERROR)
    logging.getLogger().setLevel(logging.ERROR)
    return RasaAgent(Agent.load(str(path)))
