"""The wall board: how the queue, its people and the day stand. Reads only, and few statements.

How late somebody is who waits is asked the other way round: a clock that runs in opening hours has
run out for whoever began to wait before a moment that is the same for a whole group. So the
database counts them, however many wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, false, func, or_, select
from sqlalchemy.sql import ColumnElement

from bot.handoff.live import LiveTickets
from bot.handoff.sla import NEAR
from bot.handoff.store import TicketStore
from bot.handoff.tables import desk_agents, tickets
from bot.handoff.ticket import HELD, PENDING, WITH_PERSON, Ticket

# Somebody waits for an answer, or is being served.
_RUNNING = (*PENDING, *WITH_PERSON)
_NEVER = false()


@dataclass(frozen=True)
class AgentLine:
    """Somebody of the roster, or at work beside it; ``since`` when they are in ``state``."""

    id: str
    name: str
    tier: int
    state: str
    chats: int
    capacity: int
    since: datetime | None


@dataclass(frozen=True)
class GroupLine:
    """A group: who waits for it, since when, how many are late or nearly, who is ready."""

    id: str
    name: str
    waiting: int
    since: datetime | None
    at_risk: int
    broken: int
    ready: int
    open: bool


@dataclass(frozen=True)
class Board:
    """All of it at ``now``."""

    now: datetime
    groups: tuple[GroupLine, ...]
    agents: tuple[AgentLine, ...]
    callbacks: int

    @property
    def waiting(self) -> int:
        return sum(group.waiting for group in self.groups)

    @property
    def since(self) -> datetime | None:
        """Since when the one waits who has waited longest."""
        return min((group.since for group in self.groups if group.since), default=None)

    @property
    def at_risk(self) -> int:
        return sum(group.at_risk for group in self.groups)

    @property
    def broken(self) -> int:
        return sum(group.broken for group in self.groups)


@dataclass(frozen=True)
class Limits:
    """Before which moment a group's clocks must have begun to be near their end, or past it."""

    first: tuple[datetime | None, datetime | None]
    next: tuple[datetime | None, datetime | None]
    resolution: datetime | None


class BoardReader:
    """Reads the board from tickets and agents."""

    def __init__(self, store: TicketStore) -> None:
        self._store = store
        self._routes = store.routes
        self._live = LiveTickets(store)

    def look(self) -> Board:
        """The board now."""
        now = self._store.clock()
        agents = self._agents()
        return Board(now, self._groups(now, agents), agents, self._callbacks())

    # ── people ───────────────────────────────────────────────────────────────
    def _agents(self) -> tuple[AgentLine, ...]:
        """The roster, and guests who are at work."""
        count = select(tickets.c.agent, func.count()).where(tickets.c.state.in_(HELD))
        with self._store.db.read() as tx:
            rows = {row.id: row for row in tx.execute(select(desk_agents))}
            chats = {agent: int(n) for agent, n in tx.execute(count.group_by(tickets.c.agent))}
        guests = [name for name in rows if name not in self._routes.agents]
        found = []
        for name in (*self._routes.agents, *sorted(guests)):
            row, person = rows.get(name), self._routes.agent(name)
            state = row.state if row else "off"
            if name in guests and state == "off" and not chats.get(name):
                continue
            found.append(
                AgentLine(
                    name,
                    person.name or name,
                    person.tier,
                    state,
                    chats.get(name, 0),
                    person.capacity,
                    row.state_at if row else None,
                )  # fmt: skip
            )
        return tuple(found)

    def _callbacks(self) -> int:
        query = select(func.count()).where(tickets.c.state == "callback")
        with self._store.db.read() as tx:
            return int(tx.execute(query).scalar_one())

    # ── groups ───────────────────────────────────────────────────────────────
    def _groups(self, now: datetime, agents: Sequence[AgentLine]) -> tuple[GroupLine, ...]:
        limits = {group: self._limits(group, now) for group in self._routes.groups}
        counted = {row.name: row for row in self._count(limits)}
        old = self._old(limits, now)
        ready = Counter(
            group
            for each in agents
            if each.state == "ready"
            for group in self._routes.agent(each.id).skills
        )
        found = []
        for group, about in self._routes.groups.items():
            row = counted.get(group)
            broken = (row.broken if row else 0) + old[group, 2]
            late = (row.late if row else 0) + old[group, 1] + old[group, 2]
            found.append(
                GroupLine(
                    group,
                    about.name,
                    row.waiting if row else 0,
                    row.since if row else None,
                    late - broken,
                    broken,
                    ready[group],
                    self._routes.hours_of(group).is_open(now),
                )  # fmt: skip
            )
        return tuple(found)

    def _limits(self, group: str, now: datetime) -> Limits:
        targets, hours = self._routes.targets_of(group), self._routes.hours_of(group)

        def both(target: timedelta) -> tuple[datetime | None, datetime | None]:
            return hours.before(now, target * NEAR), hours.before(now, target)

        return Limits(both(targets.first), both(targets.next), both(targets.resolution)[0])

    def _count(self, limits: dict[str, Limits]) -> Sequence[Any]:
        """Of each group who waits, since when, who is late, and who is that or nearly."""
        name = case(
            *((tickets.c.skill_group == group, group) for group in limits),
            else_=self._routes.known(""),
        ).label("name")
        young = ~self._each(limits, lambda limit: _before("life_at", limit.resolution))
        late, broken = (self._each(limits, lambda limit, at=at: _late(limit, at)) for at in (0, 1))
        pending = tickets.c.state.in_(PENDING)
        query = select(
            name,
            func.sum(case((pending, 1), else_=0)).label("waiting"),
            func.min(case((pending, tickets.c.queued_at))).label("since"),
            func.sum(case((and_(young, late), 1), else_=0)).label("late"),
            func.sum(case((and_(young, broken), 1), else_=0)).label("broken"),
        ).where(tickets.c.state.in_(_RUNNING))
        with self._store.db.read() as tx:
            return tx.execute(query.group_by(name)).all()

    def _old(self, limits: dict[str, Limits], now: datetime) -> Counter[tuple[str, int]]:
        """Those so old that they may not be resolved in time, by group and how late they are: few,
        and time on hold has to be looked up for them."""
        old = self._each(limits, lambda limit: _before("life_at", limit.resolution))
        query = select(tickets).where(tickets.c.state.in_(_RUNNING), old)
        found = self._store.find(query)
        histories = self._live.histories([ticket.id for ticket in found])
        clocks = self._live.clocks(found, histories, now)
        return Counter(
            (self._routes.known(ticket.skill_group), clocks[ticket.id][0]) for ticket in found
        )

    def _each(self, limits: dict[str, Limits], test: Any) -> ColumnElement[bool]:
        """``test`` of each group's own limits; a group that the file has no more is the last's."""
        last = self._routes.known("")
        others = tickets.c.skill_group.not_in(tuple(limits))
        found = []
        for group, limit in limits.items():
            mine = tickets.c.skill_group == group
            found.append(and_(or_(mine, others) if group == last else mine, test(limit)))
        return or_(_NEVER, *found)

    # ── one day ──────────────────────────────────────────────────────────────
    def opened(self, since: datetime, until: datetime) -> Sequence[Ticket]:
        """The tickets opened in a period, in their order."""
        mine = (tickets.c.created_at >= since, tickets.c.created_at < until)
        return self._store.find(select(tickets).where(*mine).order_by(tickets.c.id))


def _before(column: str, limit: datetime | None) -> ColumnElement[bool]:
    return _NEVER if limit is None else tickets.c[column] <= limit


def _late(limit: Limits, at: int) -> ColumnElement[bool]:
    unanswered = and_(tickets.c.first_reply_at.is_(None), _before("life_at", limit.first[at]))
    return or_(unanswered, _before("awaiting_since", limit.next[at]))
