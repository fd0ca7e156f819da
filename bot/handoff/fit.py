"""Who is to serve whom: pure functions over tickets, agents and routes, at one moment.

The rule is on the page ``docs/queue.md``; :mod:`bot.handoff.matcher` carries its plans out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.handoff.reasons import MOST_URGENT
from bot.handoff.routes import Agent, Policy, Routes
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


class Kind(NamedTuple):
    """What of an agent decides which tickets fit."""

    tier: int
    languages: tuple[str, ...]
    skills: tuple[tuple[str, int], ...]


class Pair(NamedTuple):
    """A ticket and whom it is to be offered to."""

    ticket_id: str
    agent_id: str


def sort_at(queued_at: datetime, priority: int, policy: Policy) -> datetime:
    """The place in the queue as a moment: a level of priority is worth so much waiting, and what
    came later by more never goes before."""
    return queued_at + (priority - MOST_URGENT) * policy.ageing


def weight_of(state: str, answered: bool, policy: Policy) -> int:
    """What a held ticket weighs: one that waits for its customer, or is put aside, less.

    Args:
        answered: an agent has replied, and the customer has said nothing since.
    """
    idle = state == "on_hold" or (state == "active" and answered)
    return policy.idle_weight if idle else CHAT


def place(ticket: Ticket) -> tuple[bool, datetime, str]:
    """Where it stands in the queue: less goes first."""
    return not ticket.urgent, ticket.sort_at, ticket.id


class Moment:
    """Who may serve whom by now; what a group's hours say is looked up once."""

    def __init__(self, routes: Routes, now: datetime) -> None:
        self._routes = routes
        self.now = now
        self._helping: dict[str, tuple[tuple[str, timedelta], ...]] = {}

    def serves(self, ticket: Ticket, person: Agent) -> bool:
        """Whether somebody like this may serve the ticket, whoever it is and whatever they have."""
        waited = self.now - ticket.queued_at
        patience = self._routes.policy.language_patience
        if ticket.language not in person.languages and waited < patience:
            return False
        skilled = any(
            person.skills.get(group, 0) >= self._level(group, waited)
            for group, after in self._groups_for(ticket.skill_group)
            if not after or waited >= after
        )
        return skilled and self._lowest_tier(ticket, waited) <= person.tier <= ticket.reach

    def may_take(self, ticket: Ticket, person: Agent) -> bool:
        """Whether somebody may help themselves to it: of its group or the one that helps out,
        however skilled, and of a tier that is high enough."""
        skilled = any(group in person.skills for group, _ in self._groups_for(ticket.skill_group))
        waited = self.now - ticket.queued_at
        return skilled and self._lowest_tier(ticket, waited) <= person.tier

    def soonest(self, group: str, person: Agent) -> timedelta | None:
        """How long a ticket of the group has to wait at least until somebody like this is skilled
        enough for it; None if that never comes."""
        groups = self._routes.groups
        waits = [
            max(after, groups[name].widen * max(0, groups[name].level - skill))
            for name, after in self._groups_for(group)
            if (skill := person.skills.get(name, 0))
        ]
        return min(waits, default=None)

    def _groups_for(self, group: str) -> tuple[tuple[str, timedelta], ...]:
        """The groups that may serve a group's tickets, and after how long a wait."""
        if group not in self._helping:
            name = self._routes.known(group)
            overflow = self._routes.groups[name].overflow
            found = [(name, timedelta(0))]
            if overflow is not None:
                at_work = self._routes.hours_of(name).is_open(self.now)
                found.append((overflow.to, overflow.after if at_work else timedelta(0)))
            self._helping[group] = tuple(found)
        return self._helping[group]

    def _level(self, group: str, waited: timedelta) -> int:
        asked = self._routes.groups[group]
        return max(1, asked.level - waited // asked.widen)

    def _lowest_tier(self, ticket: Ticket, waited: timedelta) -> int:
        """What must not wait is better served by anybody than by nobody."""
        if not ticket.urgent:
            return ticket.tier
        return max(1, ticket.tier - waited // self._routes.group(ticket.skill_group).widen)


def fits(ticket: Ticket, agent_id: str, person: Agent, routes: Routes, now: datetime) -> bool:
    """Whether an agent is one who may serve this ticket by now, whatever else they have."""
    return not _declined(ticket, agent_id, now) and Moment(routes, now).serves(ticket, person)


def alike(people: Iterable[Present]) -> dict[Kind, list[Present]]:
    """People whom the same tickets fit, together."""
    found: dict[Kind, list[Present]] = {}
    for each in people:
        person = each.person
        kind = Kind(person.tier, person.languages, tuple(sorted(person.skills.items())))
        found.setdefault(kind, []).append(each)
    return found


def with_room(ready: Iterable[Present]) -> dict[str, Present]:
    """Those who may have one more, by their names."""
    return {each.id: each for each in ready if each.load.and_one().fits(each.person)}


def plan(
    waiting: Iterable[Ticket], free: dict[str, Present], routes: Routes, now: datetime
) -> list[Pair]:
    """Pairs to be brought together: each waiting ticket in its turn gets the best who fits and has
    room, so that nobody waits beside a free agent who fits.

    Args:
        waiting: in order; read no further than there is somebody free.
        free: agents :func:`with_room`; who has none left by the plan is taken out.
    """
    pairs: list[Pair] = []
    moment = Moment(routes, now)
    kinds = [
        (people[0].person, {each.id for each in people}) for people in alike(free.values()).values()
    ]
    # Looked at before the next ticket is: getting that one may mean reading on.
    tickets = iter(waiting)
    while free and (ticket := next(tickets, None)) is not None:
        able = [
            free[each]
            for person, people in kinds
            if not free.keys().isdisjoint(people) and moment.serves(ticket, person)
            for each in people & free.keys()
            if not _declined(ticket, each, now)
        ]
        if not able:
            continue
        best = min(able, key=lambda each: _preference(ticket, each))
        pairs.append(Pair(ticket.id, best.id))
        del free[best.id]
        free |= with_room([replace(best, load=best.load.and_one(), assigned_at=now)])
    return pairs


def _declined(ticket: Ticket, agent_id: str, now: datetime) -> bool:
    """Whether the agent would not have it, a little while ago."""
    until = ticket.declined.get(agent_id)
    return until is not None and now < datetime.fromisoformat(until)


def _preference(ticket: Ticket, agent: Present) -> tuple[bool, float, bool, float, str]:
    """The customer's last agent, else who has least to do, else who has waited longest for work."""
    return (
        agent.id != ticket.last_agent,
        agent.load.share(agent.person),
        agent.assigned_at is not None,
        agent.assigned_at.timestamp() if agent.assigned_at else 0.0,
        agent.id,
    )
