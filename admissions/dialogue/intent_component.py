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
from admissions.understanding.intent_model import Guess, IntentModel

#: How many guesses are kept in the message: enough to offer the closest two or three.
RANKING_LENGTH = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AdmissionsIntentClassifier(GraphComponent):
    """Classifies the whole message and fills intent, facet and ranking, as a ResponseSelector would."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's defaults: probabilities from which a guess is accepted or offered."""
        return {"version": 1, "accept": 0.40, "suggest": 0.12}

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
            ContentError: the same words stand under two intents.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        labels = [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples]
        _refuse_contradictions(texts, labels)
        self._model = IntentModel.fit(texts, labels)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
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
            return cls(config, model_storage, resource, IntentModel.load(folder))

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
        guesses = self._model.rank(message.get(TEXT) or "")[:RANKING_LENGTH]
        best = guesses[0]
        accepted = best.confidence >= self._config["accept"]
        name = best.label.split("/")[0] if accepted else DEFAULT_NLU_FALLBACK_INTENT_NAME
        message.set(INTENT, {"name": name, "confidence": best.confidence}, add_to_output=True)
        message.set("intent_ranking", [_ranked(guess) for guess in guesses], add_to_output=True)
        message.set("suggestions", self._suggestions(guesses), add_to_output=True)
        if accepted and name == FAQ:
            facet = best.label.split("/", 1)[1]
            message.set(ENTITIES, [facet_entity(facet)], add_to_output=True)
            message.set("response_selector", response_selector(facet, best.confidence), add_to_output=True)

    def _suggestions(self, guesses: list[Guess]) -> list[str]:
        """Return up to three labels that are likely enough to be offered as 'did you mean'."""
        return [guess.label for guess in guesses[:3] if guess.confidence >= self._config["suggest"]]


def _ranked(guess: Guess) -> dict[str, Any]:
    return {"name": guess.label, "confidence": guess.confidence}


def _refuse_contradictions(texts: list[str], labels: list[str]) -> None:
    seen: dict[str, str] = {}
    for text, label in zip(texts, labels, strict=True):
        words = " ".join(text.lower().split())
        if seen.setdefault(words, label) != label:
            raise ContentError(f"data/nlu: the example {text!r} stands under {seen[words]} and {label}: keep one")
