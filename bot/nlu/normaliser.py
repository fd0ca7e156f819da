"""Writes every message one way before anything else looks at it."""

import hashlib
import inspect
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import Untrained
from bot.text import normalise as helper


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ChineseNormaliser(Untrained):
    """Applies :func:`bot.text.normalise.normalise`; it must stand before the tokenizer."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Retrain when the helper changes; Rasa itself hashes this class only."""
        return hashlib.sha256(inspect.getsource(helper).encode()).hexdigest()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise every example that carries no entity positions, which would shift."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalise the text of each message in place."""
        for message in messages:
            text = message.get(TEXT)
            # A button's payload is no language: what it names must stay as it is.
            if text and not text.startswith(INTENT_MESSAGE_PREFIX) and not message.get(ENTITIES):
                message.set(TEXT, helper.normalise(text))
        return messages
