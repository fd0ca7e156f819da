"""How far many conversations are, seen with few statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, select

from bot.conversations.log import message_of
from bot.conversations.models import Message
from bot.conversations.tables import conversations, messages
from bot.storage import Database

# A statement may hold so many ids.
_AT_ONCE = 500


class Glance:
    """Reads the ends of conversations."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def latest(self, ids: Sequence[str]) -> dict[str, Message]:
        """The newest message of each conversation that has any."""
        newest = and_(
            messages.c.conversation_id == conversations.c.id,
            messages.c.seq == conversations.c.last_seq,
        )
        found: dict[str, Message] = {}
        with self._db.read() as tx:
            for some in _parts(ids):
                query = select(messages).join(conversations, newest)
                for row in tx.execute(query.where(conversations.c.id.in_(some))):
                    found[row.conversation_id] = message_of(row)
        return found

    def in_large_type(self, ids: Sequence[str]) -> set[str]:
        """Those of the conversations that are read in large type."""
        found: set[str] = set()
        large = select(conversations.c.id).where(conversations.c.large_type)
        with self._db.read() as tx:
            for some in _parts(ids):
                found.update(tx.execute(large.where(conversations.c.id.in_(some))).scalars())
        return found

    def last_until(self, conversation_id: str, moment: datetime) -> Message | None:
        """The newest message that is no younger than a moment."""
        query = (
            select(messages)
            .where(messages.c.conversation_id == conversation_id, messages.c.at <= moment)
            .order_by(messages.c.seq.desc())
            .limit(1)
        )
        with self._db.read() as tx:
            row = tx.execute(query).first()
        return None if row is None else message_of(row)


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)]
