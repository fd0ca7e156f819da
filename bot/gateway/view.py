"""What a customer sees of a conversation: its messages, who has it, and the ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.conversations.log import Message, MessageLog
from bot.handoff.port import HandoffPort
from bot.handoff.queue import TicketQueue
from bot.handoff.ticket import ENDED, PENDING, WITH_PERSON

PAGE = 500

# A ticket's inner life is the desk's own; a customer's page knows what they were always called.
_SHOWN = {
    **dict.fromkeys(PENDING, "waiting"),
    **dict.fromkeys(WITH_PERSON, "active"),
    **dict.fromkeys(ENDED, "resolved"),
    "abandoned": "abandoned",
    "callback": "callback",
}


@dataclass(frozen=True)
class View:
    """A conversation from some message on.

    Attributes:
        state: ``bot``, ``queued`` or ``human``.
        ticket: ``{"number", "state", "position", "minutes"}`` of the open ticket; ``position``
            counts from 1 while it waits and is ``None`` after; ``minutes`` are the least and the
            most that the wait will probably last, ``None`` where nobody can tell.
        messages: at most ``PAGE``, in order.
        more: whether there are further messages.
    """

    state: str
    ticket: dict[str, Any] | None
    messages: tuple[Message, ...]
    more: bool


class Views:
    """Reads views from the log and the ticket table, the two truths about a conversation."""

    def __init__(self, log: MessageLog, queue: TicketQueue, desk: HandoffPort) -> None:
        self._log = log
        self._queue = queue
        self._desk = desk

    def look(self, conversation_id: str, after: int) -> View:
        """The conversation after message ``after``.

        The ticket is read after the messages: a stream that sees a ticket's message late is
        woken by that message, one that saw its ticket late would not be woken again.
        """
        with self._queue.db.read():
            return self._look(conversation_id, after)

    def _look(self, conversation_id: str, after: int) -> View:
        messages = tuple(self._log.after(conversation_id, after, PAGE))
        ticket = self._queue.open_ticket_of(conversation_id)
        more = len(messages) == PAGE
        if ticket is None or ticket.state not in (*PENDING, *WITH_PERSON):
            return View("bot", None, messages, more)
        wait = self._desk.waiting(ticket) if ticket.state in PENDING else None
        shown = {
            "number": ticket.id,
            "state": _SHOWN[ticket.state],
            "position": wait and wait.position,
            "minutes": wait and wait.minutes,
        }
        return View("queued" if wait else "human", shown, messages, more)

    def role_at(self, conversation_id: str, seq: int) -> str | None:
        """Who wrote message ``seq``; ``None`` if there is none."""
        found = self._log.after(conversation_id, seq - 1, 1) if seq > 0 else []
        return found[0].role if found and found[0].seq == seq else None

    def closed_ticket(self, number: str) -> dict[str, Any]:
        """How a ticket that is no longer open ended."""
        state = _SHOWN[self._queue.get(number).state]
        return {"number": number, "state": state, "position": None}

    def places(self) -> dict[str, int]:
        """Where everybody who waits stands in the queue, by conversation."""
        return self._queue.places()
