"""All tickets that agents have to do with now, read as one, for pages that are kept current."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, select, type_coerce

from bot.handoff.order import ORDER
from bot.handoff.sla import Clock, clocks, level, life_of
from bot.handoff.store import TicketStore
from bot.handoff.tables import desk_agents, ticket_moves, tickets
from bot.handoff.ticket import HELD, OPEN_STATES, Move, Ticket

# What is on somebody's desk, waits, or is to be called back.
LIVE = tuple(dict.fromkeys((*OPEN_STATES, *HELD)))
# Whatever happens to a ticket changes one of these.
_MARKS = tuple(
    # Only compared: moments need not be read as such.
    type_coerce(tickets.c[name], String)
    for name in (
        "id", "conversation_id", "state", "agent", "updated_at", "awaiting_since", "alarm_at",
        "due_at", "assistant_stays",
    )
)  # fmt: skip
# A statement may hold so many numbers.
_AT_ONCE = 500
# What an agent may want to look at once more.
RECENT = timedelta(days=7)


class LiveTickets:
    """Reads many tickets with few statements."""

    def __init__(self, store: TicketStore) -> None:
        self._store = store
        self._db = store.db

    def marks(self) -> dict[str, tuple[Any, ...]]:
        """Of each live ticket what differs once it has changed: its conversation first; tickets in
        the order in which they are served."""
        query = select(*_MARKS).where(tickets.c.state.in_(LIVE)).order_by(*ORDER)
        with self._db.read() as tx:
            return {row[0]: tuple(row[1:]) for row in tx.execute(query)}

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
