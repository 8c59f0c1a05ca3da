"""The one place that talks to Rasa's agent: one turn, one parse, one response from the domain."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from admissions.core.danger import Signal
from admissions.dialogue.intent_component import AdmissionsIntentClassifier

#: The name Rasa's trackers keep for messages that came in through the widget.
CHANNEL_NAME = "widget"

_COMMAND_START = re.compile(r"\A[/\s]+")


class CollectingOutput(OutputChannel):  # type: ignore[misc]
    """Keeps what the assistant says in a turn, whole, in order."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Return the channel's name for channel-specific responses."""
        return CHANNEL_NAME

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message as Rasa gives it."""
        self.said.append(dict(message))


class RasaAgent:
    """A loaded agent, or one that has no model yet."""

    def __init__(self, agent: Agent | None) -> None:
        self._agent = agent

    def is_ready(self) -> bool:
        """Say whether a model is loaded."""
        return bool(self._agent and self._agent.is_ready())

    async def take_turn(self, conversation_id: str, text: str, parsed: dict[str, Any] | None) -> list[dict[str, Any]]:
        """Run one turn and return what was said; an empty list means that Rasa lost the message.

        Args:
            conversation_id: made by us, never by a client.
            text: the visitor's words; a leading slash is only a character.
            parsed: of a tapped button: what it means, so that nothing is guessed.
        """
        assert self._agent is not None
        output = CollectingOutput()
        words = text if parsed else as_plain_words(text)
        message = UserMessage(words, output, conversation_id, parse_data=parsed, input_channel=CHANNEL_NAME)
        await self._agent.handle_message(message)
        return output.said

    async def parse(self, text: str, slots: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return what the model understands, without a conversation around it.

        Args:
            text: the visitor's words.
            slots: what was talked about before, where a message may lean on it.
        """
        assert self._agent is not None
        tracker = None
        if slots:
            tracker = DialogueStateTracker("", self._agent.domain.slots)
            tracker.update_with_events([SlotSet(name, value) for name, value in slots.items()], self._agent.domain)
        message = UserMessage(as_plain_words(text))
        parsed: dict[str, Any] = await self._agent.processor.parse_message(message, tracker)
        return parsed

    def response(self, name: str, not_again: str = "", **values: Any) -> dict[str, Any] | None:
        """Return one of the domain's responses filled in, None when there is no model or no such response.

        Args:
            name: the response.
            not_again: what was said last; another wording is taken where there is one.
            values: fill the response's placeholders.
        """
        domain = getattr(self._agent, "domain", None) if self._agent else None
        variations = domain.responses.get(name) if domain else None
        if not variations:
            return None
        others = [one for one in variations if one.get("text") != not_again]
        chosen = dict(random.choice(others or variations))
        chosen["text"] = str(chosen.get("text", "")).format_map(_Known(values))
        return chosen

    def danger_signal(self) -> Signal | None:
        """Return the trained safety signal of the loaded model, None when there is no model or none in it."""
        runner = getattr(getattr(self._agent, "processor", None), "graph_runner", None)
        # Rasa has no public way to a component of a loaded model; tests/e2e holds this one.
        nodes: dict[str, Any] = getattr(runner, "_instantiated_nodes", {})
        components = (getattr(node, "_component", None) for node in nodes.values())
        found = next((one for one in components if isinstance(one, AdmissionsIntentClassifier)), None)
        return found.danger if found else None

    def action_endpoint(self) -> str | None:
        """Return the action server's address, None when there is none."""
        processor = getattr(self._agent, "processor", None)
        endpoint = getattr(processor, "action_endpoint", None)
        return str(endpoint.url) if endpoint else None

    def forget(self, conversation_id: str) -> None:
        """Delete a conversation's events from Rasa's tracker store (SQL); stores without events to delete are left."""
        store = getattr(self._agent, "tracker_store", None)
        for _ in range(3):  # the SQL store sits inside Rasa's fail-safe and awaitable wrappers
            if store is None or hasattr(store, "session_scope"):
                break
            store = getattr(store, "_tracker_store", None)
        if store is None or not hasattr(store, "session_scope"):
            return
        with store.session_scope() as session:
            session.query(store.SQLEvent).filter(store.SQLEvent.sender_id == conversation_id).delete()
            session.commit()


class _Known(dict[str, Any]):
    """Leaves a placeholder empty rather than failing in front of a visitor."""

    def __missing__(self, key: str) -> str:
        return ""


def as_plain_words(text: str) -> str:
    """Return text that Rasa cannot take for a command: a visitor's leading slash is only a character."""
    # Rasa strips every kind of blank before it looks for a slash, so none may stand between two of them.
    return _COMMAND_START.sub("", text) or "?"
