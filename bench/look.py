"""What it costs to keep every desk current beside a long queue: one look, and a desk's first event."""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from collections.abc import Callable
from statistics import quantiles
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from bench.hall import fill, hall
from bot.conversations.log import MessageLog
from bot.conversations.typing import Typing
from bot.gateway.desk_feed import DeskFeed, Look
from bot.gateway.desk_rows import DeskRows
from bot.gateway.desk_stream import _Told
from bot.handoff.board import BoardReader
from bot.handoff.desk import Desk
from bot.handoff.queue import TicketQueue
from bot.storage import Database
from bot.text.clock import utc_now

REPEATS = 20
# Customers who wait with their page open, in one gateway.
LISTENING = 1_000
T = TypeVar("T")


class Looks:
    """The looks of one gateway beside so many who wait, each agent having some."""

    def __init__(self, url: str, agents: int, each_has: int, waiting: int) -> None:
        db, routes = Database(url), hall(agents)
        fill(db, routes, waiting + agents * each_has, utc_now())
        self.queue = TicketQueue(db, utc_now, routes)
        log = MessageLog(db)
        self.desk = Desk(db, self.queue, log)
        line = iter(self.queue.first(agents * each_has))
        for name in routes.agents:
            for _ in range(each_has):
                self.desk.work.assign(next(line).id, name)
        self.rows = DeskRows(db, self.desk, log)
        self.feed = DeskFeed(self.rows, Typing(db), self.queue.announcements)
        self.took: dict[str, list[float]] = defaultdict(list)

    def timed(self, name: str, act: Callable[[], T]) -> T:
        begun = time.perf_counter()
        done = act()
        self.took[name].append((time.perf_counter() - begun) * 1000)
        return done

    def measure(self) -> int:
        """Every figure some times; the size of a desk's first event in bytes."""
        name = next(iter(self.queue.routes.agents))
        look, board = self.feed.look(Look()), BoardReader(self.queue)
        waiting = [each.conversation_id for each in self.queue.list("waiting")]
        listening = random.Random(7).sample(waiting, min(LISTENING, len(waiting)))
        for _ in range(REPEATS):
            self.timed("a look at nothing new", lambda: self.feed.look(look))  # noqa: B023
            self.desk.work.assign(self.queue.first(1)[0].id, name)
            look = self.timed("a look after one was taken", lambda: self.feed.look(look))  # noqa: B023
            self.timed("a gateway's first look", lambda: self.feed.look(Look()))
            told = self.timed("a desk's first event", lambda: _Told(name, self.rows, look))  # noqa: B023
            self.timed(f"places of {len(listening)}", lambda: self.queue.places(listening))
            self.timed("the wall board", board.look)
        return len(json.dumps(told.everything(), ensure_ascii=False).encode())


def look_beside(url: str, agents: int, each_has: int, waiting: int) -> None:
    """Print what looks take while so many wait and every agent has some."""
    looks = Looks(url, agents, each_has, waiting)
    size = looks.measure()
    kind = looks.queue.db.engine.dialect.name
    table = Table(f"{waiting} who wait, {agents} desks, {kind}", "times", "p50, ms", "p95, ms")
    for name, took in looks.took.items():
        cuts = quantiles(took, n=20)
        table.add_row(name, str(len(took)), f"{cuts[9]:.1f}", f"{cuts[18]:.1f}")
    Console().print(table, f"a desk's first event is {size / 1000:.0f} kB")
