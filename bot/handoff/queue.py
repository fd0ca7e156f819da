"""The ticket queue: opening, claiming, passing on, resolving; right under any number of agents."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.errors import Conflict, Forbidden, Invalid, NotFound
from bot.handoff.tables import ticket_moves, ticket_numbers, tickets
from bot.handoff.ticket import (
    LINES,
    MOVES,
    OPEN_STATES,
    REASONS,
    STATE_NAMES,
    Move,
    Ticket,
    priority_of,
)
from bot.storage import Database
from bot.storage.series import next_in_series
from bot.text.clock import Clock, shanghai, utc_now

ASSISTANT = "assistant"
CUSTOMER = "customer"


class TicketQueue:
    """Tickets in order of priority, then age. Each method is one transaction, or part of one."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    # ── reading ──────────────────────────────────────────────────────────────
    def get(self, ticket_id: str, *, lock: bool = False) -> Ticket:
        """The ticket; ``lock`` keeps it as it is until the caller's transaction ends.

        Raises :class:`NotFound` for an unknown number.
        """
        query = select(tickets).where(tickets.c.id == ticket_id)
        with self._db.read() as tx:
            row = tx.execute(query.with_for_update() if lock else query).first()
        if row is None:
            raise NotFound(f"没有工单 {ticket_id}，请用 bankbot desk list 查看编号")
        return Ticket(**row._mapping)

    def list(self, state: str | None = None, line: str | None = None) -> list[Ticket]:
        """Tickets in the order they will be served; all open ones unless ``state`` names one."""
        query = select(tickets).order_by(*_ORDER)
        wanted = tickets.c.state == state if state else tickets.c.state.in_(OPEN_STATES)
        query = query.where(wanted)
        if line:
            query = query.where(tickets.c.line == line)
        with self._db.read() as tx:
            return [Ticket(**row._mapping) for row in tx.execute(query)]

    def open_ticket_of(self, conversation_id: str) -> Ticket | None:
        """The ticket that has this conversation, if any."""
        with self._db.read() as tx:
            row = tx.execute(
                select(tickets).where(
                    tickets.c.conversation_id == conversation_id,
                    tickets.c.state.in_(OPEN_STATES),
                )
            ).first()
        return None if row is None else Ticket(**row._mapping)

    def state_of(self, conversation_id: str) -> str:
        """Who has the conversation: ``bot``, ``queued`` or ``human``."""
        ticket = self.open_ticket_of(conversation_id)
        if ticket is None:
            return "bot"
        return "queued" if ticket.state == "waiting" else "human"

    def position(self, ticket: Ticket) -> int:
        """Place among those who wait, from 1."""
        ahead = or_(
            tickets.c.priority < ticket.priority,
            and_(
                tickets.c.priority == ticket.priority,
                or_(
                    tickets.c.created_at < ticket.created_at,
                    and_(tickets.c.created_at == ticket.created_at, tickets.c.id < ticket.id),
                ),
            ),
        )
        with self._db.read() as tx:
            count = tx.execute(
                select(func.count()).select_from(tickets).where(tickets.c.state == "waiting", ahead)
            ).scalar_one()
        return int(count) + 1

    def history(self, ticket_id: str) -> tuple[Move, ...]:
        """Every move, oldest first."""
        with self._db.read() as tx:
            rows = tx.execute(
                select(ticket_moves)
                .where(ticket_moves.c.ticket_id == ticket_id)
                .order_by(ticket_moves.c.id)
            ).all()
        return tuple(Move(row.at, row.by, row.state, row.note, row.agent) for row in rows)

    # ── moving ───────────────────────────────────────────────────────────────
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
    ) -> tuple[Ticket, bool]:
        """Open a ticket, the more urgent for ``signals``; the conversation's open one is returned with ``False`` if there is one."""
        now = self._clock()
        with self._db.begin() as tx:
            known = self.open_ticket_of(conversation_id)
            if known is not None:
                return known, False
            if reason not in REASONS:
                raise Invalid(f"没有转人工原因 {reason!r}，可选：{'、'.join(REASONS)}")
            ticket = Ticket(
                self._next_number(tx), conversation_id, customer_id, reason, line,
                priority_of(reason, signals), summary, slots, "waiting", None, now, now,
            )  # fmt: skip
            try:
                with tx.begin_nested():
                    tx.execute(insert(tickets).values(**ticket.__dict__))
            except IntegrityError:  # another process opened one between the look and the insert
                known = self.open_ticket_of(conversation_id)
                if known is None:
                    raise
                return known, False
            self._note(tx, ticket.id, ASSISTANT, "waiting", None, REASONS[reason].name)
        return ticket, True

    def claim(self, ticket_id: str, agent: str) -> Ticket:
        """Take a waiting ticket; of several agents at once exactly one gets it."""
        return self._move(ticket_id, agent, "active", ("waiting",), agent, "接入")

    def pass_on(
        self, ticket_id: str, by: str, *, line: str | None, agent: str | None, note: str
    ) -> Ticket:
        """Give an active ticket to a colleague, or back to the queue for another line."""
        self.require_owner(ticket_id, by)
        if (line is None) == (agent is None):
            raise Invalid("转接需要指定业务条线或坐席工号之一")
        if agent is not None:
            if agent == by:
                raise Invalid("不能转接给自己")
            return self._move(ticket_id, by, "active", ("active",), agent, note)
        if line not in LINES:
            raise Invalid(f"没有业务条线 {line!r}，可选：{'、'.join(LINES)}")
        return self._move(ticket_id, by, "waiting", ("active",), None, note, line=line)

    def resolve(self, ticket_id: str, by: str, note: str) -> Ticket:
        """End an active ticket."""
        self.require_owner(ticket_id, by)
        return self._move(ticket_id, by, "resolved", ("active",), by, note)

    def leave(self, conversation_id: str) -> Ticket | None:
        """The customer gives up waiting or leaves; nothing happens without an open ticket."""
        ticket = self.open_ticket_of(conversation_id)
        if ticket is None:
            return None
        return self._move(ticket.id, CUSTOMER, "abandoned", OPEN_STATES, ticket.agent, "客户离开")

    def require_owner(self, ticket_id: str, agent: str) -> Ticket:
        """The ticket, if this agent is serving it."""
        ticket = self.get(ticket_id, lock=True)
        if ticket.state != "active":
            raise Conflict(f"工单 {ticket_id} {STATE_NAMES[ticket.state]}，请先接入")
        if ticket.agent != agent:
            raise Forbidden(f"工单 {ticket_id} 由坐席 {ticket.agent} 负责")
        return ticket

    # ── inside a transaction ─────────────────────────────────────────────────
    def _move(
        self,
        ticket_id: str,
        by: str,
        state: str,
        expected: tuple[str, ...],
        agent: str | None,
        note: str,
        **changes: Any,
    ) -> Ticket:
        allowed = tuple(former for former in expected if state in MOVES[former])
        owner = () if "waiting" in expected else (tickets.c.agent == by,)
        with self._db.begin() as tx:
            # The condition makes it atomic: whoever changes the row first wins.
            moved = tx.execute(
                update(tickets)
                .where(tickets.c.id == ticket_id, tickets.c.state.in_(allowed), *owner)
                .values(state=state, agent=agent, updated_at=self._clock(), **changes)
            ).rowcount
            ticket = self.get(ticket_id)
            if not moved:
                served = f"（坐席 {ticket.agent}）" if ticket.agent else ""
                raise Conflict(
                    f"工单 {ticket_id} {STATE_NAMES[ticket.state]}{served}，不能这样操作"
                )
            self._note(tx, ticket_id, by, state, agent, note)
        return ticket

    def _note(
        self, tx: Connection, ticket_id: str, by: str, state: str, agent: str | None, note: str
    ) -> None:
        tx.execute(
            insert(ticket_moves).values(
                ticket_id=ticket_id, at=self._clock(), by=by, state=state, agent=agent, note=note
            )
        )

    def _next_number(self, tx: Connection) -> str:
        day = shanghai(self._clock()).strftime("%Y%m%d")
        last = next_in_series(tx, ticket_numbers, day)
        return f"T{day}-{last:04d}"


_ORDER = (tickets.c.priority, tickets.c.created_at, tickets.c.id)
