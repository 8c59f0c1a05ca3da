"""A `RasaAgent` without Rasa behind it: it says what it was given to say and keeps what reached it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from admissions import content
from admissions.dialogue.rasa_agent import RasaAgent
from admissions.settings import ROOT

#: The one answer of the article it knows, and the button it must not bring along below an emergency card.
FACET = "how_long__overview"
FACET_ANSWER = {
    "text": "It takes at least nine weeks.",
    "metadata": {"section": "§3"},
    "buttons": [{"title": "Tell me more", "payload": "/thanks"}],
}

Parts = list[dict[str, Any]]


class ScriptedRasa(RasaAgent):
    """Says its answers in turn, then the last one for ever; an exception among them is raised."""

    def __init__(self, *answers: Parts | Exception, ready: bool = True, slow_s: float = 0) -> None:
        responses = content.read_yaml(ROOT / "domain.yml")["responses"]
        super().__init__(
            SimpleNamespace(domain=SimpleNamespace(responses={**responses, f"utter_faq/{FACET}": [FACET_ANSWER]}))
        )
        self._answers = list(answers or [[{"text": "It is a programme."}]])
        self._ready = ready
        self._slow_s = slow_s
        self.turns: list[tuple[str, dict[str, Any] | None]] = []  #: text and parse of every turn
        self.parsed: list[str] = []
        self.at_once: dict[str, int] = {}  #: by conversation, how many turns ran at the same time at most
        self._running: dict[str, int] = {}

    def is_ready(self) -> bool:
        return self._ready

    async def take_turn(self, conversation_id: str, text: str, parsed: dict[str, Any] | None) -> Parts:
        self.turns.append((text, parsed))
        self._running[conversation_id] = self._running.get(conversation_id, 0) + 1
        self.at_once[conversation_id] = max(self.at_once.get(conversation_id, 0), self._running[conversation_id])
        try:
            await asyncio.sleep(self._slow_s)
            return self._next_answer()
        finally:
            self._running[conversation_id] -= 1

    async def parse(self, text: str) -> dict[str, Any]:
        self.parsed.append(text)
        await asyncio.sleep(self._slow_s)
        self._next_answer()
        return {"intent": {"name": "faq"}, "questions": [f"faq/{FACET}"]}

    def _next_answer(self) -> Parts:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer
