"""Who is to serve whom: pure functions over tickets, agents and routes, at one moment.

The rule is on the page ``docs/queue.md``; :mod:`bot.handoff.matcher` carries its plans out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.handoff.reasons import MOST_URGENT
from bot.handoff.routes import Agent, Routes, Rules
from bot.handoff.ticket import Ticket

# What a whole chat weighs.
CHAT = 100


@dataclass(frozen=True)
class Load:
    """What an agent has: ``chats`` by number, ``weight`` in hundredths of a chat."""

    chats: int = 0
    weight: int = 0

    def and_one(self) -> Load:
        """The load with one more chat."""
        return Load(self.chats + 1, self.weight + CHAT)

    def fits(self, person: Agent) -> bool:
        """Whether the agent may have so much."""
        return self.chats <= person.at_most and self.weight <= person.capacity * CHAT

    def share(self, person: Agent) -> float:
        """How full the agent is, from 0."""
        return self.weight / (person.capacity * CHAT)


@dataclass(frozen=True)
class Present:
    """An agent who is ready: what they have, and when they last got something."""

    id: str
    person: Agent
    load: Load
    assigned_at: datetime | None


class Pair(NamedTuple):
    """A ticket and whom it is to be offered to."""

    ticket_id: str
    agent_id: str


def sort_at(queued_at: datetime, priority: int, rules: Rules) -> datetime:
    """The place in the queue as a moment: a level of priority is worth so much waiting, and what
    came later by more never goes before."""
    return queued_at + (priority - MOST_URGENT) * rules.ageing


def weight_of(ticket: Ticket, rules: Rules) -> int:
    """What a held ticket weighs: one that waits for its customer, or is put aside, less."""
    answered = ticket.first_reply_at is not None and ticket.awaiting_since is None
    idle = ticket.state == "on_hold" or (ticket.state == "active" and answered)
    return rules.idle_weight if idle else CHAT


def groups_for(ticket: Ticket, routes: Routes, now: datetime) -> tuple[str, ...]:
    """The groups that may serve it by now."""
    name = routes.known(ticket.skill_group)
    overflow = routes.groups[name].overflow
    if overflow is None:
        return (name,)
    late = now - ticket.queued_at >= overflow.after
    return (name, overflow.to) if late or not routes.hours_of(name).is_open(now) else (name,)


def fits(ticket: Ticket, agent_id: str, person: Agent, routes: Routes, now: datetime) -> bool:
    """Whether an agent is one who may serve this ticket by now, whatever else they have."""
    waited = now - ticket.queued_at
    until = ticket.declined.get(agent_id)
    if until is not None and now < datetime.fromisoformat(until):
        return False
    if ticket.language not in person.languages and waited < routes.rules.language_patience:
        return False
    skilled = any(
        person.skills.get(group, 0) >= _level(routes, group, waited)
        for group in groups_for(ticket, routes, now)
    )
    return skilled and _lowest_tier(ticket, routes, waited) <= person.tier <= ticket.reach


def may_take(ticket: Ticket, person: Agent, routes: Routes, now: datetime) -> bool:
    """Whether somebody may help themselves to it: of its group or the one that helps out, however
    skilled, and of a tier that is high enough."""
    overflow = routes.group(ticket.skill_group).overflow
    helping = (overflow.to,) if overflow else ()
    skilled = any(group in person.skills for group in (routes.known(ticket.skill_group), *helping))
    return skilled and _lowest_tier(ticket, routes, now - ticket.queued_at) <= person.tier


def plan(
    waiting: Sequence[Ticket], ready: Sequence[Present], routes: Routes, now: datetime
) -> list[Pair]:
    """Pairs to be brought together: each waiting ticket in its turn gets the best who fits and has
    room, so that nobody waits beside a free agent who fits."""
    free = {each.id: each for each in ready}
    pairs = []
    for ticket in waiting:
        able = [
            each
            for each in free.values()
            if each.load.and_one().fits(each.person)
            and fits(ticket, each.id, each.person, routes, now)
        ]
        if not able:
            continue
        best = min(able, key=lambda each: _preference(ticket, each))
        pairs.append(Pair(ticket.id, best.id))
        free[best.id] = replace(best, load=best.load.and_one(), assigned_at=now)
    return pairs


def _preference(ticket: Ticket, agent: Present) -> tuple[bool, float, bool, float, str]:
    """The customer's last agent, else who has least to do, else who has waited longest for work."""
    return (
        agent.id != ticket.last_agent,
        agent.load.share(agent.person),
        agent.assigned_at is not None,
        agent.assigned_at.timestamp() if agent.assigned_at else 0.0,
        agent.id,
    )


def _level(routes: Routes, group: str, waited: timedelta) -> int:
    asked = routes.groups[group]
    return max(1, asked.level - waited // asked.widen)


def _lowest_tier(ticket: Ticket, routes: Routes, waited: timedelta) -> int:
    """What must not wait is better served by anybody than by nobody."""
    if not ticket.urgent:
        return ticket.tier
    return max(1, ticket.tier - waited // routes.group(ticket.skill_group).widen)
