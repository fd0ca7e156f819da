"""What is asked of a publication in one turn of a conversation, and what is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.faq.entry import Entry
from bot.faq.retriever import Retrieval, Retriever


@dataclass(frozen=True)
class Before:
    """The question before: its (completed) text, and the entry that answered it, if one did."""

    question: str
    entry_id: str | None = None


@dataclass(frozen=True)
class Found:
    """What was searched for, and found; ``completed``: it is more than the customer's own text."""

    asked: str
    retrieval: Retrieval
    completed: bool = False

    @property
    def answers(self) -> bool:
        """Whether an entry answers it."""
        return self.retrieval.decision == "answer"

    @property
    def entry(self) -> Entry | None:
        """The likeliest, if there is any."""
        return self.retrieval.candidates[0].entry if self.retrieval.candidates else None

    @property
    def score(self) -> float:
        """The likeliest entry's; 0 without one."""
        return self.retrieval.candidates[0].score if self.retrieval.candidates else 0.0

    def before(self) -> Before:
        """This, as the question before the next."""
        return Before(self.asked, self.entry.id if self.entry and self.answers else None)


class Lookup:
    """One publication as one customer sees it on one day; it searches for each text once."""

    def __init__(self, retriever: Retriever, today: date, audience: str = "public") -> None:
        self.retriever = retriever
        self.today = today
        self.audience = audience
        self._known: dict[str, Retrieval] = {}

    def search(self, text: str) -> Retrieval:
        """As :meth:`bot.faq.retriever.Retriever.search`."""
        if text not in self._known:
            self._known[text] = self.retriever.search(text, self.today, self.audience)
        return self._known[text]

    def entry(self, entry_id: str | None) -> Entry | None:
        """The entry of that id, if it may answer."""
        entry = self.retriever.entry(entry_id) if entry_id else None
        return entry if entry and entry.answers(self.today, self.audience) else None
