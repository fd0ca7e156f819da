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
from bot.faq.entry import Entry
from bot.settings import load_settings

# Of an entry's wordings so many: what a question looks like is learned by then, and more would
# outweigh the other intents (one dispute in forty was then taken for a question).
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
            for question in taught(entry)
        ]
        return TrainingData(training_examples=examples)


def taught(entry: Entry) -> tuple[str, ...]:
    """At most :data:`MOST_TAUGHT` of an entry's questions, evenly spread."""
    count = len(entry.questions)
    step = max(1.0, count / MOST_TAUGHT)
    return tuple(entry.questions[int(n * step)] for n in range(min(count, MOST_TAUGHT)))


def wants_training_data(paths: Any) -> bool:
    """Whether ``paths`` is the training data; ``rasa test`` asks for its own texts alone."""
    if isinstance(paths, str):
        paths = [paths]
    return not paths or any("tests" not in str(path).split("/") for path in paths)
