"""What a customer sees of a conversation: its messages, who has it, and the ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.conversations.log import Message, MessageLog
from bot.handoff.queue import TicketQueue

PAGE = 500


@dataclass(frozen=True)
class View:
    """A conversation from some message on.

    Attributes:
        state: ``bot``, ``queued`` or ``human``.
        ticket: ``{"number", "state", "position"}`` of the open ticket; ``position`` counts from
            1 while it waits and is ``None`` after.
        messages: at most ``PAGE``, in order.
        more: whether there are further messages.
    """

    state: str
    ticket: dict[str, Any] | None
    messages: tuple[Message, ...]
    more: bool


class Views:
    """Reads views from the log and the ticket table, the two truths about a conversation."""

    def __init__(self, log: MessageLog, queue: TicketQueue) -> None:
        self._log = log
        self._queue = queue

    def look(self, conversation_id: str, after: int) -> View:
        """The conversation after message ``after``.

        The ticket is read after the messages: a stream that sees a ticket's message late is
        woken by that message, one that saw its ticket late would not be woken again.
        """
        messages = tuple(self._log.after(conversation_id, after, PAGE))
        ticket = self._queue.open_ticket_of(conversation_id)
        if ticket is None:
            return View("bot", None, messages, len(messages) == PAGE)
        waiting = ticket.state == "waiting"
        shown = {
            "number": ticket.id,
            "state": ticket.state,
            "position": self._queue.position(ticket) if waiting else None,
        }
        state = "queued" if waiting else "human"
        return View(state, shown, messages, len(messages) == PAGE)

    def role_at(self, conversation_id: str, seq: int) -> str | None:
        """Who wrote message ``seq``; ``None`` if there is none."""
        found = self._log.after(conversation_id, seq - 1, 1) if seq > 0 else []
        return found[0].role if found and found[0].seq == seq else None

    def closed_ticket(self, number: str) -> dict[str, Any]:
        """How a ticket that is no longer open ended."""
        return {"number": number, "state": self._queue.get(number).state, "position": None}

    def queue_order(self) -> tuple[tuple[str, str], ...]:
        """(ticket, conversation) of all who wait, in order."""
        return tuple(
            (ticket.id, ticket.conversation_id) for ticket in self._queue.list(state="waiting")
        )
