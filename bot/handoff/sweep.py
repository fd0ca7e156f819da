"""What happens to tickets because time has passed, and to agents who are heard of no more.

Every step is a conditional move in a transaction of its own, so any number of processes may sweep.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from bot.errors import BankbotError
from bot.handoff.desk import Desk
from bot.handoff.intake import SYSTEM
from bot.handoff.reasons import TIERS
from bot.handoff.sla import clocks, level, life_of, next_alarm
from bot.handoff.ticket import PENDING, WITH_PERSON, Ticket

logger = logging.getLogger(__name__)


class Sweep:
    """One pass over everything whose moment has come."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._queue = desk.queue
        self._db = desk.queue.db

    def run(self) -> None:
        """Do all that is due, then bring together who can be."""
        queue, waits = self._queue, (*PENDING, *WITH_PERSON)
        _each(self._lapse, queue.due("offered_until", ("offered",)))
        _each(self._recover, self._desk.floor.vanished())
        _each(self._call_back, queue.due("callback_at", ("callback",)))
        _each(self._escalate, queue.due("alarm_at", waits))
        within = queue.routes.policy.reopen_within
        _each(self._close, queue.due("ended_at", ("resolved",), ago=within))
        self._desk.matcher.match()

    def _lapse(self, ticket: Ticket) -> None:
        """An offer nobody took; its agent is not at the desk, whatever they said."""
        agent = str(ticket.agent)
        with self._db.begin() as tx:
            self._desk.floor.lock(tx, agent)
            found = self._queue.get(ticket.id, lock=True)
            if (found.state, found.agent, found.offered_until) != (
                "offered", agent, ticket.offered_until,
            ):  # fmt: skip
                return
            self._desk.work.take_back(found, "派单无人应答")
            self._desk.floor.be(agent, "away", seen=False)

    def _recover(self, agent: str) -> None:
        """Everything of an agent who vanished goes back to the queue."""
        with self._db.begin() as tx:
            self._desk.floor.lock(tx, agent)
            if agent not in self._desk.floor.vanished():
                return  # back just now
            for ticket in self._queue.held(agent):
                found = self._queue.get(ticket.id, lock=True)
                if found.agent != agent or found.state != ticket.state:
                    continue  # the customer left meanwhile
                moved = self._desk.work.take_back(found, f"坐席 {agent} 失联")
                if found.state in WITH_PERSON:
                    self._desk.apologise(moved)
            self._desk.floor.be(agent, "off", seen=False)

    def _call_back(self, ticket: Ticket) -> None:
        with self._db.begin():
            self._desk.remind(self._queue.call_back(ticket, SYSTEM, "约定的时间到了"))

    def _escalate(self, ticket: Ticket) -> None:
        """Let the next tier see what is late, or nearly; and know when to look again."""
        now, routes, group = self._queue.clock(), self._queue.routes, ticket.skill_group
        life = life_of(ticket, self._queue.history(ticket.id), now)
        running = clocks(life, routes.targets_of(group), routes.hours_of(group))
        late = level(running, now)
        reach = max(ticket.reach, min(max(TIERS), ticket.tier + late))
        note = None
        if reach > ticket.reach:
            note = f"{'已超时' if late == 2 else '即将超时'}，升级到{TIERS[reach]}"
        self._queue.change(
            ticket, note=note, by=SYSTEM, reach=reach, alarm_at=next_alarm(running, now)
        )

    def _close(self, ticket: Ticket) -> None:
        self._queue.move(
            ticket.id, "closed", by=SYSTEM, note="过了可追问的时间", expected=("resolved",)
        )


def _each(do: Callable[..., None], found: Iterable[object]) -> None:
    """One that fails, or was overtaken, keeps nobody else waiting."""
    for each in found:
        try:
            do(each)
        except BankbotError:
            continue
        except Exception:
            logger.exception("%s failed", do.__name__)
