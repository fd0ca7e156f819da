"""Which FAQ entries answer the most conversations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import distinct, func, select

from bot.conversations.tables import messages
from bot.storage import Database


def most_answered(
    db: Database, since: datetime, least: int, limit: int = 50
) -> list[tuple[str, int]]:
    """(entry id, number of conversations it answered since then), most first, ties by id.

    Conversations are counted, not answers: one customer who asks ten times is one.

    Args:
        least: entries that answered fewer conversations are left out.
        limit: how many entries at most.
    """
    entry = messages.c.source["faq_id"].as_string()
    answered = func.count(distinct(messages.c.conversation_id))
    with db.read() as tx:
        rows = tx.execute(
            select(entry, answered)
            .where(messages.c.role == "bot", messages.c.at >= since, entry.is_not(None))
            .group_by(entry)
            .having(answered >= least)
            .order_by(answered.desc(), entry)
            .limit(limit)
        ).all()
    return [(entry_id, count) for entry_id, count in rows]
