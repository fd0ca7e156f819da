"""The questions an empty conversation opens with: what is asked most these days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.conversations.popularity import most_answered
from bot.faq.entry import Entry
from bot.faq.suggest import LiveSuggester
from bot.storage import Database
from bot.text.clock import Clock, shanghai

# Fewer buttons than a phone is high, greeting and large type included.
MOST = 5
WINDOW = timedelta(days=7)
# Fewer conversations are chance, and might tell of somebody.
LEAST = 3
# Counting reads a week of the log; what is hot does not change faster.
REFRESH = timedelta(minutes=10)


class HotQuestions:
    """Counts the log now and again; whether an entry may still be shown is asked each time.

    Args:
        live: the published bank.
        curated: ids of the entries that fill the list up while the log is young, in this order;
            one that is not published is passed over.
    """

    def __init__(
        self, db: Database, live: LiveSuggester, curated: Sequence[str], clock: Clock
    ) -> None:
        self._db = db
        self._live = live
        self._curated = tuple(curated)
        self._clock = clock
        self._counted: tuple[str, ...] = ()
        self._counted_at: datetime | None = None

    def entries(self) -> list[Entry]:
        """At most ``MOST`` entries that may be given to everybody today."""
        now = self._clock()
        bank, today = self._live.current(), shanghai(now).date()
        ids = dict.fromkeys((*self._most_answered(now), *self._curated))
        return _first(bank.entry(entry_id, today) for entry_id in ids)

    def _most_answered(self, now: datetime) -> tuple[str, ...]:
        if self._counted_at is None or now - self._counted_at >= REFRESH:
            # Set first: whoever asks meanwhile gets the former list instead of counting too.
            self._counted_at = now
            counted = most_answered(self._db, now - WINDOW, LEAST)
            self._counted = tuple(entry_id for entry_id, _ in counted)
        return self._counted


def _first(entries: Iterable[Entry | None]) -> list[Entry]:
    return [entry for entry in entries if entry is not None][:MOST]
