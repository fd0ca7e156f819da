"""The queue as customers meet it: waiting, leaving, being called back, coming back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.errors import Conflict, Invalid
from bot.handoff.intake import CUSTOMER, SYSTEM, Intake, during
from bot.handoff.tables import tickets
from bot.handoff.ticket import OPEN_STATES, PENDING, STATE_NAMES, WITH_PERSON, Ticket


class TicketQueue(Intake):
    """Tickets by urgency, then waiting. Each method is one transaction, or part of one."""

    def leave(self, conversation_id: str) -> Ticket | None:
        """The customer gives up waiting, or ends the conversation with a person, whose record is
        then still to be written; nothing happens without an open ticket."""
        with self.db.begin():
            known = self.open_ticket_of(conversation_id)
            if known is None:
                return None
            ticket = self.get(known.id, lock=True)
            if ticket.state in WITH_PERSON:
                return self.move(
                    ticket.id, "wrap_up", by=CUSTOMER, note="客户结束会话", expected=WITH_PERSON,
                    ended_at=self.clock(), awaiting_since=None,
                )  # fmt: skip
            return self.move(
                ticket.id, "abandoned", by=CUSTOMER, note="客户离开",
                expected=(*PENDING, "callback"), ended_at=self.clock(), offered_until=None,
            )  # fmt: skip

    def ask_callback(self, conversation_id: str, at: datetime) -> Ticket:
        """The customer would rather be called back than wait.

        Args:
            at: the beginning of one of :meth:`callback_slots`.

        Raises:
            Invalid: it is none of them.
            Conflict: nobody waits in this conversation.
        """
        ticket = self._pending(conversation_id)
        slots = dict(self.callback_slots(ticket.skill_group))
        if at not in slots:
            raise Invalid("这个时段不能预约，请从给出的时段里选")
        return self.move(
            ticket.id, "callback", by=CUSTOMER, note="客户约回访", expected=PENDING, agent=None,
            offered_until=None, callback_at=at, callback_until=slots[at], alarm_at=None,
        )  # fmt: skip

    # ── while it lasts ───────────────────────────────────────────────────────
    def with_person(self, conversation_id: str) -> bool:
        """Whether the customer's words are for a person, and not for the assistant."""
        ticket = self.open_ticket_of(conversation_id)
        if ticket is None or ticket.state not in (*PENDING, *WITH_PERSON):
            return False
        return ticket.state in WITH_PERSON or not ticket.assistant_stays

    def keep_assistant(self, conversation_id: str) -> Ticket:
        """The customer goes on asking the assistant while they wait; their place is kept."""
        ticket = self._pending(conversation_id)
        with self.db.begin() as tx:
            tx.execute(
                tickets.update().where(tickets.c.id == ticket.id).values(assistant_stays=True)
            )
        return replace(ticket, assistant_stays=True)

    def customer_wrote(self, conversation_id: str) -> None:
        """Somebody is to answer by and by; words after the end start nothing."""
        now = self.clock()
        with self.db.begin() as tx:
            tx.execute(
                tickets.update()
                .where(
                    tickets.c.conversation_id == conversation_id,
                    tickets.c.state.in_(WITH_PERSON),
                    tickets.c.awaiting_since.is_(None),
                )
                .values(awaiting_since=now, alarm_at=now)
            )

    def set_deadline(self, conversation_id: str, due_at: datetime) -> None:
        """The lawful deadline of the open ticket, if there is one."""
        with self.db.begin() as tx:
            tx.execute(
                tickets.update()
                .where(
                    tickets.c.conversation_id == conversation_id,
                    tickets.c.state.in_(OPEN_STATES),
                )
                .values(due_at=due_at)
            )

    def latest_of(self, conversation_id: str) -> Ticket | None:
        """The newest ticket of this conversation, over or not."""
        query = select(tickets).where(tickets.c.conversation_id == conversation_id)
        newest = (tickets.c.created_at.desc(), tickets.c.id.desc())
        found = self.find(query.order_by(*newest).limit(1))
        return found[0] if found else None

    # ── after it ─────────────────────────────────────────────────────────────
    def reopen(self, conversation_id: str) -> tuple[Ticket, bool]:
        """It was not resolved after all: the same group, more urgently, the same agent if possible.
        As a new one it goes elsewhere while an announcement says so, and has a time agreed on where
        nobody takes it now.

        Said twice it is one; an open ticket of the conversation is the one, and nothing is new.

        Raises:
            Conflict: nothing was resolved here, or too long ago.
        """
        with self.db.begin():
            # Who says so a second time waits here for the first, and then finds it open.
            ticket = self._over(conversation_id)
            known = self.open_ticket_of(conversation_id)
            if known is not None:
                return known, False
            if ticket is None:
                raise Conflict("这次服务已经超过可追问的时间，请重新转人工")
            if ticket.state == "wrap_up":
                # Its record is not written yet, and now waits for the end of its next life.
                self.move(
                    ticket.id, "resolved", by=CUSTOMER, note="小结未写，客户追问",
                    expected=("wrap_up",),
                )  # fmt: skip
            detour = None if ticket.urgent else self.detour(ticket.line)
            try:
                reopened = self.move(
                    ticket.id, "reopened", by=CUSTOMER, note=during("客户表示没有解决", detour),
                    expected=("resolved",), **self._anew(ticket.urgency.sooner("上次没有解决")),
                    skill_group=(detour and detour.skill_group) or ticket.skill_group,
                    life_at=self.clock(), last_agent=ticket.agent or ticket.last_agent,
                    taken_at=None, first_reply_at=None, awaiting_since=None, ended_at=None,
                    resolution=None, resolution_note=None,
                )  # fmt: skip
            except IntegrityError:
                raise Conflict("已为您转接人工客服，请稍候") from None
            return self._put_off(reopened), True

    # ── inside a transaction ─────────────────────────────────────────────────
    def _over(self, conversation_id: str) -> Ticket | None:
        """What was over here last and may be reopened, kept as it is."""
        query = select(tickets).where(
            tickets.c.conversation_id == conversation_id,
            tickets.c.state.in_(("wrap_up", "resolved")),
        )
        latest = query.order_by(tickets.c.ended_at.desc()).limit(1)
        found = self.find(latest.with_for_update())
        return found[0] if found else None

    def _put_off(self, ticket: Ticket) -> Ticket:
        """A time agreed on in the place of waiting, where nobody takes the ticket now."""
        slot = self.slot_instead(ticket)
        if slot is None:
            return ticket
        why = "公告期间只约回访" if self.at_work(ticket) else "非服务时间"
        return self.move(
            ticket.id, "callback", by=SYSTEM, note=why, expected=("reopened",),
            callback_at=slot[0], callback_until=slot[1], alarm_at=None,
        )  # fmt: skip

    def _pending(self, conversation_id: str) -> Ticket:
        ticket = self.open_ticket_of(conversation_id)
        if ticket is None or ticket.state not in PENDING:
            what = STATE_NAMES[ticket.state] if ticket else "没有在排队"
            raise Conflict(f"这个会话{what}，不能这样操作")
        return ticket
