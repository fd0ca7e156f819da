"""Which intent a message has."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_RANKING_KEY,
    TEXT,
    TEXT_TOKENS,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import bot.text as text_package
from bot.nlu import intent_features, intent_model
from bot.nlu.calibration import Calibration
from bot.nlu.entities import BankEntityExtractor
from bot.nlu.intent_features import WEIGHTS, IntentFeatures
from bot.nlu.intent_model import IntentModel, fit
from bot.text.concepts import Concepts
from bot.text.entities import Entity, EntityFinder

FILE = "intent_model.joblib"
RANKED = 10
# Features know kinds of entities only, so it does not matter which day "yesterday" is.
ANY_DAY = date(2026, 7, 1)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """Adapter over :mod:`bot.nlu.intent_model`; it must stand behind tokenizer and
    entity extractor."""

    @classmethod
    def required_components(cls) -> list[type]:
        # The entity extractor is no part of the training graph, so it cannot be required here.
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Words that mean the same, `NAME: word word …`.
            "concepts": "data/concepts.yml",
            # How far the examples are trusted, scikit-learn's C.
            "penalty": 2.0,
            # A feature must stand in so many examples.
            "least": 2,
            # Where `bankbot nlu calibrate` keeps how margins become probabilities.
            "calibration": "data/routing.yml",
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Retrain when helpers or concepts change; Rasa itself hashes this class only."""
        digest = hashlib.sha256()
        # The features draw on most of bot.text.
        helpers = sorted(Path(str(text_package.__file__)).parent.glob("*.py"))
        modules = [Path(str(each.__file__)) for each in (intent_features, intent_model)]
        words = Path({**cls.get_default_config(), **config}["concepts"])
        for path in (*helpers, *modules, words):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
        concepts: Concepts | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._concepts = concepts or Concepts.load(Path(config["concepts"]))
        self._features = IntentFeatures(self._concepts)
        self._finder: EntityFinder | None = None
        self._sharpness = Calibration.load(Path(config["calibration"])).sharpness

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        with model_storage.read_from(resource) as folder:
            model, words = joblib.load(folder / FILE)
        return cls(config, model_storage, resource, model, Concepts(words))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every example that has an intent."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        self._model = fit(
            [self._features_of(example) for example in examples],
            [example.get(INTENT) for example in examples],
            WEIGHTS,
            self._config["penalty"],
            self._config["least"],
        )
        with self._storage.write_to(self._resource) as folder:
            # Rasa packs its archive as tight as can be, which is slow for what is not packed yet.
            joblib.dump((self._model, self._concepts.words), folder / FILE, compress=1)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking of each message; one without text has no intent."""
        for message in messages:
            ranking = self._rank(message) if message.get(TEXT) else []
            best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _rank(self, message: Message) -> list[dict[str, Any]]:
        if self._model is None:
            return []
        chances = self._model.probabilities(self._features_of(message), self._sharpness)
        best = chances.argsort()[::-1][:RANKED]
        return [{"name": self._model.labels[n], "confidence": float(chances[n])} for n in best]

    def _features_of(self, message: Message) -> set[str]:
        words = [token.text for token in message.get(TEXT_TOKENS) or []]
        return self._features(message.get(TEXT), words, self._entities_of(message))

    def _entities_of(self, message: Message) -> list[Entity]:
        known = message.get(ENTITIES)
        if known is None:  # a training example, which no extractor has seen
            self._finder = self._finder or EntityFinder()
            return self._finder.find(message.get(TEXT), ANY_DAY)
        return [
            Entity(each["entity"], each["start"], each["end"], "", each["value"])
            for each in known
            if each["extractor"] == BankEntityExtractor.__name__
        ]
