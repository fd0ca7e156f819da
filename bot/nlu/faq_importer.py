"""Rasa's training files, and beside them what the FAQ bank teaches.

Questions and variants of every approved entry become examples of the intent ``faq/<id>``, so nobody
copies questions by hand, and ``rasa test nlu`` can report on each entry.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from bot.faq.bank import load_bank
from bot.nlu.example import Example
from bot.settings import load_settings

# Of an entry its question and so many of its first wordings: what asking looks like is learned by
# then. With all of them training takes half as long again, and stories told in a question ("卡被盗刷了
# 怎么办") begin to outweigh those told by somebody who needs a person.
MOST_TAUGHT = 28


class FaqImporter(RasaFileImporter):
    """NLU examples and responses from ``data/faq`` together with Rasa's own files.

    Rasa asks for the same data again and again: this reads once.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: Any = None,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        wanted = wants_training_data(training_data_paths)
        entries = load_bank(load_settings().faq_dir).entries if wanted else ()
        self._entries = [entry for entry in entries if entry.status == "approved"]

    @cached_method
    def get_domain(self) -> Domain:
        """The answers as responses, as Rasa's checks want them; the responder speaks the
        published ones."""
        responses = {f"utter_faq/{entry.id}": [{"text": entry.answer}] for entry in self._entries}
        return super().get_domain().merge(Domain.from_dict({"responses": responses}))

    @cached_method
    def get_nlu_data(self, language: str | None = "zh") -> TrainingData:
        """Rasa's files' examples, then the bank's."""
        data = super().get_nlu_data(language)
        data.training_examples += [
            Message.build(text=question, intent=f"faq/{entry.id}")
            for entry in self._entries
            for question in (entry.question, *entry.variants[:MOST_TAUGHT])
        ]
        data.training_examples = [Example.of(each) for each in data.training_examples]
        return data


def wants_training_data(paths: Any) -> bool:
    """Whether ``paths`` is the training data; ``rasa test`` asks for its own texts alone."""
    if isinstance(paths, str):
        paths = [paths]
    return not paths or any("tests" not in str(path).split("/") for path in paths)
