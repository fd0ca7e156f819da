"""How a ticket comes into the queue: for the first time, asked for again, or at a time agreed on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.errors import Invalid
from bot.handoff.announcements import ROUTINGS, Announcement, Announcements
from bot.handoff.fit import sort_at
from bot.handoff.hours import Interval
from bot.handoff.reasons import CUSTOMER_TIERS, REASONS, SIGNALS, Urgency, urgency_of
from bot.handoff.store import TicketStore
from bot.handoff.tables import tickets
from bot.handoff.ticket import QUEUED, Ticket

ASSISTANT = "assistant"
CUSTOMER = "customer"
SYSTEM = "system"

# How many times to be called back a customer may choose from.
SLOTS_SHOWN = 6


class Intake(TicketStore):
    """Opens tickets. Each method is one transaction, or part of one."""

    @property
    def announcements(self) -> Announcements:
        """The emergency switch, which may send tickets elsewhere than usual."""
        return Announcements(self.db, self.clock)

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
        _check(reason, customer_tier)
        now = self.clock()
        with self.db.begin() as tx:
            known = self.open_ticket_of(conversation_id)
            if known is not None:
                return self._asked_again(known, reason, signals), False
            route = self.routes.route(reason, line, customer_tier)
            urgency = urgency_of(reason, signals, customer_tier)
            detour = None if urgency.urgent else self.detour(line)
            ticket = Ticket(
                id=self.next_number(tx), conversation_id=conversation_id, customer_id=customer_id,
                reason=reason, line=line,
                skill_group=(detour and detour.skill_group) or route.group,
                tier=route.tier, reach=route.tier,
                priority=urgency.priority, urgent=urgency.urgent, why=urgency.why,
                signals=tuple(name for name in SIGNALS if name in signals), language=language,
                customer_tier=customer_tier, summary=summary, slots=slots, tried=tuple(tried),
                due_at=due_at, state="waiting", agent=None,
                last_agent=self._last_agent(customer_id), declined={}, assistant_stays=False,
                created_at=now, updated_at=now, life_at=now, queued_at=now,
                sort_at=sort_at(now, urgency.priority, self.routes.policy), alarm_at=now,
            )  # fmt: skip
            if slot := self.slot_instead(ticket):
                at, until = slot
                ticket = replace(
                    ticket, state="callback", callback_at=at, callback_until=until, alarm_at=None
                )
            return self._insert_once(tx, ticket, during(REASONS[reason].name, detour))

    def detour(self, line: str) -> Announcement | None:
        """The announcement by which tickets of this line go elsewhere than usual now, if any."""
        found = self.announcements.current()
        return found if found is not None and found.reroutes(line) else None

    def callback_slots(self, group: str, since: datetime | None = None) -> Sequence[Interval]:
        """The next times at which a group may call back, from ``since`` or from now on."""
        length = self.routes.policy.callback_slot
        return self.routes.hours_of(group).slots(since or self.clock(), length, SLOTS_SHOWN)

    def call_back(self, ticket: Ticket, by: str, note: str) -> Ticket:
        """Put a ticket whose time has come, or whose customer is back, into the queue."""
        return self.move(
            ticket.id, "waiting", by=by, note=note, expected=("callback",),
            **self._anew(ticket.urgency.sooner("约好的回访")), life_at=self.clock(),
        )  # fmt: skip

    # ── inside a transaction ─────────────────────────────────────────────────
    def _insert_once(self, tx: Connection, ticket: Ticket, note: str) -> tuple[Ticket, bool]:
        """The ticket written, or the one that another process opened between look and insert."""
        try:
            with tx.begin_nested():
                self.insert(tx, ticket, ASSISTANT, note)
        except IntegrityError:
            known = self.open_ticket_of(ticket.conversation_id)
            if known is None:
                raise
            return known, False
        return ticket, True

    def _asked_again(self, ticket: Ticket, reason: str, signals: Collection[str]) -> Ticket:
        """Who waits and is in danger now waits no longer behind others; who asks for a person
        before the time agreed on has come is served now if possible."""
        worse = urgency_of(reason, signals, ticket.customer_tier)
        if ticket.state == "callback" and (worse.urgent or self.takes_now(ticket)):
            ticket = self.call_back(ticket, CUSTOMER, "客户提前回来")
        if ticket.urgent or not worse.urgent or ticket.state not in QUEUED:
            return ticket
        route = self.routes.route(reason, ticket.line, ticket.customer_tier)
        return self.move(
            ticket.id, "waiting", by=ASSISTANT, note=f"变得紧急：{REASONS[reason].name}",
            expected=QUEUED, reason=reason, skill_group=route.group, tier=route.tier,
            reach=max(ticket.reach, route.tier), priority=worse.priority, urgent=True,
            why=[*ticket.why, *worse.why], declined={},
            signals=[name for name in SIGNALS if name in {*ticket.signals, *signals}],
            sort_at=sort_at(ticket.queued_at, worse.priority, self.routes.policy),
        )  # fmt: skip

    def takes_now(self, ticket: Ticket) -> bool:
        """Whether somebody is at work who serves such tickets, and no callbacks are made instead."""
        detour = self.detour(ticket.line)
        return self.at_work(ticket) and not (detour and detour.routing == "callback")

    def slot_instead(self, ticket: Ticket) -> Interval | None:
        """The time that is agreed on where nobody takes the ticket now; ``None`` where somebody
        does, and for what is urgent, which waits for whoever comes."""
        if ticket.urgent or self.takes_now(ticket):
            return None
        detour = self.detour(ticket.line)
        slots = self.callback_slots(ticket.skill_group, detour.until if detour else None)
        return slots[0] if slots else None

    def at_work(self, ticket: Ticket) -> bool:
        """Whether its group is at work now, or one that helps out."""
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
            "sort_at": sort_at(now, urgency.priority, self.routes.policy),
            "callback_at": None,
            "callback_until": None,
        }

    def _last_agent(self, customer_id: str | None) -> str | None:
        if customer_id is None:
            return None
        since = self.clock() - self.routes.policy.last_agent_within
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


def during(what: str, detour: Announcement | None) -> str:
    """What happened, and why the ticket did not go where it usually goes."""
    return what if detour is None else f"{what}（{detour.title}期间：{ROUTINGS[detour.routing]}）"


def _check(reason: str, customer_tier: str) -> None:
    if reason not in REASONS:
        raise Invalid(f"没有转人工原因 {reason!r}，可选：{'、'.join(REASONS)}")
    if customer_tier not in CUSTOMER_TIERS:
        raise Invalid(f"没有客户等级 {customer_tier!r}，可选：{'、'.join(CUSTOMER_TIERS)}")
