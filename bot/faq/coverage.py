"""What the bank has an answer to by now, so that nobody is asked to write it again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.faq.bank import Bank
from bot.faq.checks import plain
from bot.faq.entry import Entry
from bot.faq.retriever import Retriever

# Customers who signed in see all that customers may see.
AUDIENCE = "signed_in"
# From even odds on the search alone holds an entry for likelier than all others together.
LIKELY = 0.5


class First(NamedTuple):
    """The entry that a search names first, and how it speaks for it."""

    entry_id: str
    score: float
    answered: bool


class Coverage:
    """The bank's files and the publication in use, asked on one day.

    Args:
        retriever: of the publication in use; ``None`` when there is none.
    """

    def __init__(self, bank: Bank, retriever: Retriever | None, today: date) -> None:
        self._entries = {entry.id: entry for entry in bank.entries if entry.status != "withdrawn"}
        self._retriever = retriever
        self._today = today
        self._stored: dict[str, str] = {}
        for entry in self._entries.values():
            for question in (*entry.questions, *entry.expected):
                self._stored.setdefault(plain(question), entry.id)
        # The same texts are asked about again and again.
        self._first = lru_cache(maxsize=None)(self._search)
        self._plain = lru_cache(maxsize=None)(plain)

    def entry(self, entry_id: str | None) -> Entry | None:
        """The entry, unless it is withdrawn or gone."""
        return self._entries.get(entry_id or "")

    def stored(self, text: str) -> str | None:
        """The entry that has this text among its wordings or regression questions."""
        return self._stored.get(self._plain(text))

    def covers(self, text: str, wrong: Collection[str] = ()) -> bool:
        """Whether the bank has this wording, or the publication in use is sure of an answer to it;
        entries that are known to be ``wrong`` do not count."""
        if self.stored(text) not in (None, *wrong):
            return True
        first = self._first(text)
        return first is not None and first.answered and first.entry_id not in wrong

    def has(self, text: str, entry_id: str) -> bool:
        """Whether the bank has this wording, or answers it with this entry anyway."""
        first = self._first(text)
        answered = first is not None and first.answered and first.entry_id == entry_id
        return answered or self.stored(text) is not None

    def favours(self, text: str, entry_id: str) -> bool:
        """Whether the search by itself holds this entry for the right one."""
        first = self._first(text)
        return first is not None and first.entry_id == entry_id and first.score >= LIKELY

    def _search(self, text: str) -> First | None:
        if self._retriever is None:
            return None
        found = self._retriever.search(text, self._today, AUDIENCE)
        if not found.candidates:
            return None
        best = found.candidates[0]
        return First(best.entry.id, best.score, found.decision == "answer")
