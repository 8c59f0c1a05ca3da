"""The trained safety signal as a Rasa graph component; the work is in admissions/understanding/danger_model.py."""

from __future__ import annotations

import hashlib
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from admissions import content
from admissions.settings import ROOT
from admissions.understanding.danger_examples import read_examples
from admissions.understanding.danger_model import DangerModel
from admissions.understanding.danger_storage import load, save
from admissions.understanding.encoder import make_encoder
from admissions.understanding.encoder_graph import WEIGHTS_SHA256

EXAMPLES = ROOT / "safety" / "examples.yml"
PATTERNS = ROOT / "safety" / "patterns.yml"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AdmissionsDangerSignal(GraphComponent):
    """Trains and carries the signal; the channel asks `model` before the turn, so `process` adds nothing."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's defaults: both are in config.yml, so that Rasa's cache trains again when they change."""
        return {"version": 2, "weights": WEIGHTS_SHA256}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a hash of the examples, which Rasa's cache does not see."""
        return hashlib.sha256(EXAMPLES.read_bytes() + PATTERNS.read_bytes()).hexdigest()

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: DangerModel | None = None
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self.model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AdmissionsDangerSignal:
        """Create an untrained component (see parent class for the full docstring)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on safety/examples.yml, with the questions of data/nlu as ordinary messages.

        Raises:
            ContentError: the examples cannot be used, or the encoder's weights are missing or altered.
        """
        gate = content.gate()
        texts = [example.get(TEXT) for example in training_data.intent_examples if example.get(TEXT)]
        # What a pattern takes for danger is in doubt, and no example of ordinary talk.
        ordinary = [text for text in texts if gate.detect(text) is None]
        with self._model_storage.write_to(self._resource) as folder:
            encoder = make_encoder(folder, self._config["weights"])
            self.model = DangerModel.fit(encoder, read_examples(content.read_yaml(EXAMPLES)), ordinary)
            save(self.model, folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> AdmissionsDangerSignal:
        """Load the trained component (see parent class for the full docstring)."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Leave the messages as they are: danger is looked for before the turn, not in it."""
        return messages
