"""The intent model as a Rasa graph component; the work is in admissions/understanding."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from admissions import content
from admissions.core.follow_ups import Talk
from admissions.dialogue.parse import (
    ASKED,
    FAQ,
    SEVERAL,
    TALK_LEVEL,
    TALK_OTHER,
    entity,
    facet_entity,
    response_selector,
    talk_entities,
)
from admissions.names import REQUESTS
from admissions.nlu_files import check_nlu_files
from admissions.settings import ROOT
from admissions.understanding import danger_storage
from admissions.understanding.danger_model import DangerModel
from admissions.understanding.encoder import Encoder, make_encoder
from admissions.understanding.encoder_graph import WEIGHTS_SHA256
from admissions.understanding.entities import Entity
from admissions.understanding.intent_model import Guess, IntentModel
from admissions.understanding.reader import MessageReader, Understanding
from admissions.understanding.storage import load, save

#: What the safety signal learns from, and the patterns that tell ordinary talk from doubtful.
DANGER_EXAMPLES, DANGER_PATTERNS = "safety/examples", "safety/patterns.yml"

#: Keeps the tuned layers of the safety signal, which take minutes, from one training to the next.
TUNED_FOLDER = ROOT / "var" / "tuned"

#: How many guesses are kept in the message: enough to see what else it might have been. The tracker never drops them.
RANKING_LENGTH = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AdmissionsIntentClassifier(GraphComponent):
    """Classifies the whole message and fills intent, facet and ranking, as a ResponseSelector would."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults. Rasa's cache sees them, so it trains again when weights or the code behind change."""
        return {
            "weights": WEIGHTS_SHA256,
            "code": content.digest(
                ROOT, ("admissions/understanding", "admissions/nlu_files.py", DANGER_EXAMPLES, DANGER_PATTERNS)
            ),
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
        danger: DangerModel | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        #: The trained safety signal: the channel asks it before the turn; the pipeline only trains and loads it.
        self.danger = danger
        self._reader = None if model is None else MessageReader(model, content.entity_names(), content.follow_ups())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AdmissionsIntentClassifier:
        """Create an untrained component (see parent class for the full docstring)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example under its intent, or under intent/facet where it has one.

        Raises:
            ContentError: questions, answers and facts do not fit together, or the encoder's weights are missing or
                altered; names the file and what to mend.
        """
        check_nlu_files(content.nlu_files(), content.facts())
        content.follow_ups()
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        labels = [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples]
        with self._model_storage.write_to(self._resource) as folder:
            encoder = make_encoder(folder, self._config["weights"])
            save(IntentModel.fit(encoder, texts, labels), folder)
            # What a pattern takes for danger is in doubt, and no example of ordinary talk.
            gate = content.gate()
            ordinary = [text for text in texts if gate.detect(text) is None]
            danger = DangerModel.fit(encoder, content.danger_examples(), ordinary, TUNED_FOLDER)
            danger_storage.save(danger, folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> AdmissionsIntentClassifier:
        """Load the trained component (see parent class for the full docstring)."""
        with model_storage.read_from(resource) as folder:
            encoder = Encoder(folder)
            return cls(config, model_storage, resource, load(folder, encoder), danger_storage.load(folder, encoder))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is: no later component reads our guesses."""
        return training_data

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Set intent, ranking, questions and entities on each message; the tracker tells what was talked about."""
        for message in messages:
            if message.get(TEXT) or not message.get(INTENT):
                self._read(message, _talk(tracker))
        return messages

    def _read(self, message: Message, talk: Talk) -> None:
        assert self._reader is not None, "process() runs on a trained component only"
        understood = self._reader.read(message.get(TEXT) or "", talk)
        message.set(INTENT, {"name": _intent(understood), "confidence": understood.confidence}, add_to_output=True)
        message.set(
            "intent_ranking", [_ranked(guess) for guess in understood.ranking[:RANKING_LENGTH]], add_to_output=True
        )
        message.set("suggestions", list(understood.suggestions), add_to_output=True)
        message.set("questions", list(understood.questions), add_to_output=True)
        message.set("label", understood.label, add_to_output=True)
        entities = [_named(found) for found in understood.entities]
        if understood.accepted:
            entities += talk_entities(understood.talk)
            intent, _, facet = understood.questions[0].partition("/")
            if intent == FAQ:
                entities.append(facet_entity(facet))
                message.set("response_selector", response_selector(facet, understood.confidence), add_to_output=True)
            if len(understood.questions) > 1:
                entities.append(entity(SEVERAL, True))
        message.set(ENTITIES, entities, add_to_output=True)


def _intent(understood: Understanding) -> str:
    """Return the intent that rules go by: of several questions the request for a person, else `faq` for all of them."""
    if not understood.accepted:
        return str(DEFAULT_NLU_FALLBACK_INTENT_NAME)
    intents = [question.split("/")[0] for question in understood.questions]
    return next((intent for intent in intents if intent in REQUESTS), FAQ if len(intents) > 1 else intents[0])


def _talk(tracker: DialogueStateTracker | None) -> Talk:
    return Talk(*(tracker.get_slot(name) for name in (ASKED, TALK_LEVEL, TALK_OTHER))) if tracker else Talk()


def _named(found: Entity) -> dict[str, Any]:
    return {"entity": found.kind, "value": found.value, "start": found.start, "end": found.end}


def _ranked(guess: Guess) -> dict[str, Any]:
    return {"name": guess.label, "confidence": guess.confidence}
