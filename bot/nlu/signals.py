"""Signals beside the intent: anger, fraud, self-harm, threats."""

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.text.signals import Signals

SIGNALS = "signals"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SignalDetector(GraphComponent):
    """Adapter over :class:`bot.text.signals.Signals`; writes their names as ``signals``."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Expressions by signal.
            "words": "data/signals.yml",
        }

    def __init__(self, config: dict[str, Any]) -> None:
        self._signals = Signals.load(Path(config["words"]))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SignalDetector":
        return cls({**cls.get_default_config(), **config})

    def process(self, messages: list[Message]) -> list[Message]:
        """Write the signals of each message."""
        for message in messages:
            message.set(SIGNALS, self._signals.find(message.get(TEXT) or ""), add_to_output=True)
        return messages
