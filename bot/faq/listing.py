"""The bank as a maintainer leafs through it: rows with their marks, searched and filtered."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.faq.checks import REVIEW_DAYS
from bot.faq.entry import Entry

# An entry that ends within so many days is told of.
EXPIRING_DAYS = 30
STATES = ("waiting", "changed", "overdue", "expiring")


@dataclass(frozen=True)
class Row:
    """An entry and what there is to know of it on a day.

    ``waiting``: nobody else approved its last change; ``live``: it answers as it is in the files;
    ``changed``: publishing would change what customers get of it; ``overdue``: its review is;
    ``expiring``: it ends soon.
    """

    entry: Entry
    waiting: bool
    live: bool
    changed: bool
    overdue: bool
    expiring: bool


@dataclass(frozen=True)
class Filter:
    """What to show; an empty value means everything. ``state`` is one of :data:`STATES`."""

    q: str = ""
    topic: str = ""
    status: str = ""
    audience: str = ""
    owner: str = ""
    state: str = ""

    def select(self, rows: Iterable[Row]) -> list[Row]:
        """The rows that fit, in their order."""
        words = _folded(self.q).split()
        return [row for row in rows if self._fits(row) and _holds(row.entry, words)]

    def _fits(self, row: Row) -> bool:
        wanted = {name: getattr(self, name) for name in ("topic", "status", "audience", "owner")}
        plain = all(not want or getattr(row.entry, name) == want for name, want in wanted.items())
        return plain and (not self.state or bool(getattr(row, self.state)))


def rows(
    entries: Iterable[Entry], published: Mapping[str, Entry], waiting: Collection[str], today: date
) -> list[Row]:
    """Every entry with its marks.

    Args:
        published: the version in use, by id.
        waiting: ids of entries that wait for a review.
        today: Shanghai day.
    """
    return [_row(entry, published.get(entry.id), entry.id in waiting, today) for entry in entries]


def _row(entry: Entry, there: Entry | None, waiting: bool, today: date) -> Row:
    wanted = entry if entry.status == "approved" else None
    last = entry.expires - timedelta(days=1) if entry.expires else None
    return Row(
        entry,
        waiting,
        live=there is not None and there == entry,
        changed=there != wanted,
        overdue=entry.status != "withdrawn" and (today - entry.reviewed_on).days > REVIEW_DAYS,
        expiring=entry.status == "approved"
        and last is not None
        and today <= last <= today + timedelta(days=EXPIRING_DAYS),
    )


def _holds(entry: Entry, words: list[str]) -> bool:
    if not words:
        return True
    text = _folded("\n".join((entry.id, *entry.questions, entry.answer)))
    return all(word in text for word in words)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
