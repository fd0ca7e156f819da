"""Tickets in the database: looking them up, and moving them by the table of moves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, bindparam, false, func, insert, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ColumnElement, Select

from bot.errors import Conflict, Forbidden, NotFound
from bot.handoff.asks import void
from bot.handoff.order import IN_LINE, ORDER, ahead_of
from bot.handoff.routes import PLAIN, Routes
from bot.handoff.tables import ticket_moves, ticket_numbers, tickets
from bot.handoff.ticket import (
    ENDED,
    HELD,
    MOVES,
    OPEN_STATES,
    PENDING,
    QUEUED,
    STATE_NAMES,
    WITH_PERSON,
    Bracket,
    Move,
    Ticket,
)
from bot.storage import Database
from bot.storage.series import next_in_series
from bot.text.clock import Clock, shanghai, utc_now

# What tells how long a conversation takes now.
RECENT = timedelta(hours=4)
MOST_RECENT = 50
# How many of one customer's are looked up.
MOST_OF_ONE = 20
# A sweep comes twice a second; what is more than this waits for the next.
MOST_DUE = 200

# Databases take some 32,000 values in a statement.
PLACES_AT_ONCE = 10_000

# JSON knows lists only.
_TUPLES = ("why", "signals", "tried")


def _places() -> Select:
    """The place in the line of its group of each conversation that is asked for: the database
    counts the lines, and tells of few."""
    place = func.row_number().over(partition_by=tickets.c.skill_group, order_by=ORDER)
    row = tickets.c
    line = (
        select(row.conversation_id, place.label("place"), row.skill_group, row.tier, row.reach)
        .where(IN_LINE)
        .subquery()
    )
    return select(line).where(line.c.conversation_id.in_(bindparam("asked", expanding=True)))


_PLACES = _places()


def row_of(ticket: Ticket) -> dict[str, Any]:
    """A ticket as it is stored."""
    values = {each.name: getattr(ticket, each.name) for each in fields(ticket)}
    values |= {name: list(values[name]) for name in _TUPLES}
    return {**values, "declined": dict(ticket.declined)}


class TicketStore:
    """Reads tickets, and moves one at a time. Each method is one transaction, or part of one."""

    def __init__(self, db: Database, clock: Clock = utc_now, routes: Routes = PLAIN) -> None:
        self.db = db
        self.clock = clock
        self.routes = routes

    # ── reading ──────────────────────────────────────────────────────────────
    def get(self, ticket_id: str, *, lock: bool = False) -> Ticket:
        """The ticket; ``lock`` keeps it as it is until the caller's transaction ends.

        Raises :class:`NotFound` for an unknown number.
        """
        query = select(tickets).where(tickets.c.id == ticket_id)
        found = self.find(query.with_for_update() if lock else query)
        if not found:
            raise NotFound(f"没有工单 {ticket_id}（bankbot desk list 查看编号）")
        return found[0]

    def find(self, query: Select, **values: Any) -> Sequence[Ticket]:
        """What a query over the table of tickets finds, with values for its parameters."""
        with self.db.read() as tx:
            rows = tx.execute(query, values).mappings().all()
        return [Ticket(**{**row, **{name: tuple(row[name]) for name in _TUPLES}}) for row in rows]

    def list(
        self, state: str | Collection[str] = OPEN_STATES, line: str | None = None
    ) -> Sequence[Ticket]:
        """Tickets of a state, or of some, in the order they will be served."""
        states = (state,) if isinstance(state, str) else state
        query = select(tickets).where(tickets.c.state.in_(states)).order_by(*ORDER)
        return self.find(query.where(tickets.c.line == line) if line else query)

    def first(self, limit: int, *conditions: ColumnElement) -> Sequence[Ticket]:
        """The first of those who wait and meet the conditions, in the order they are served."""
        query = select(tickets).where(IN_LINE, tickets.c.state.in_(QUEUED), *conditions)
        return self.find(query.order_by(*ORDER).limit(limit))

    def held(self, agent: str, also: Collection[str] = ()) -> Sequence[Ticket]:
        """What an agent has, and of the tickets ``also`` what anybody has, in the order they were
        served."""
        theirs = or_(tickets.c.agent == agent, tickets.c.id.in_(also))
        return self.find(select(tickets).where(tickets.c.state.in_(HELD), theirs).order_by(*ORDER))

    def due(
        self, column: str, states: Collection[str], *, ago: timedelta = timedelta(0)
    ) -> Sequence[Ticket]:
        """Tickets in one of the states whose moment ``column`` has come, so long ``ago``; the
        longest due first, and no more than can be seen to before others are."""
        moment = tickets.c[column]
        return self.find(
            select(tickets)
            .where(tickets.c.state.in_(states), moment <= self.clock() - ago)
            .order_by(moment, tickets.c.id)
            .limit(MOST_DUE)
        )

    def open_ticket_of(self, conversation_id: str) -> Ticket | None:
        """The ticket that has this conversation, if any."""
        found = self.find(
            select(tickets).where(
                tickets.c.conversation_id == conversation_id, tickets.c.state.in_(OPEN_STATES)
            )
        )
        return found[0] if found else None

    def of(self, conversation_id: str | None, customer_id: str | None) -> Sequence[Ticket]:
        """The latest tickets of a conversation, and of a customer's others, newest first."""
        mine = [
            column == value
            for column, value in (
                (tickets.c.conversation_id, conversation_id),
                (tickets.c.customer_id, customer_id),
            )
            if value is not None
        ]
        query = select(tickets).where(or_(false(), *mine))
        return self.find(query.order_by(tickets.c.created_at.desc()).limit(MOST_OF_ONE))

    def state_of(self, conversation_id: str) -> str:
        """Who has the conversation: ``bot``, ``queued`` or ``human``."""
        ticket = self.open_ticket_of(conversation_id)
        if ticket is None or ticket.state not in (*PENDING, *WITH_PERSON):
            return "bot"
        return "queued" if ticket.state in PENDING else "human"

    def position(self, ticket: Ticket) -> int:
        """Place among those who wait for the same group, from 1."""
        mine = tickets.c.skill_group == ticket.skill_group
        count = select(func.count()).select_from(tickets).where(IN_LINE, mine, ahead_of(ticket))
        with self.db.read() as tx:
            return int(tx.execute(count).scalar_one()) + 1

    def places(self, conversations: Collection[str]) -> dict[str, tuple[int, Bracket]]:
        """The place of whoever waits in one of these, as :meth:`position` tells it, and who may
        serve them, by conversation."""
        found: dict[str, tuple[int, Bracket]] = {}
        asked = sorted(conversations)
        with self.db.read() as tx:
            for at in range(0, len(asked), PLACES_AT_ONCE):
                values = {"asked": asked[at : at + PLACES_AT_ONCE]}
                for name, place, *bracket in tx.execute(_PLACES, values):
                    found[name] = int(place), Bracket(*bracket)
        return found

    def handling_times(self, group: str) -> Sequence[timedelta]:
        """How long the latest conversations of a group lasted, newest first."""
        since = self.clock() - RECENT
        query = (
            select(tickets.c.taken_at, tickets.c.ended_at)
            .where(
                tickets.c.skill_group == group,
                tickets.c.ended_at >= since,
                tickets.c.taken_at.is_not(None),
            )
            .order_by(tickets.c.ended_at.desc())
            .limit(MOST_RECENT)
        )
        with self.db.read() as tx:
            return [row.ended_at - row.taken_at for row in tx.execute(query)]

    def count(self, state: str, group: str) -> int:
        """How many tickets of a group are in a state."""
        mine = and_(tickets.c.state == state, tickets.c.skill_group == group)
        with self.db.read() as tx:
            found = tx.execute(select(func.count()).select_from(tickets).where(mine))
            return int(found.scalar_one())

    def counts(self) -> dict[str, int]:
        """How many tickets there are in each state that is not the last of all: those grow for
        years."""
        passing = [state for state, further in MOVES.items() if further]
        query = select(tickets.c.state, func.count()).where(tickets.c.state.in_(passing))
        query = query.group_by(tickets.c.state)
        with self.db.read() as tx:
            found = {state: int(count) for state, count in tx.execute(query)}
        return {state: found.get(state, 0) for state in passing}

    def history(self, ticket_id: str) -> tuple[Move, ...]:
        """Every move, oldest first."""
        with self.db.read() as tx:
            rows = tx.execute(
                select(ticket_moves)
                .where(ticket_moves.c.ticket_id == ticket_id)
                .order_by(ticket_moves.c.id)
            ).all()
        return tuple(Move(row.at, row.by, row.state, row.note, row.agent) for row in rows)

    def require_owner(
        self, ticket_id: str, agent: str, states: Collection[str] = WITH_PERSON
    ) -> Ticket:
        """The ticket, kept as it is, if this agent has it in one of the states."""
        ticket = self.get(ticket_id, lock=True)
        if ticket.state not in states:
            raise Conflict(f"工单 {ticket_id} {STATE_NAMES[ticket.state]}，不能这样操作")
        if ticket.agent != agent:
            raise Forbidden(f"工单 {ticket_id} 由坐席 {ticket.agent} 负责")
        return ticket

    # ── moving ───────────────────────────────────────────────────────────────
    def move(
        self,
        ticket_id: str,
        state: str,
        *,
        by: str,
        note: str,
        expected: Collection[str],
        **changes: Any,
    ) -> Ticket:
        """Move a ticket from one of the ``expected`` states, and write that down.

        Raises:
            Conflict: it is in no such state any more, or may not move so from there.
        """
        now = self.clock()
        allowed = tuple(former for former in expected if state in MOVES[former])
        # An ended one runs no clocks; any other is looked at by the next sweep.
        changes = {"alarm_at": None if state in ENDED else now, **changes}
        with self.db.begin() as tx:
            # The condition makes it atomic: whoever changes the row first wins.
            moved = tx.execute(
                update(tickets)
                .where(tickets.c.id == ticket_id, tickets.c.state.in_(allowed))
                .values(state=state, updated_at=now, **changes)
            ).rowcount
            ticket = self.get(ticket_id)
            if not moved:
                served = f"（坐席 {ticket.agent}）" if ticket.agent else ""
                raise Conflict(
                    f"工单 {ticket_id} {STATE_NAMES[ticket.state]}{served}，不能这样操作"
                )
            self.note(tx, ticket, by, note)
            if not set(WITH_PERSON).isdisjoint(expected):
                void(tx, ticket, by, now)
        return ticket

    def change(self, ticket: Ticket, note: str | None = None, by: str = "", **changes: Any) -> bool:
        """Change what is no state, unless the ticket or its clocks have since it was read."""
        with self.db.begin() as tx:
            changed = tx.execute(
                update(tickets)
                .where(
                    tickets.c.id == ticket.id,
                    tickets.c.state == ticket.state,
                    tickets.c.updated_at == ticket.updated_at,
                    tickets.c.alarm_at == ticket.alarm_at,
                    tickets.c.first_reply_at.is_not_distinct_from(ticket.first_reply_at),
                    tickets.c.awaiting_since.is_not_distinct_from(ticket.awaiting_since),
                )
                .values(**changes)
            ).rowcount
            if changed and note is not None:
                self.note(tx, ticket, by, note)
        return bool(changed)

    # ── inside a transaction ─────────────────────────────────────────────────
    def insert(self, tx: Connection, ticket: Ticket, by: str, note: str) -> None:
        """Write a new ticket and its first move."""
        tx.execute(insert(tickets).values(**row_of(ticket)))
        self.note(tx, ticket, by, note)

    def next_number(self, tx: Connection) -> str:
        """A number for a new ticket, one series a day."""
        day = shanghai(self.clock()).strftime("%Y%m%d")
        return f"T{day}-{next_in_series(tx, ticket_numbers, day):04d}"

    def note(self, tx: Connection, ticket: Ticket, by: str, note: str) -> None:
        """Write down what happened to a ticket, whether or not it moved."""
        tx.execute(
            insert(ticket_moves).values(
                ticket_id=ticket.id, at=self.clock(), by=by, state=ticket.state,
                agent=ticket.agent, note=note,
            )
        )  # fmt: skip
