"""Signals beside the intent: anger, fraud, self-harm, threats."""

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.component import Untrained
from bot.text.signals import Signals

SIGNALS = "signals"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SignalDetector(Untrained):
    """Adapter over :class:`bot.text.signals.Signals`; writes their names as ``signals``."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Expressions by signal.
            "words": "data/signals.yml",
        }

    def __init__(self, config: dict[str, Any]) -> None:
        self._signals = Signals.load(Path(config["words"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Write the signals of each message."""
        for message in messages:
            message.set(SIGNALS, self._signals.find(message.get(TEXT) or ""), add_to_output=True)
        return messages
