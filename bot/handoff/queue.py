"""The queue as customers meet it: asking for a person, waiting, leaving, coming back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.errors import Conflict, Invalid
from bot.handoff.fit import sort_at
from bot.handoff.hours import Interval
from bot.handoff.reasons import CUSTOMER_TIERS, REASONS, SIGNALS, Urgency, urgency_of
from bot.handoff.store import TicketStore
from bot.handoff.tables import tickets
from bot.handoff.ticket import OPEN_STATES, PENDING, STATE_NAMES, WITH_PERSON, Ticket

ASSISTANT = "assistant"
CUSTOMER = "customer"
SYSTEM = "system"

# How many times to be called back a customer may choose from.
SLOTS_SHOWN = 6


class TicketQueue(TicketStore):
    """Tickets by urgency, then waiting. Each method is one transaction, or part of one."""

    def open(
        self,
        conversation_id: str,
        *,
        customer_id: str | None,
        reason: str,
        line: str,
        summary: str,
        slots: dict[str, Any],
        signals: Collection[str] = (),
        language: str = "zh",
        customer_tier: str = "standard",
        tried: Sequence[str] = (),
        due_at: datetime | None = None,
    ) -> tuple[Ticket, bool]:
        """Open a ticket; the conversation's open one is returned with ``False`` if there is one.

        It waits, or is to be called back once its group is at work again.

        Raises:
            Invalid: reason, line, language or tier of the customer is none there is.
        """
        if reason not in REASONS:
            raise Invalid(f"没有转人工原因 {reason!r}，可选：{'、'.join(REASONS)}")
        if customer_tier not in CUSTOMER_TIERS:
            raise Invalid(f"没有客户等级 {customer_tier!r}，可选：{'、'.join(CUSTOMER_TIERS)}")
        now = self.clock()
        with self.db.begin() as tx:
            known = self.open_ticket_of(conversation_id)
            if known is not None:
                return self._come_back(known), False
            route = self.routes.route(reason, line, customer_tier)
            urgency = urgency_of(reason, signals, customer_tier)
            ticket = Ticket(
                id=self.next_number(tx), conversation_id=conversation_id, customer_id=customer_id,
                reason=reason, line=line, skill_group=route.group,
                tier=route.tier, reach=route.tier,
                priority=urgency.priority, urgent=urgency.urgent, why=urgency.why,
                signals=tuple(name for name in SIGNALS if name in signals), language=language,
                customer_tier=customer_tier, summary=summary, slots=slots, tried=tuple(tried),
                due_at=due_at, state="waiting", agent=None,
                last_agent=self._last_agent(customer_id), declined={}, assistant_stays=False,
                created_at=now, updated_at=now, life_at=now, queued_at=now,
                sort_at=sort_at(now, urgency.priority, self.routes.rules), alarm_at=now,
            )  # fmt: skip
            ticket = self._for_later(ticket)
            try:
                with tx.begin_nested():
                    self.insert(tx, ticket, ASSISTANT, REASONS[reason].name)
            except IntegrityError:  # another process opened one between the look and the insert
                known = self.open_ticket_of(conversation_id)
                if known is None:
                    raise
                return known, False
        return ticket, True

    def leave(self, conversation_id: str) -> Ticket | None:
        """The customer gives up waiting or leaves; nothing happens without an open ticket."""
        ticket = self.open_ticket_of(conversation_id)
        if ticket is None:
            return None
        return self.move(
            ticket.id, "abandoned", by=CUSTOMER, note="客户离开", expected=OPEN_STATES,
            ended_at=self.clock(), offered_until=None,
        )  # fmt: skip

    # ── being called back ────────────────────────────────────────────────────
    def callback_slots(self, group: str) -> Sequence[Interval]:
        """The next times at which a group may call back."""
        length = self.routes.rules.callback_slot
        return self.routes.hours_of(group).slots(self.clock(), length, SLOTS_SHOWN)

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

    def call_back(self, ticket: Ticket, by: str, note: str) -> Ticket:
        """Put a ticket whose time has come, or whose customer is back, into the queue."""
        return self.move(
            ticket.id, "waiting", by=by, note=note, expected=("callback",),
            **self._anew(ticket.urgency.sooner("约好的回访")), life_at=self.clock(),
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

    # ── after it ─────────────────────────────────────────────────────────────
    def reopen(self, conversation_id: str) -> Ticket:
        """It was not resolved after all: the same group, more urgently, the same agent if possible.

        Said twice it is one; an open ticket of the conversation is the one.

        Raises:
            Conflict: nothing was resolved here, or too long ago.
        """
        with self.db.begin():
            known = self.open_ticket_of(conversation_id)
            if known is not None:
                return known
            query = select(tickets).where(
                tickets.c.conversation_id == conversation_id, tickets.c.state == "resolved"
            )
            ended = self._select(query.order_by(tickets.c.ended_at.desc()).limit(1))
            if not ended:
                raise Conflict("这次服务已经超过可追问的时间，请重新转人工")
            (ticket,) = ended
            try:
                return self.move(
                    ticket.id, "reopened", by=CUSTOMER, note="客户表示没有解决",
                    expected=("resolved",), **self._anew(ticket.urgency.sooner("上次没有解决")),
                    life_at=self.clock(), last_agent=ticket.agent or ticket.last_agent,
                    taken_at=None, first_reply_at=None, awaiting_since=None, ended_at=None,
                )  # fmt: skip
            except IntegrityError:
                raise Conflict("已为您转接人工客服，请稍候") from None

    # ── inside a transaction ─────────────────────────────────────────────────
    def _pending(self, conversation_id: str) -> Ticket:
        ticket = self.open_ticket_of(conversation_id)
        if ticket is None or ticket.state not in PENDING:
            what = STATE_NAMES[ticket.state] if ticket else "没有在排队"
            raise Conflict(f"这个会话{what}，不能这样操作")
        return ticket

    def _come_back(self, ticket: Ticket) -> Ticket:
        """Who asks for a person before the time agreed on has come, is served now if possible."""
        if ticket.state != "callback" or not self._at_work(ticket):
            return ticket
        return self.call_back(ticket, CUSTOMER, "客户提前回来")

    def _for_later(self, ticket: Ticket) -> Ticket:
        """Outside hours a time is agreed on; what is urgent waits for whoever comes first."""
        if ticket.urgent or self._at_work(ticket):
            return ticket
        slots = self.callback_slots(ticket.skill_group)
        if not slots:
            return ticket
        at, until = slots[0]
        return replace(
            ticket, state="callback", callback_at=at, callback_until=until, alarm_at=None
        )

    def _at_work(self, ticket: Ticket) -> bool:
        group, now = self.routes.group(ticket.skill_group), self.clock()
        helping = [group.overflow.to] if group.overflow else []
        return any(
            self.routes.hours_of(each).is_open(now) for each in (ticket.skill_group, *helping)
        )

    def _anew(self, urgency: Urgency) -> dict[str, Any]:
        """What a ticket gets that goes into the queue once more."""
        now = self.clock()
        return {
            "agent": None,
            "priority": urgency.priority,
            "urgent": urgency.urgent,
            "why": list(urgency.why),
            "declined": {},
            "queued_at": now,
            "sort_at": sort_at(now, urgency.priority, self.routes.rules),
            "callback_at": None,
            "callback_until": None,
        }

    def _last_agent(self, customer_id: str | None) -> str | None:
        if customer_id is None:
            return None
        since = self.clock() - self.routes.rules.last_agent_within
        query = (
            select(tickets.c.agent)
            .where(
                tickets.c.customer_id == customer_id,
                tickets.c.agent.is_not(None),
                tickets.c.ended_at >= since,
            )
            .order_by(tickets.c.ended_at.desc())
            .limit(1)
        )
        with self.db.read() as tx:
            agent: str | None = tx.execute(query).scalar_one_or_none()
        return agent
