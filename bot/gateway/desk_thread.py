"""What of a conversation belongs to a ticket: everything before, nothing after its end.

A customer goes on with the assistant, and perhaps with another agent; that is not for whoever
served them before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.conversations.glance import Glance
from bot.conversations.log import MessageLog
from bot.conversations.models import Message
from bot.handoff.ticket import Ticket

PAGE = 500
# The farewell is written with the end, a moment later.
_FAREWELL = timedelta(seconds=1)


def end_of(ticket: Ticket) -> datetime | None:
    """Until when what is said belongs to the ticket; ``None`` while it lasts."""
    return None if ticket.ended_at is None else ticket.ended_at + _FAREWELL


class Threads:
    """Reads conversations as far as they belong to tickets."""

    def __init__(self, log: MessageLog, glance: Glance) -> None:
        self._log = log
        self._glance = glance

    def after(self, ticket: Ticket, seq: int) -> list[Message]:
        """Messages behind one of them, at most ``PAGE``."""
        said = self._log.after(ticket.conversation_id, seq, PAGE)
        end = end_of(ticket)
        return said if end is None else [each for each in said if each.at <= end]

    def all_after(self, ticket: Ticket, seq: int) -> list[Message]:
        """The same to their end, however many they are."""
        found: list[Message] = []
        while some := self.after(ticket, seq):
            found.extend(some)
            seq = some[-1].seq
        return found

    def latest(self, tickets: Sequence[Ticket]) -> dict[str, Message]:
        """The newest message of each ticket that has any, by number."""
        going_on = [each for each in tickets if each.ended_at is None]
        newest = self._glance.latest([each.conversation_id for each in going_on])
        found = {
            each.id: newest[each.conversation_id]
            for each in going_on
            if each.conversation_id in newest
        }
        for ticket in tickets:
            end = end_of(ticket)
            if end is not None:
                last = self._glance.last_until(ticket.conversation_id, end)
                found |= {ticket.id: last} if last else {}
        return found
