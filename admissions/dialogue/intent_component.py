"""The intent model as a Rasa graph component; the work is in admissions/understanding."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from admissions.dialogue.parse import FAQ, facet_entity, response_selector
from admissions.errors import ContentError
from admissions.understanding.encoder import make_encoder
from admissions.understanding.encoder_graph import WEIGHTS_SHA256
from admissions.understanding.intent_model import Guess, IntentModel
from admissions.understanding.storage import load, save

#: How many guesses are kept in the message: enough to offer the closest two or three.
RANKING_LENGTH = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AdmissionsIntentClassifier(GraphComponent):
    """Classifies the whole message and fills intent, facet and ranking, as a ResponseSelector would."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's defaults: both are in config.yml, so that Rasa's cache trains again when they change."""
        return {"version": 3, "weights": WEIGHTS_SHA256}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: IntentModel | None = None
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

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
            ContentError: the same words stand under two intents, or the encoder's weights are missing or altered.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        labels = [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples]
        _refuse_contradictions(texts, labels)
        with self._model_storage.write_to(self._resource) as folder:
            encoder = make_encoder(folder, self._config["weights"])
            self._model = IntentModel.fit(encoder, texts, labels)
            save(self._model, folder)
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
            return cls(config, model_storage, resource, load(folder))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is: no later component reads our guesses."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and, for an accepted question, the facet on each message."""
        for message in messages:
            if message.get(INTENT) and not message.get(TEXT):
                continue
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        assert self._model is not None, "process() runs on a trained component only"
        reading = self._model.understand(message.get(TEXT) or "")
        name = reading.label.split("/")[0] if reading.accepted else DEFAULT_NLU_FALLBACK_INTENT_NAME
        message.set(INTENT, {"name": name, "confidence": reading.confidence}, add_to_output=True)
        ranking = [_ranked(guess) for guess in reading.ranking[:RANKING_LENGTH]]
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("suggestions", list(reading.suggestions), add_to_output=True)
        if reading.accepted and name == FAQ:
            facet = reading.label.split("/", 1)[1]
            message.set(ENTITIES, [facet_entity(facet)], add_to_output=True)
            message.set("response_selector", response_selector(facet, reading.confidence), add_to_output=True)


def _ranked(guess: Guess) -> dict[str, Any]:
    return {"name": guess.label, "confidence": guess.confidence}


def _refuse_contradictions(texts: list[str], labels: list[str]) -> None:
    seen: dict[str, str] = {}
    for text, label in zip(texts, labels, strict=True):
        words = " ".join(text.lower().split())
        if seen.setdefault(words, label) != label:
            raise ContentError(f"data/nlu: the example {text!r} stands under {seen[words]} and {label}: keep one")
