"""The customers' side of the desk: what they ask of the queue, and what they are told of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.errors import Conflict
from bot.handoff.announcements import Announcement
from bot.handoff.floor import Floor
from bot.handoff.hours import Interval
from bot.handoff.port import Handover, Transcript
from bot.handoff.queue import TicketQueue
from bot.handoff.reasons import REASONS, SIGNALS, with_regret
from bot.handoff.summary import NOTHING, Line, language_of, summarise, tried_of
from bot.handoff.ticket import PENDING, QUEUED, Ticket
from bot.handoff.waiting import Wait, estimate
from bot.handoff.words import later, news_of, place, slot, why
from bot.storage import Database

# How much of a conversation a summary is made of, and an agent shown at first.
TRANSCRIPT_MESSAGES = 500


class Reception:
    """Joins queue and transcript: a ticket moves and its customer is told, or neither happens.

    Implements :class:`~bot.handoff.port.HandoffPort` for whatever desk is behind it.
    """

    def __init__(self, db: Database, queue: TicketQueue, transcript: Transcript) -> None:
        self._db = db
        self.queue = queue
        self.floor = Floor(queue)
        self._transcript = transcript

    # ── calling a person ─────────────────────────────────────────────────────
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
        customer_tier: str = "standard",
        due_at: datetime | None = None,
    ) -> Handover:
        """See :meth:`bot.handoff.port.HandoffPort.hand_over`."""
        with self._db.begin():
            lines = self._recent(conversation_id)
            known = self.queue.open_ticket_of(conversation_id)
            ticket, new = self.queue.open(
                conversation_id,
                customer_id=customer_id,
                reason=reason,
                line=line,
                summary=summarise(why(reason, signals), lines, facts),
                slots=slots,
                signals=signals,
                language=language_of(lines),
                customer_tier=customer_tier,
                tried=tried_of(lines),
                due_at=due_at,
            )
            wait = self.waiting(ticket)
            # Of two who ask at once, one finds the other's ticket where there was none.
            self._answer(None if new else known or ticket, ticket, wait, opening)
        return Handover(ticket, wait, new)

    def not_resolved(self, conversation_id: str) -> Handover:
        """See :meth:`bot.handoff.port.HandoffPort.not_resolved`."""
        with self._db.begin():
            ticket, new = self.queue.reopen(conversation_id)
            wait = self.waiting(ticket)
            if new:
                self._tell(ticket, self._sorry(ticket, wait))
                self._changed("reopened", ticket)
        return Handover(ticket, wait, new)

    # ── while the customer waits ─────────────────────────────────────────────
    def with_person(self, conversation_id: str) -> bool:
        """See :meth:`bot.handoff.port.HandoffPort.with_person`."""
        return self.queue.with_person(conversation_id)

    def customer_wrote(
        self, conversation_id: str, text: str, signals: Collection[str] = ()
    ) -> None:
        """See :meth:`bot.handoff.port.HandoffPort.customer_wrote`."""
        with self._db.begin():
            self.queue.customer_wrote(conversation_id)
            danger = next((name for name in signals if SIGNALS[name].urgent), None)
            ticket = self.queue.open_ticket_of(conversation_id) if danger else None
            if danger and ticket is not None and ticket.state in QUEUED:
                # Each such signal is also what a person is called for.
                self.hand_over(
                    conversation_id,
                    customer_id=ticket.customer_id,
                    reason=danger,
                    line=ticket.line,
                    slots=ticket.slots,
                    signals=signals,
                )

    def waiting(self, ticket: Ticket) -> Wait:
        """See :meth:`bot.handoff.port.HandoffPort.waiting`."""
        group = ticket.skill_group
        with self._db.read():
            return estimate(
                self.queue.position(ticket),
                self.queue.handling_times(group),
                self.queue.routes.group(group).handling,
                *self.floor.room(ticket),
            )

    def leave(self, conversation_id: str) -> Ticket | None:
        """See :meth:`bot.handoff.port.HandoffPort.leave`."""
        with self._db.begin():
            ticket = self.queue.leave(conversation_id)
            if ticket is not None:
                served = ticket.state == "wrap_up"
                ended = "人工服务已结束" if served else "已为您取消人工服务"
                self._tell(ticket, f"{ended}，智能助手继续为您服务。需要时随时说“转人工”。")
                self._changed("left", ticket)
        return ticket

    def keep_assistant(self, conversation_id: str) -> Ticket:
        """See :meth:`bot.handoff.port.HandoffPort.keep_assistant`."""
        with self._db.begin():
            ticket = self.queue.keep_assistant(conversation_id)
            self._tell(ticket, "好的，等候时可以继续问我，排队名次不变，轮到您时客服会直接接进来。")
        return ticket

    def callback_slots(self, conversation_id: str) -> Sequence[Interval]:
        """See :meth:`bot.handoff.port.HandoffPort.callback_slots`."""
        ticket = self.queue.open_ticket_of(conversation_id)
        if ticket is None or ticket.state not in PENDING:
            raise Conflict("这个会话没有在排队，不能预约")
        return self.queue.callback_slots(ticket.skill_group)

    def ask_callback(self, conversation_id: str, at: datetime) -> Ticket:
        """See :meth:`bot.handoff.port.HandoffPort.ask_callback`."""
        with self._db.begin():
            ticket = self.queue.ask_callback(conversation_id, at)
            self._tell(
                ticket,
                f"已为您约好 {slot(ticket)}由客服联系您，编号 {ticket.id}，不用一直等着。"
                "这之前可以继续问我，也可以留言，客服都能看到。",
            )
            self._changed("callback", ticket)
        return ticket

    def tell_announcement(self, conversation_id: str) -> bool:
        """See :meth:`bot.handoff.port.HandoffPort.tell_announcement`."""
        if self.queue.announcements.current() is None:
            return False  # as nearly always, and then nothing is written
        with self._db.begin():
            found = self.queue.announcements.tell_once(conversation_id)
            if found is not None:
                card = {"type": "announcement", "id": found.id}
                self._transcript.append(conversation_id, "system", found.words, card=card)
        return found is not None

    def set_deadline(self, conversation_id: str, due_at: datetime) -> None:
        """See :meth:`bot.handoff.port.HandoffPort.set_deadline`."""
        self.queue.set_deadline(conversation_id, due_at)

    def remind(self, ticket: Ticket) -> None:
        """The time that was agreed on has come."""
        self._tell(ticket, f"您约的时间到了，正在为您安排客服：{self.waiting(ticket)}。")

    # ── inside a transaction ─────────────────────────────────────────────────
    def _changed(self, event: str, ticket: Ticket) -> None:
        """Something happened that the other side of the desk acts on."""

    def _answer(
        self, known: Ticket | None, ticket: Ticket, wait: Wait, opening: str | None
    ) -> None:
        """Tell who asked for a person what became of it; ``known`` is what there was before."""
        news = news_of(opening or "")
        if known is None or (ticket.urgent and not known.urgent):
            self._greet(ticket, wait, opening or REASONS[ticket.reason].opening)
            self._changed("opened" if known is None else "urgent", ticket)
        elif known.state == "callback":
            self._welcome_back(ticket, wait, news)
        elif ticket.assistant_stays and ticket.state in PENDING:
            # The assistant was asked by somebody who has called a person already.
            self._tell(ticket, f"{news}您已经在排队了：{place(ticket, wait)}。")
        elif news:
            self._tell(ticket, news)

    def _sorry(self, ticket: Ticket, wait: Wait) -> str:
        """To somebody whom the first time did not help."""
        if ticket.state == "callback":
            goes_on = (
                f"已重新为您登记，编号 {ticket.id}。{later(self._instead(ticket))}，"
                f"会在 {slot(ticket)}优先联系您"
            )
        else:
            goes_on = f"已为您重新转接{self._group(ticket)}客服，优先处理。{place(ticket, wait)}"
        return f"很抱歉上次没有帮您解决，{goes_on}。之前的对话客服都能看到，您不用再说一遍。"

    def _greet(self, ticket: Ticket, wait: Wait, opening: str) -> None:
        said = with_regret(opening, ticket.signals)
        if ticket.state == "callback":
            text = (
                f"{news_of(said)}{later(self._instead(ticket))}，已为您登记，编号 {ticket.id}，"
                f"客服会在 {slot(ticket)}联系您。您的留言客服都能看到，这之前也可以继续问我。"
            )
        else:
            text = f"{said}。{place(ticket, wait)}。请稍候，您可以继续留言，客服会看到。"
        self._tell(ticket, text, True)

    def _welcome_back(self, ticket: Ticket, wait: Wait, news: str) -> None:
        """Somebody with a time agreed on asks for a person before it has come."""
        if ticket.state == "callback":
            self._tell(
                ticket,
                f"{news}{later(self._instead(ticket))}，客服会在 {slot(ticket)}联系您，编号 {ticket.id}。"
                "这之前可以继续问我，也可以留言。",
            )
        else:
            self._tell(ticket, f"{news}不用等到约好的时间了，已为您排队：{place(ticket, wait)}。")
            self._changed("back", ticket)

    def _instead(self, ticket: Ticket) -> Announcement | None:
        """The announcement by which a time was agreed on, rather than the hour."""
        return self.queue.detour(ticket.line) if self.queue.at_work(ticket) else None

    def _serve(self, ticket: Ticket, agent: str) -> Ticket:
        self._tell(ticket, f"客服（工号 {agent}）为您服务。")
        return ticket

    def _bid_farewell(self, ticket: Ticket) -> Ticket:
        self._tell(ticket, "本次人工服务已结束，感谢您的耐心。智能助手继续为您服务。")
        return ticket

    def _recent(self, conversation_id: str) -> Sequence[Line]:
        start = max(0, self._transcript.last_seq(conversation_id) - TRANSCRIPT_MESSAGES)
        return self._transcript.after(conversation_id, start, TRANSCRIPT_MESSAGES)

    def _tell(self, ticket: Ticket, text: str, with_card: bool = False) -> None:
        card = {"type": "ticket", "number": ticket.id} if with_card else None
        self._transcript.append(ticket.conversation_id, "system", text, card=card)

    def _group(self, ticket: Ticket) -> str:
        return self.queue.routes.group(ticket.skill_group).name
