"""Lets the FAQ bank teach the classifier what a question looks like.

Questions and variants of every approved entry become examples of the intent ``faq/<id>``, so nobody
copies questions by hand, and ``rasa test nlu`` can report on each entry.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.faq.bank import load_bank
from bot.settings import load_settings

# Of an entry its question and so many of its first wordings: what asking looks like is learned by
# then. With all of them training takes half as long again, and stories told in a question ("卡被盗刷了
# 怎么办") begin to outweigh those told by somebody who needs a person.
MOST_TAUGHT = 28


class FaqImporter(TrainingDataImporter):
    """NLU examples and responses from ``data/faq``."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: Any = None,
        **_kwargs: Any,
    ) -> None:
        wanted = wants_training_data(training_data_paths)
        bank = load_bank(load_settings().faq_dir)
        self._entries = [e for e in bank.entries if e.status == "approved"] if wanted else []

    def get_domain(self) -> Domain:
        """The answers as responses, as Rasa's checks want them; the responder speaks the
        published ones."""
        responses = {f"utter_faq/{entry.id}": [{"text": entry.answer}] for entry in self._entries}
        return Domain.from_dict({"responses": responses})

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        return None

    def get_nlu_data(self, language: str | None = "zh") -> TrainingData:
        examples = [
            Message.build(text=question, intent=f"faq/{entry.id}")
            for entry in self._entries
            for question in (entry.question, *entry.variants[:MOST_TAUGHT])
        ]
        return TrainingData(training_examples=examples)


def wants_training_data(paths: Any) -> bool:
    """Whether ``paths`` is the training data; ``rasa test`` asks for its own texts alone."""
    if isinstance(paths, str):
        paths = [paths]
    return not paths or any("tests" not in str(path).split("/") for path in paths)
