"""Suggestions and praise: kept for the department they concern, without case or deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.complaints.store import record
from bot.complaints.tables import suggestions
from bot.complaints.vocabulary import check_text
from bot.storage import Database
from bot.text.clock import Clock, utc_now
from bot.text.masking import drop_secrets, mask_text


@dataclass(frozen=True)
class Suggestion:
    """What somebody suggested; ``text`` is masked, ``customer_id`` None for an anonymous one."""

    id: int
    customer_id: str | None
    conversation_id: str | None
    text: str
    received_at: datetime


class Suggestions:
    """The book of suggestions. Anybody may make one; each method is one transaction."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def add(
        self, text: str, *, key: str, customer_id: str | None, conversation_id: str | None = None
    ) -> tuple[Suggestion, bool]:
        """Write a suggestion down; the same ``key`` again gives the one there is, and ``False``.

        Raises:
            Invalid: the text is empty or too long.
        """
        text = mask_text(drop_secrets(check_text(text, "建议内容"))[0])
        with self._db.begin() as tx:
            known = self._known(key)
            if known is not None:
                return known, False
            row = {
                "key": key, "customer_id": customer_id, "conversation_id": conversation_id,
                "text": text, "received_at": self._clock(),
            }  # fmt: skip
            new = True
            try:
                with tx.begin_nested():
                    tx.execute(insert(suggestions).values(**row))
            except IntegrityError:  # another process wrote it down between the look and the insert
                new = False
            added = self._known(key)
            assert added is not None
        return added, new

    def newest(self, limit: int = 100) -> tuple[Suggestion, ...]:
        """The latest suggestions, newest first."""
        query = select(suggestions).order_by(suggestions.c.id.desc()).limit(limit)
        with self._db.read() as tx:
            return tuple(record(Suggestion, row) for row in tx.execute(query))

    def _known(self, key: str) -> Suggestion | None:
        with self._db.read() as tx:
            row = tx.execute(select(suggestions).where(suggestions.c.key == key)).first()
        return None if row is None else record(Suggestion, row)
