"""Rows of tickets put together from the queue and the message log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.conversations.glance import Glance
from bot.conversations.log import MessageLog
from bot.conversations.models import Message
from bot.gateway import desk_view as view
from bot.handoff.desk import Desk
from bot.handoff.live import LiveTickets
from bot.handoff.ticket import STATES, Ticket
from bot.storage import Database


class DeskRows:
    """Makes rows of many tickets with few statements."""

    def __init__(self, db: Database, desk: Desk, log: MessageLog) -> None:
        self.live = LiveTickets(desk.queue)
        self.aside = desk.aside
        self.log = log
        self.glance = Glance(db)
        self.clock = desk.queue.clock
        self._routes = desk.queue.routes

    def of(self, tickets: Sequence[Ticket], reader: str) -> list[dict[str, Any]]:
        """The rows as one person reads them, in the tickets' order."""
        made = self.plain(tickets, self.glance.latest([each.conversation_id for each in tickets]))
        marks = self.aside.read_marks([each.id for each in tickets], reader)
        return [{**made[each.id], "seen_seq": marks.get(each.id, 0)} for each in tickets]

    def plain(
        self, tickets: Sequence[Ticket], latest: dict[str, Message]
    ) -> dict[str, dict[str, Any]]:
        """The rows without anybody's read marks, by number.

        Args:
            latest: the newest message of each conversation.
        """
        histories = self.live.histories([each.id for each in tickets])
        late = self.live.clocks(tickets, histories, self.clock())
        states = {each.state for each in tickets}
        # Of one ticket its own guests are looked up, of many everybody's at once.
        only = tickets[0].id if len(tickets) == 1 else None
        guests = self.aside.guests(states, only) if states <= set(STATES) and states else {}
        made = {}
        for ticket in tickets:
            last = latest.get(ticket.conversation_id)
            made[ticket.id] = view.row(
                ticket, self._routes, late[ticket.id], last, last.seq if last else 0,
                guests.get(ticket.id, ()),
            )  # fmt: skip
        return made
