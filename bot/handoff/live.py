"""All tickets that agents have to do with now, read as one, for pages that are kept current."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, func, select, type_coerce, union_all
from sqlalchemy.sql import CompoundSelect, Select

from bot.handoff.order import ORDER
from bot.handoff.sla import Clock, clocks, level, life_of
from bot.handoff.store import TicketStore
from bot.handoff.tables import desk_agents, ticket_moves, tickets
from bot.handoff.ticket import HELD, OPEN_STATES, QUEUED, Move, Ticket

# What is on somebody's desk, waits, or is to be called back.
LIVE = tuple(dict.fromkeys((*OPEN_STATES, *HELD)))
# The queue is on every desk so far from its front; who waits further back is looked up.
FRONT = 200
# Whatever happens to a ticket changes one of these.
_MARKS = (
    "id", "conversation_id", "state", "agent", "updated_at", "awaiting_since", "alarm_at", "due_at",
    "assistant_stays",
)  # fmt: skip
# A statement may hold so many numbers.
_AT_ONCE = 500
# What an agent may want to look at once more.
RECENT = timedelta(days=7)


def on_desks(*names: str) -> CompoundSelect:
    """Columns of whatever an agent has, and of the front of the queue: as many rows as people can
    look at, however many wait."""
    held = select(*(tickets.c[name] for name in names)).where(tickets.c.state.in_(HELD))
    # State by state, for each is in its order in an index; nothing else keeps a planner that knows
    # of no long queue from sorting all of it.
    keys = ("urgent", "sort_at", "id")
    columns = [tickets.c[name] for name in dict.fromkeys((*names, *keys))]
    each = [
        select(*columns).where(tickets.c.state == state).order_by(*ORDER).limit(FRONT).subquery()
        for state in QUEUED
    ]
    queued = union_all(*(select(one) for one in each)).subquery()
    order = (queued.c.urgent.desc(), queued.c.sort_at, queued.c.id)
    front = select(*(queued.c[name] for name in names)).order_by(*order).limit(FRONT).subquery()
    return union_all(held, select(front))


def _marks() -> Select:
    shown = on_desks(*_MARKS, "urgent", "sort_at").subquery()
    # Only compared: moments need not be read as such.
    found = select(*(type_coerce(shown.c[name], String) for name in _MARKS))
    return found.order_by(shown.c.urgent.desc(), shown.c.sort_at, shown.c.id)


# Made once, for they are run five times a second.
_MARKS_QUERY = _marks()
_WAITING = select(func.count()).select_from(tickets).where(tickets.c.state.in_(QUEUED))


class LiveTickets:
    """Reads many tickets with few statements."""

    def __init__(self, store: TicketStore) -> None:
        self._store = store
        self._db = store.db

    def marks(self) -> dict[str, tuple[Any, ...]]:
        """Of each ticket on a desk (see :func:`on_desks`) what differs once it has changed: its
        conversation first; tickets in the order in which they are served."""
        with self._db.read() as tx:
            return {row[0]: tuple(row[1:]) for row in tx.execute(_MARKS_QUERY)}

    def behind(self) -> int:
        """How many wait behind the front of the queue."""
        with self._db.read() as tx:
            return max(0, int(tx.execute(_WAITING).scalar_one()) - FRONT)

    def load(self, numbers: Sequence[str]) -> list[Ticket]:
        """These tickets, in no order."""
        found: list[Ticket] = []
        for some in _parts(numbers):
            found.extend(self._store.find(select(tickets).where(tickets.c.id.in_(some))))
        return found

    def histories(self, numbers: Sequence[str]) -> Mapping[str, Sequence[Move]]:
        """The moves of these tickets, oldest first."""
        found: dict[str, list[Move]] = defaultdict(list)
        with self._db.read() as tx:
            for some in _parts(numbers):
                query = select(ticket_moves).where(ticket_moves.c.ticket_id.in_(some))
                for row in tx.execute(query.order_by(ticket_moves.c.id)):
                    move = Move(row.at, row.by, row.state, row.note, row.agent)
                    found[row.ticket_id].append(move)
        return found

    def clocks(
        self, found: Collection[Ticket], histories: Mapping[str, Sequence[Move]], now: datetime
    ) -> dict[str, tuple[int, dict[str, Clock]]]:
        """Of each ticket how late it is (see :func:`bot.handoff.sla.level`), and its clocks by
        their names."""
        routes, told = self._store.routes, {}
        for ticket in found:
            group = ticket.skill_group
            life = life_of(ticket, histories.get(ticket.id, ()), now)
            running = clocks(life, routes.targets_of(group), routes.hours_of(group))
            told[ticket.id] = (level(running, now), {clock.name: clock for clock in running})
        return told

    def recent(self, agent: str, limit: int = 50) -> Sequence[Ticket]:
        """What an agent had of late and has no more, newest first."""
        since = self._store.clock() - RECENT
        return self._store.find(
            select(tickets)
            .where(
                tickets.c.agent == agent,
                tickets.c.state.not_in(LIVE),
                tickets.c.ended_at >= since,
            )
            .order_by(tickets.c.ended_at.desc())
            .limit(limit)
        )

    def agents(self) -> dict[str, str]:
        """The state of everybody who ever came, by name."""
        with self._db.read() as tx:
            rows = tx.execute(select(desk_agents.c.id, desk_agents.c.state))
            return {row.id: row.state for row in rows}


def _parts(numbers: Sequence[str]) -> list[Sequence[str]]:
    return [numbers[at : at + _AT_ONCE] for at in range(0, len(numbers), _AT_ONCE)]
