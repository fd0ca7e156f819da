"""What a customer sees of a conversation: its messages, who has it, and the ticket."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.conversations.log import Message, MessageLog
from bot.conversations.models import iso
from bot.handoff.announcements import Announcement
from bot.handoff.port import HandoffPort
from bot.handoff.queue import TicketQueue
from bot.handoff.ticket import ENDED, PENDING, WITH_PERSON, Ticket
from bot.handoff.waiting import Wait

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
        ticket: ``{"number", "state", "position", "minutes", "callback", "agent"}`` of the open
            ticket; ``position`` counts from 1 while it waits and is ``None`` after; ``minutes`` are
            the least and the most that the wait will probably last, ``None`` where nobody can tell;
            ``callback`` is ``{"at", "until"}`` where a time was agreed on.
        announcement: what is announced to everybody now.
        messages: at most ``PAGE``, in order.
        more: whether there are further messages.
    """

    state: str
    ticket: dict[str, Any] | None
    announcement: dict[str, Any] | None
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
        announced = self._queue.announcements.current()
        shown = announced_to_all(announced) if announced else None
        more = len(messages) == PAGE
        ticket = self._queue.open_ticket_of(conversation_id)
        if ticket is None:
            return View("bot", None, shown, messages, more)
        wait = self._desk.waiting(ticket) if ticket.state in PENDING else None
        state = "human" if ticket.state in WITH_PERSON else "queued" if wait else "bot"
        return View(state, ticket_shown(ticket, wait), shown, messages, more)

    def role_at(self, conversation_id: str, seq: int) -> str | None:
        """Who wrote message ``seq``; ``None`` if there is none."""
        found = self._log.after(conversation_id, seq - 1, 1) if seq > 0 else []
        return found[0].role if found and found[0].seq == seq else None

    def closed_ticket(self, number: str) -> dict[str, Any]:
        """How a ticket that is no longer open ended."""
        return ticket_shown(self._queue.get(number), None)

    def places(self, conversations: Collection[str]) -> dict[str, int]:
        """Where those of them who wait stand in the queue, by conversation."""
        return self._queue.places(conversations)

    def announced(self) -> int | None:
        """Which announcement is in force."""
        found = self._queue.announcements.current()
        return found.id if found else None


def ticket_shown(ticket: Ticket, wait: Wait | None) -> dict[str, Any]:
    """A ticket as its customer sees it."""
    agreed = (ticket.callback_at, ticket.callback_until) if ticket.state == "callback" else None
    return {
        "number": ticket.id,
        "state": _SHOWN[ticket.state],
        "position": wait and wait.position,
        "minutes": wait and wait.minutes,
        "callback": interval_shown(agreed) if agreed else None,
        "agent": ticket.agent if ticket.state in WITH_PERSON else None,
    }


def interval_shown(interval: tuple[datetime | None, datetime | None]) -> dict[str, Any]:
    """A stretch of time as pages get it."""
    at, until = interval
    return {"at": at and iso(at), "until": until and iso(until)}


def is_announcement(message: Message) -> bool:
    """Whether it says to this customer what is announced to everybody."""
    return (message.card or {}).get("type") == "announcement"


def announced_to_all(announcement: Announcement) -> dict[str, Any]:
    """An announcement as customers see it."""
    return {
        "id": announcement.id,
        "kind": announcement.kind,
        "title": announcement.title,
        "text": announcement.text,
        "until": announcement.until and iso(announcement.until),
    }
