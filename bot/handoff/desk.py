"""What customers and agents do with tickets, together with what each is told of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.errors import Invalid
from bot.handoff.queue import TicketQueue
from bot.handoff.summary import NOTHING, Line, summarise
from bot.handoff.ticket import LINES, REASONS, SIGNALS, Ticket, with_regret
from bot.storage import Database

# How much of a conversation a summary is made of, and an agent shown at first.
TRANSCRIPT_MESSAGES = 500

RESOLUTIONS = {
    "answered": "已解答",
    "done": "已办理",
    "forwarded": "已转其他部门",
    "unreachable": "客户无应答",
}


class Transcript(Protocol):
    """Where the conversation is kept. Its writes join the transaction they are made in."""

    def append(
        self, conversation_id: str, role: Any, text: str, *, card: dict[str, Any] | None = None
    ) -> Any:
        """Add a message of ``role`` agent or system."""

    def after(self, conversation_id: str, seq: int = 0, limit: int = 500) -> Sequence[Line]:
        """Messages behind ``seq``, in order."""

    def last_seq(self, conversation_id: str) -> int:
        """The number of the newest message."""


@dataclass(frozen=True)
class Handover:
    """The ticket a customer now has, their place in the queue, and whether it was just opened."""

    ticket: Ticket
    position: int
    new: bool


class Desk:
    """Joins queue and transcript: a ticket moves and its customer is told, or neither happens."""

    def __init__(self, db: Database, queue: TicketQueue, transcript: Transcript) -> None:
        self._db = db
        self.queue = queue
        self._transcript = transcript

    def hand_over(
        self,
        conversation_id: str,
        *,
        customer_id: str | None,
        reason: str,
        line: str,
        slots: dict[str, Any],
        signals: Collection[str] = (),
        facts: Mapping[str, str] = NOTHING,
        opening: str | None = None,
    ) -> Handover:
        """Put the conversation into the queue and tell the customer where in it they are.

        ``signals`` (:data:`bot.handoff.ticket.SIGNALS`) make it more urgent, are told to the
        agent and set the tone. ``facts``, by their labels, end the summary: what was gathered and
        need not be asked again. ``opening`` is said in the place of the reason's own, where there
        is more to tell than that.
        """
        with self._db.begin():
            if reason not in REASONS:
                raise Invalid(f"没有转人工原因 {reason!r}，可选：{'、'.join(REASONS)}")
            noticed = "、".join(SIGNALS[name].name for name in signals)
            why = REASONS[reason].name + (f"（{noticed}）" if noticed else "")
            summary = summarise(why, self._recent(conversation_id), facts)
            ticket, new = self.queue.open(
                conversation_id,
                customer_id=customer_id,
                reason=reason,
                line=line,
                summary=summary,
                slots=slots,
                signals=signals,
            )
            position = self.queue.position(ticket)
            if new:
                said = with_regret(opening or REASONS[reason].opening, signals)
                self._tell(ticket, f"{said}。{_waiting(ticket, position)}", True)
        return Handover(ticket, position, new)

    def claim(self, ticket_id: str, agent: str) -> Ticket:
        """An agent takes a waiting ticket."""
        with self._db.begin():
            ticket = self.queue.claim(ticket_id, agent)
            self._tell(ticket, f"客服（工号 {agent}）为您服务。")
        return ticket

    def reply(self, ticket_id: str, agent: str, text: str) -> None:
        """The agent who has the ticket writes to the customer."""
        if not text.strip():
            raise Invalid("回复内容不能为空")
        with self._db.begin():
            ticket = self.queue.require_owner(ticket_id, agent)
            self._transcript.append(ticket.conversation_id, "agent", text.strip())

    def transfer(
        self, ticket_id: str, by: str, *, line: str | None, agent: str | None, note: str
    ) -> Ticket:
        """Pass the ticket to a colleague or to another line's queue; the customer is told."""
        with self._db.begin():
            ticket = self.queue.pass_on(ticket_id, by, line=line, agent=agent, note=note)
            if agent is not None:
                self._tell(
                    ticket, f"已为您转接给另一位客服（工号 {agent}），之前的对话客服可以看到。"
                )
            else:
                position = self.queue.position(ticket)
                where = LINES[ticket.line]
                self._tell(ticket, f"已为您转接到{where}客服。{_waiting(ticket, position)}")
        return ticket

    def resolve(self, ticket_id: str, agent: str, *, code: str, note: str) -> Ticket:
        """The agent ends the conversation; the assistant is back."""
        if code not in RESOLUTIONS:
            raise Invalid(f"没有办结代码 {code!r}，可选：{'、'.join(RESOLUTIONS)}")
        with self._db.begin():
            ticket = self.queue.resolve(ticket_id, agent, f"{RESOLUTIONS[code]} {note}".strip())
            self._tell(ticket, "本次人工服务已结束，感谢您的耐心。智能助手继续为您服务。")
        return ticket

    def transcript_of(self, ticket: Ticket) -> Sequence[Line]:
        """The latest messages of the ticket's conversation, oldest first."""
        return self._recent(ticket.conversation_id)

    def _recent(self, conversation_id: str) -> Sequence[Line]:
        start = max(0, self._transcript.last_seq(conversation_id) - TRANSCRIPT_MESSAGES)
        return self._transcript.after(conversation_id, start, TRANSCRIPT_MESSAGES)

    def _tell(self, ticket: Ticket, text: str, with_card: bool = False) -> None:
        card = {"type": "ticket", "number": ticket.id} if with_card else None
        self._transcript.append(ticket.conversation_id, "system", text, card=card)


def _waiting(ticket: Ticket, position: int) -> str:
    ahead = f"前面还有 {position - 1} 位客户" if position > 1 else "您是下一位"
    return f"排队编号 {ticket.id}，{ahead}。请稍候，您可以继续留言，客服会看到。"
