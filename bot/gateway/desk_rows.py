"""Rows of tickets put together from the queue and the message log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from bot.conversations.glance import Glance
from bot.conversations.log import MessageLog
from bot.conversations.models import Message
from bot.conversations.tables import conversations
from bot.gateway import desk_view as view
from bot.gateway.desk_thread import Threads
from bot.handoff.desk import Desk
from bot.handoff.live import LIVE, LiveTickets
from bot.handoff.tables import tickets
from bot.handoff.ticket import STATES, Ticket
from bot.storage import Database


class DeskRows:
    """Makes rows of many tickets with few statements."""

    def __init__(self, db: Database, desk: Desk, log: MessageLog) -> None:
        self.db = db
        self.live = LiveTickets(desk.queue)
        self.aside = desk.aside
        self.asks = desk.asking.book
        self.threads = Threads(log, Glance(db))
        self.clock = desk.queue.clock
        self._routes = desk.queue.routes

    def last_seqs(self) -> dict[str, int]:
        """The number of the newest message of each live ticket's conversation.

        It counts in the transaction that adds a message: whoever compares it misses none.
        """
        query = (
            select(conversations.c.id, conversations.c.last_seq)
            .join(tickets, tickets.c.conversation_id == conversations.c.id)
            .where(tickets.c.state.in_(LIVE))
        )
        with self.db.read() as tx:
            return {key: seq for key, seq in tx.execute(query)}

    def of(self, found: Sequence[Ticket], reader: str) -> list[dict[str, Any]]:
        """The rows as one person reads them, in the tickets' order."""
        made = self.plain(found, self.threads.latest(found))
        marks = self.aside.read_marks([each.id for each in found], reader)
        return [{**made[each.id], "seen_seq": marks.get(each.id, 0)} for each in found]

    def plain(
        self, found: Sequence[Ticket], latest: dict[str, Message]
    ) -> dict[str, dict[str, Any]]:
        """The rows without anybody's read marks, by number.

        Args:
            latest: the newest message of each ticket.
        """
        histories = self.live.histories([each.id for each in found])
        late = self.live.clocks(found, histories, self.clock())
        states = {each.state for each in found}
        # Of one ticket its own guests are looked up, of many everybody's at once.
        only = found[0].id if len(found) == 1 else None
        guests = self.aside.guests(states, only) if states <= set(STATES) and states else {}
        asks = defaultdict(list)
        for ask in self.asks.open_of(only) if found else ():
            asks[ask.ticket_id].append(ask)
        made = {}
        for ticket in found:
            last = latest.get(ticket.id)
            made[ticket.id] = view.row(
                ticket, self._routes, late[ticket.id], last, last.seq if last else 0,
                guests.get(ticket.id, ()), asks[ticket.id],
            )  # fmt: skip
        return made
