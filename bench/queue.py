"""Measures the human queue under load: many agents in many processes over one PostgreSQL.

    python -m bench.queue claim   agents help themselves from the front of the queue
    python -m bench.queue match   agents are offered what is next, accept it and end it
    python -m bench.queue plan    one match beside a long queue, and a plan of all of it

    [--agents 200] [--tickets 20000] [--processes 8] [--served N]

Whatever was served is checked afterwards: each once, by one agent. The server is one of Debian's,
started for this, its commits on disk.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from statistics import quantiles
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import func, select

from bench.hall import faults, fill, hall
from bot.conversations.log import MessageLog
from bot.errors import Conflict
from bot.handoff.desk import Desk
from bot.handoff.fit import Pair, Present, plan, with_room
from bot.handoff.line import Line
from bot.handoff.queue import TicketQueue
from bot.handoff.tables import tickets
from bot.handoff.ticket import QUEUED
from bot.storage import Database
from bot.text.clock import utc_now
from tests import postgres

# How far down a group's queue agents look for something they like.
SEEN = 20
# So often in a row finding nothing means that nothing is left.
IDLE = 200
REPEATS = 20
T = TypeVar("T")


@dataclass
class Times:
    """How long acts took, in milliseconds, by their names; and how often one was overtaken."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    overtaken: int = 0
    served: int = 0

    def of(self, name: str, act: Callable[[], T]) -> T:
        begun = time.perf_counter()
        result = act()
        self.took[name].append((time.perf_counter() - begun) * 1000)
        return result

    def add(self, other: Times) -> None:
        for name, values in other.took.items():
            self.took[name] += values
        self.overtaken += other.overtaken
        self.served += other.served


@dataclass(frozen=True)
class Shift:
    """What one process works on: its agents, at the desk of that database, until all processes
    together have served ``target`` tickets."""

    url: str
    agents: int
    first: int
    last: int
    target: int

    def desk(self) -> Desk:
        db, routes = Database(self.url), hall(self.agents)
        return Desk(db, TicketQueue(db, utc_now, routes), MessageLog(db))

    @property
    def mine(self) -> list[str]:
        return sorted(hall(self.agents).agents)[self.first : self.last]


def resolved(desk: Desk) -> int:
    """How many all processes have served together."""
    return desk.queue.counts()["resolved"]


def claiming(shift: Shift) -> Times:
    """Agents in any order take one of the first they see, or end one they have."""
    desk, times, dice = shift.desk(), Times(), random.Random(shift.first)
    had: dict[str, list[str]] = {agent: [] for agent in shift.mine}
    for agent in had:
        desk.floor.be(agent, "away")
    idle = 0
    while idle < IDLE and (any(had.values()) or resolved(desk) < shift.target):
        agent = dice.choice(shift.mine)
        room = desk.queue.routes.agent(agent).capacity - len(had[agent])
        if room and dice.random() < 0.6:
            idle = 0 if _claim(desk, times, dice, agent, had[agent]) else idle + 1
        elif had[agent]:
            number, idle = had[agent].pop(0), 0
            times.of("end", partial(desk.resolve, number, agent, code="done", note=""))
            times.served += 1
    return times


def _claim(desk: Desk, times: Times, dice: random.Random, agent: str, had: list[str]) -> bool:
    group = dice.choice(sorted(desk.queue.routes.agent(agent).skills))
    seen = times.of("look", partial(desk.queue.first, SEEN, tickets.c.skill_group == group))
    if not seen:
        return False
    begun = time.perf_counter()
    try:
        had.append(desk.claim(dice.choice(seen).id, agent).id)
    except Conflict:
        times.overtaken += 1
        return False
    times.took["claim"].append((time.perf_counter() - begun) * 1000)
    return True


def matching(shift: Shift) -> Times:
    """Agents accept whatever they are offered and end it when they come to it again."""
    desk, times = shift.desk(), Times()
    desk.matcher.match = partial(times.of, "match", desk.matcher.match)  # type: ignore[method-assign]
    freed: dict[str, list[datetime]] = {agent: [] for agent in shift.mine}
    for agent in freed:
        desk.be(agent, "ready")
    while resolved(desk) < shift.target:
        for agent, moments in freed.items():
            for ticket in desk.queue.held(agent):
                if ticket.state == "offered":
                    if moments:
                        waited = ticket.updated_at - moments.pop(0)
                        times.took["free until offered"].append(waited.total_seconds() * 1000)
                    times.of("accept", partial(desk.accept, ticket.id, agent))
                else:
                    moments.append(utc_now())
                    times.of(
                        "end and match",
                        partial(desk.resolve, ticket.id, agent, code="done", note=""),
                    )
                    times.served += 1
    return times


def planning(shift: Shift) -> Times:
    """What one match reads and decides beside the whole queue, and what a plan of all of it costs."""
    desk, times = shift.desk(), Times()
    queue, routes, line, now = desk.queue, desk.queue.routes, Line(desk.queue), utc_now()
    for agent in shift.mine:
        desk.floor.be(agent, "ready")
    everybody = desk.floor.ready()
    leads = [each for each in everybody if each.person.tier > 1]
    for name, ready in (
        ("one agent free", everybody[:1]),
        ("one lead free, for whom nothing is", leads[:1]),
        ("all agents free", everybody),
    ):
        for _ in range(REPEATS):
            free = with_room(ready)
            found = times.of(name, partial(_planned, queue, line, free, now))
        free = with_room(ready)
        begun = time.perf_counter()
        whole = plan(queue.list(QUEUED), free, routes, now)
        times.took[f"{name}: by the whole queue"].append((time.perf_counter() - begun) * 1000)
        if found != whole:
            raise SystemExit(f"{name}: the plans differ")
    waiting = queue.list(QUEUED)
    last, everywhere = waiting[-1], [each.conversation_id for each in waiting]
    for _ in range(REPEATS):
        times.of("who is there, with what", desk.floor.ready)
        times.of("place and wait of the last", partial(desk.waiting, last))
        times.of("places of all", partial(queue.places, everywhere))
    return times


def _planned(queue: TicketQueue, line: Line, free: dict[str, Present], now: datetime) -> list[Pair]:
    with queue.db.read():  # as the matcher does
        return plan(line.front(free, now), free, queue.routes, now)


MODES = {"claim": claiming, "match": matching, "plan": planning}


def main(mode: str, agents: int, waiting: int, processes: int, served: int) -> None:
    with postgres.running(durable=True) as server:
        url = server.database()
        db = Database(url)
        fill(db, hall(agents), waiting, utc_now())
        if mode == "plan":
            show(planning(Shift(url, agents, 0, agents, 0)))
            return
        bounds = [agents * n // processes for n in range(processes + 1)]
        shifts = [Shift(url, agents, bounds[n], bounds[n + 1], served) for n in range(processes)]
        begun = time.perf_counter()
        times = at_work(MODES[mode], shifts, db, served)
        seconds = time.perf_counter() - begun
        show(times)
        Console().print(f"{times.served / seconds:.0f} tickets/s, {times.overtaken} overtaken")
        wrong = faults(db, hall(agents), times.served)
        db.dispose()
    raise SystemExit("\n".join(wrong) or 0)


def at_work(
    do: Callable[[Shift], Times], shifts: Sequence[Shift], db: Database, count: int
) -> Times:
    """All shifts at once, each in a process of its own."""
    times = Times()
    ended = select(func.count()).select_from(tickets).where(tickets.c.state == "resolved")
    with ProcessPoolExecutor(len(shifts), get_context("spawn")) as pool, Progress() as progress:
        bar = progress.add_task("served", total=count)
        running = [pool.submit(do, shift) for shift in shifts]
        while not all(each.done() for each in running):
            with db.read() as tx:
                progress.update(bar, completed=tx.execute(ended).scalar_one())
            wait(running, timeout=1)
        for each in running:
            times.add(each.result())
    return times


def show(times: Times) -> None:
    table = Table("act", "times", "p50, ms", "p95, ms", "p99, ms")
    for name, took in times.took.items():
        cuts = quantiles(took, n=100) if len(took) > 1 else took * 99
        table.add_row(name, str(len(took)), *(f"{cuts[each]:.1f}" for each in (49, 94, 98)))
    Console().print(table)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("mode", choices=MODES)
    arguments.add_argument("--agents", type=int, default=200)
    arguments.add_argument("--tickets", type=int, default=20_000, dest="waiting")
    arguments.add_argument("--processes", type=int, default=8)
    arguments.add_argument("--served", type=int, help="stop after so many; all of them otherwise")
    given = arguments.parse_args()
    main(**{**vars(given), "served": given.served or given.waiting})
