"""Who of a conversation is writing just now.

It is kept in the database, for the two sides may be served by different processes, and it goes by
itself: who stops writing, or vanishes, says nothing of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.conversations.tables import conversation_typing as typing
from bot.storage import Database
from bot.text.clock import Clock, utc_now

Side = Literal["customer", "agent"]

# A page says it every three seconds while somebody writes; one that is late is forgiven.
LASTS = timedelta(seconds=6)
# Said again with so much left it changes nothing.
FRESH = timedelta(seconds=4)


class Typing:
    """Marks that lapse. Whoever began one here can end it early; another's ends by itself."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock
        self._begun: dict[tuple[str, Side], datetime] = {}

    def begin(self, conversation_id: str, side: Side) -> None:
        """Somebody writes, or still does."""
        now, key = self._clock(), (conversation_id, side)
        if self._begun.get(key, now) - now >= FRESH:
            return
        until = now + LASTS
        mine = (typing.c.conversation_id == conversation_id, typing.c.role == side)
        with self._db.begin() as tx:
            tx.execute(delete(typing).where(typing.c.until <= now))
            if not tx.execute(update(typing).where(*mine).values(until=until)).rowcount:
                try:
                    with tx.begin_nested():
                        row = {"conversation_id": conversation_id, "role": side, "until": until}
                        tx.execute(insert(typing).values(row))
                except IntegrityError:
                    pass  # the same person's other page was faster
        self._begun = {each: end for each, end in self._begun.items() if end > now}
        self._begun[key] = until

    def end(self, conversation_id: str, side: Side) -> None:
        """They have sent what they wrote."""
        if self._begun.pop((conversation_id, side), None) is None:
            return
        with self._db.begin() as tx:
            tx.execute(
                delete(typing).where(
                    typing.c.conversation_id == conversation_id, typing.c.role == side
                )
            )

    def now(self, side: Side) -> frozenset[str]:
        """The conversations in which that side writes."""
        query = select(typing.c.conversation_id).where(
            typing.c.role == side, typing.c.until > self._clock()
        )
        with self._db.read() as tx:
            return frozenset(tx.execute(query).scalars())
