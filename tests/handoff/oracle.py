"""The queue's rule as its page tells it, written down once more and as plainly as can be.

What runs is held against this and not against itself: a rule that changed by mistake would agree
with every test that asks it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.handoff.routes import Agent, Routes
from bot.handoff.tables import desk_agents
from bot.handoff.ticket import HELD, Ticket
from bot.storage import Database

CHAT = 100
SILENCE = timedelta(seconds=45)


def place(ticket: Ticket) -> tuple[bool, datetime, str]:
    """Less goes first."""
    return not ticket.urgent, ticket.sort_at, ticket.id


def due_place(ticket: Ticket, routes: Routes) -> datetime:
    """A level of priority is worth ``ageing``; waiting counts from when this life began, whoever
    had the ticket meanwhile."""
    return ticket.life_at + (ticket.priority - 1) * routes.policy.ageing


def weight(ticket: Ticket, routes: Routes) -> int:
    """What a held ticket weighs: half a chat where the customer is to speak, or it is put aside."""
    theirs = ticket.first_reply_at is not None and ticket.awaiting_since is None
    idle = ticket.state == "on_hold" or (ticket.state == "active" and theirs)
    return routes.policy.idle_weight if idle else CHAT


def load(agent: str, tickets: Collection[Ticket], routes: Routes) -> tuple[int, int]:
    """How many an agent has, and what they weigh."""
    mine = [each for each in tickets if each.state in HELD and each.agent == agent]
    return len(mine), sum(weight(each, routes) for each in mine)


def has_room(agent: str, tickets: Collection[Ticket], routes: Routes) -> bool:
    """Whether the agent may have one more."""
    person, (chats, heavy) = routes.agents[agent], load(agent, tickets, routes)
    return chats + 1 <= person.at_most and heavy + CHAT <= person.capacity * CHAT


def may_serve(ticket: Ticket, agent: str, routes: Routes, now: datetime) -> bool:
    """Whether a waiting ticket may be offered to the agent."""
    person, waited = routes.agents[agent], now - ticket.queued_at
    if agent in ticket.declined and now < datetime.fromisoformat(ticket.declined[agent]):
        return False
    if ticket.language not in person.languages and waited < routes.policy.language_patience:
        return False
    asked = ticket.tier
    group = routes.groups[ticket.skill_group]
    if ticket.urgent:
        asked = max(1, ticket.tier - waited // group.widen)
    if not asked <= person.tier <= ticket.reach:
        return False
    if _skilled(person, ticket.skill_group, routes, waited):
        return True
    if group.overflow is None:
        return False
    closed = not routes.hours_of(ticket.skill_group).is_open(now)
    helped = closed or waited >= group.overflow.after
    return helped and _skilled(person, group.overflow.to, routes, waited)


def _skilled(person: Agent, name: str, routes: Routes, waited: timedelta) -> bool:
    group = routes.groups[name]
    level = max(1, group.level - waited // group.widen)
    return name in person.skills and person.skills[name] >= level


def was_manned(ticket: Ticket, at: datetime, routes: Routes) -> bool:
    """Whether anybody who may serve a ticket was at work at a moment."""
    helping = routes.groups[ticket.skill_group].overflow
    groups = [ticket.skill_group, *([helping.to] if helping else [])]
    return any(routes.hours_of(each).is_open(at) for each in groups)


def at_work(db: Database, routes: Routes, now: datetime) -> dict[str, str]:
    """The state of everybody on the roster; ``off`` is also who was not heard of lately."""
    rows = _rows(db)
    return {
        agent: rows[agent].state if agent in rows and _heard_of(rows[agent], now) else "off"
        for agent in routes.agents
    }


def vanished(db: Database, now: datetime) -> set[str]:
    """Those who are said to be there, reported in once, and fell silent."""
    return {
        agent
        for agent, row in _rows(db).items()
        if row.state != "off" and row.seen_at and not _heard_of(row, now)
    }


def _rows(db: Database) -> dict[str, Any]:
    with db.read() as tx:
        return {row.id: row for row in tx.execute(select(desk_agents))}


def _heard_of(row: Any, now: datetime) -> bool:
    return row.seen_at is not None and now - row.seen_at < SILENCE
