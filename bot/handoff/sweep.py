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
from bot.handoff.reception import Reception
from bot.handoff.sla import clocks, level, life_of, next_alarm
from bot.handoff.ticket import PENDING, WITH_PERSON, Ticket
from bot.handoff.webhook import WebhookDesk

logger = logging.getLogger(__name__)


class Timetable:
    """What has a time of its own whichever desk it is: coming back, and being over for good."""

    def __init__(self, desk: Reception) -> None:
        self._reception = desk
        self._queue = desk.queue
        self._db = desk.queue.db

    def run(self) -> None:
        """Do all that is due."""
        queue = self._queue
        _each(self._call_back, queue.due("callback_at", ("callback",)))
        within = queue.routes.policy.reopen_within
        _each(self._close, queue.due("ended_at", ("resolved",), ago=within))

    def _call_back(self, ticket: Ticket) -> None:
        with self._db.begin():
            self._reception.remind(self._queue.call_back(ticket, SYSTEM, "约定的时间到了"))

    def _close(self, ticket: Ticket) -> None:
        self._queue.move(
            ticket.id, "closed", by=SYSTEM, note="过了可追问的时间", expected=("resolved",)
        )


class Sweep(Timetable):
    """One pass over everything whose moment has come at the built-in desk."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk

    def run(self) -> None:
        """Do all that is due, then bring together who can be."""
        queue, waits = self._queue, (*PENDING, *WITH_PERSON)
        _each(self._lapse, queue.due("offered_until", ("offered",)))
        _each(self._recover, self._desk.floor.vanished())
        super().run()
        _each(self._desk.asking.lapse, self._desk.asking.book.due())
        _each(self._escalate, queue.due("alarm_at", waits))
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


class Errands(Timetable):
    """The same where a desk elsewhere minds its own agents and targets, and is to be told."""

    def __init__(self, desk: WebhookDesk) -> None:
        super().__init__(desk)
        self._desk = desk

    def run(self) -> None:
        """Do all that is due, then send what is to be told."""
        super().run()
        self._desk.deliver()


def sweep_of(desk: Desk | WebhookDesk) -> Timetable:
    """What is to be run again and again for a desk."""
    return Sweep(desk) if isinstance(desk, Desk) else Errands(desk)


def _each(do: Callable[..., None], found: Iterable[object]) -> None:
    """One that fails, or was overtaken, keeps nobody else waiting."""
    for each in found:
        try:
            do(each)
        except BankbotError:
            continue
        except Exception:
            logger.exception("%s failed", do.__name__)
