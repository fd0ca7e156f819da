"""Entities by rule: amounts, periods, card tails, account kinds."""

from datetime import date
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.component import Untrained
from bot.text.clock import shanghai, utc_now
from bot.text.entities import EntityFinder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class BankEntityExtractor(Untrained, EntityExtractorMixin):
    """Adapter over :class:`bot.text.entities.EntityFinder`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # The day that "今天" means, YYYY-MM-DD; empty: the present day in Shanghai.
            "today": None,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        self._today = date.fromisoformat(config["today"]) if config["today"] else None
        self._finder = EntityFinder()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message, in Rasa's shape."""
        today = self._today or shanghai(utc_now()).date()
        for message in messages:
            found = [
                {
                    "entity": entity.type,
                    "start": entity.start,
                    "end": entity.end,
                    "value": entity.value,
                    "extractor": type(self).__name__,
                }
                for entity in self._finder.find(message.get(TEXT) or "", today)
            ]
            message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
        return messages
