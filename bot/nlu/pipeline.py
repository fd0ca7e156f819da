"""The trained understanding by itself: a text in, Rasa's parse result out, no dialogue."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from bot.errors import ConfigError


class Pipeline:
    """A trained model's NLU half. Loading takes seconds, parsing milliseconds."""

    def __init__(self, agent: Any) -> None:
        self._agent = agent
        self._loop = asyncio.new_event_loop()

    @classmethod
    def load(cls, model: Path) -> Pipeline:
        """Load what `rasa train` wrote.

        Raises:
            ConfigError: there is no such model.
        """
        if not model.exists():
            raise ConfigError(f"没有找到模型 {model}：请先运行 make train")
        from rasa.core.agent import Agent
        from rasa.utils.log_utils import configure_structlog

        # Rasa would log every parse.
        configure_structlog(logging.WARNING)
        return cls(Agent.load(str(model)))

    def parse(self, text: str, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """The parse result: intent, ranking, entities, signals, response_selector, routing.

        Args:
            before: the question before, in the shape of :func:`bot.nlu.channel.faq_before`.
        """
        from rasa.core.channels.channel import UserMessage

        from bot.nlu.faq_retriever import FAQ_BEFORE

        message = UserMessage(text, metadata={FAQ_BEFORE: before})
        found: dict[str, Any] = self._loop.run_until_complete(
            self._agent.processor.parse_message(message)
        )
        return found
