"""Agents at work: who is ready, heard of lately, and how much each has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import ColumnElement

from bot.errors import Conflict, Invalid, NotFound
from bot.handoff.fit import CHAT, Load, Present, weight_of
from bot.handoff.store import TicketStore
from bot.handoff.tables import desk_agents, tickets
from bot.handoff.ticket import HELD, Bracket

AGENT_STATES: dict[str, str] = {"ready": "在线", "away": "小休", "off": "离线"}


class Floor:
    """Presence and load of agents. An agent's row is locked before any ticket's: see the page."""

    def __init__(self, store: TicketStore) -> None:
        self._store = store
        self._db = store.db

    # ── presence ─────────────────────────────────────────────────────────────
    def be(self, agent_id: str, state: str, *, seen: bool = True) -> None:
        """Somebody signs in or is back (``ready``), takes a break (``away``) or goes (``off``).

        Args:
            seen: the agent says so; otherwise it was found out.

        Raises:
            Conflict: who goes still has conversations.
        """
        if state not in AGENT_STATES:
            raise Invalid(f"没有坐席状态 {state!r}，可选：{'、'.join(AGENT_STATES)}")
        with self._db.begin() as tx:
            former = self.lock(tx, agent_id).state
            if state == "off" and (left := len(self._store.held(agent_id))):
                raise Conflict(f"坐席 {agent_id} 还有 {left} 个会话，请先办结或转接")
            known = {"seen_at": self._store.clock()} if seen else {}
            if state != former:
                known["state_at"] = self._store.clock()
            tx.execute(
                update(desk_agents).where(desk_agents.c.id == agent_id).values(state=state, **known)
            )

    def beat(self, agent_id: str) -> str:
        """The agent's page is alive; returns the agent's state, for a page that missed a change."""
        with self._db.begin() as tx:
            tx.execute(
                update(desk_agents)
                .where(desk_agents.c.id == agent_id, desk_agents.c.state != "off")
                .values(seen_at=self._store.clock())
            )
            return self.state_of(agent_id)

    def state_of(self, agent_id: str) -> str:
        """``ready``, ``away`` or ``off``; off is also who never came."""
        with self._db.read() as tx:
            found = tx.execute(
                select(desk_agents.c.state).where(desk_agents.c.id == agent_id)
            ).scalar_one_or_none()
        return str(found or "off")

    def there(self) -> frozenset[str]:
        """Those at the desk now, on a break or not."""
        return frozenset(each.id for each, _ in self.at_work())

    def ready(self) -> list[Present]:
        """Those who may be offered something, each with their load."""
        return [each for each, state in self.at_work() if state == "ready"]

    def at_work(self) -> list[tuple[Present, str]]:
        """Who is there, each with their load and state."""
        routes = self._store.routes
        there = and_(desk_agents.c.state != "off", desk_agents.c.seen_at > self._limit())
        with self._db.read() as tx:
            rows = tx.execute(select(desk_agents).where(there)).all()
            loads = self._loads(tickets.c.agent.is_not(None)) if rows else {}
        return [
            (
                Present(row.id, routes.agent(row.id), loads.get(row.id, Load()), row.assigned_at),
                row.state,
            )
            for row in rows
        ]

    def room(self, served: Bracket, at_work: Sequence[tuple[Present, str]]) -> tuple[int, int]:
        """How many conversations those of :meth:`at_work` who may serve such tickets can have at
        once, and how many who wait find room now, what is on offer already included."""
        mine = [
            (each, state)
            for each, state in at_work
            if served.group in each.person.skills
            and served.tier <= each.person.tier <= served.reach
        ]
        free = sum(
            max(0, each.person.capacity - -(-each.load.weight // CHAT))
            for each, state in mine
            if state == "ready"
        )
        on_offer = self._store.count("offered", served.group)
        return sum(each.person.capacity for each, _ in mine), free + on_offer

    def vanished(self) -> list[str]:
        """Those not heard of for too long; who never reported in is not expected to."""
        with self._db.read() as tx:
            rows = tx.execute(
                select(desk_agents.c.id)
                .where(desk_agents.c.state != "off", desk_agents.c.seen_at <= self._limit())
                .order_by(desk_agents.c.id)
            )
            return [row.id for row in rows]

    # ── inside a transaction ─────────────────────────────────────────────────
    def make_room(
        self, tx: Connection, agent_id: str, *, ready: bool = False, asked: bool = True
    ) -> None:
        """Lock the agent for one more conversation, which is theirs from now on; see
        :meth:`check_room`."""
        self.check_room(tx, agent_id, ready=ready, asked=asked)
        tx.execute(
            update(desk_agents)
            .where(desk_agents.c.id == agent_id)
            .values(assigned_at=self._store.clock())
        )

    def check_room(
        self, tx: Connection, agent_id: str, *, ready: bool = False, asked: bool = True
    ) -> None:
        """Lock the agent, if they may have one more conversation.

        Args:
            ready: it is offered, so the agent has to be ready for it.
            asked: the agent asked for it; what others give them, those on the roster have to be
                ready for as well, and nobody else gets where there is a roster.

        Raises:
            NotFound: nobody is called so.
            Conflict: the agent has no room, or is not there.
        """
        roster = self._store.routes.agents
        if not asked and roster:
            if agent_id not in roster:
                raise NotFound(f"没有坐席 {agent_id}，请检查工号")
            ready = True
        row = self.lock(tx, agent_id)
        gone = row.seen_at is not None and (row.state == "off" or self._lost(row))
        if gone or ready and row.state != "ready":
            raise Conflict(f"坐席 {agent_id} 不在岗")
        person = self._store.routes.agent(agent_id)
        load = self.load(agent_id)
        if not load.and_one().fits(person):
            mend = "请先办结或挂起再接" if asked else "请换一位同事"
            raise Conflict(f"坐席 {agent_id} 已有 {load.chats} 个会话，{mend}")

    def lock(self, tx: Connection, agent_id: str) -> Row:
        """The agent's row, made if need be, which nobody else changes until the transaction ends."""
        query = select(desk_agents).where(desk_agents.c.id == agent_id).with_for_update()
        row = tx.execute(query).first()
        if row is None:
            try:
                with tx.begin_nested():
                    tx.execute(insert(desk_agents).values(id=agent_id, state="off"))
            except IntegrityError:
                pass  # another process made it just now
            row = tx.execute(query).one()
        return row

    def load(self, agent_id: str) -> Load:
        """What an agent has."""
        return self._loads(tickets.c.agent == agent_id).get(agent_id, Load())

    def _loads(self, whose: ColumnElement) -> dict[str, Load]:
        """What agents have who have something."""
        answered = and_(
            tickets.c.first_reply_at.is_not(None), tickets.c.awaiting_since.is_(None)
        ).label("answered")
        kinds = (tickets.c.agent, tickets.c.state, answered)
        query = select(*kinds, func.count().label("number")).group_by(*kinds)
        loads: dict[str, Load] = {}
        with self._db.read() as tx:
            for row in tx.execute(query.where(tickets.c.state.in_(HELD), whose)):
                had = loads.get(row.agent, Load())
                weight = weight_of(row.state, row.answered, self._store.routes.policy)
                loads[row.agent] = Load(had.chats + row.number, had.weight + row.number * weight)
        return loads

    def _lost(self, row: Row) -> bool:
        return bool(row.seen_at <= self._limit())

    def _limit(self) -> datetime:
        """Who was last heard of by then has vanished."""
        return self._store.clock() - self._store.routes.policy.agent_timeout
