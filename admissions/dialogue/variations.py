"""Which wording of a response is said: never the one that was said last."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

#: How far back a wording counts as just said, in utterances: an answer may be two messages long.
LOOK_BACK = 3


class VaryingResponses(TemplatedNaturalLanguageGenerator):  # type: ignore[misc]
    """Rasa's own responses; of several wordings the one said longest ago is next. Named in endpoints.yml."""

    def __init__(self, domain: Domain, endpoint_config: EndpointConfig | None = None) -> None:
        super().__init__(domain.responses)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Return the filled response, None when there is none of this name."""
        if len(self.responses.get(utter_action, ())) < 2:
            return await super().generate(utter_action, tracker, output_channel, **kwargs)  # type: ignore[no-any-return]
        slots = tracker.current_slot_values()
        suitable = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        said = [event.text for event in tracker.events if isinstance(event, BotUttered)][-LOOK_BACK:]
        filled = [self._fill_response(dict(response), slots, **kwargs) for response in suitable]
        # The first that was not just said, in the order of the file: the same conversation always reads the same.
        return min(filled, key=lambda response: _last_said(said, response.get("text")), default=None)


def _last_said(said: list[str], text: str | None) -> int:
    """Return how recently a text was said: 0 for not lately, higher for more recently."""
    return max((index + 1 for index, one in enumerate(said) if one == text), default=0)
