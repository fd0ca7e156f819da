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
from bot.handoff.live import LiveTickets, on_desks
from bot.handoff.ticket import Ticket
from bot.storage import Database

# Made once, for it is run three times a second.
_STANDING = select(conversations.c.id, conversations.c.last_seq, conversations.c.large_type).where(
    conversations.c.id.in_(on_desks("conversation_id"))
)


class DeskRows:
    """Makes rows of many tickets with few statements."""

    def __init__(self, db: Database, desk: Desk, log: MessageLog) -> None:
        self.db = db
        self.live = LiveTickets(desk.queue)
        self.aside = desk.aside
        self.asks = desk.asking.book
        self._glance = Glance(db)
        self.threads = Threads(log, self._glance)
        self.clock = desk.queue.clock
        self._routes = desk.queue.routes

    def standing(self) -> dict[str, tuple[int, bool]]:
        """Of each conversation that is on a desk the number of its newest message, and whether it
        is read in large type.

        The number counts in the transaction that adds a message: whoever compares it misses none.
        """
        with self.db.read() as tx:
            return {key: (seq, large) for key, seq, large in tx.execute(_STANDING)}

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
        guests = self.aside.guests([each.id for each in found])
        large = self._glance.in_large_type([each.conversation_id for each in found])
        asks = defaultdict(list)
        # Of one ticket its own are looked up, of many the few that there are.
        for ask in self.asks.open_of(found[0].id if len(found) == 1 else None) if found else ():
            asks[ask.ticket_id].append(ask)
        made = {}
        for ticket in found:
            last = latest.get(ticket.id)
            made[ticket.id] = view.row(
                ticket, self._routes, late[ticket.id], last, last.seq if last else 0,
                guests.get(ticket.id, ()), asks[ticket.id], ticket.conversation_id in large,
            )  # fmt: skip
        return made
