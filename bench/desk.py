"""Measures the desk at work: how soon one side sees what the other did, over HTTP and streams.

    python -m bench.desk [--conversations 200] [--ramp 60] [--seconds 80] [--every 40]
        [--database postgresql]
    python -m bench.desk --waiting 20000 [--database postgresql]   what looks cost beside so many

One gateway process over SQLite or PostgreSQL. Every customer and every agent has a stream open.
All customers are handed over within ``--ramp`` seconds, as the action server does it, from a
process of its own; then each side of each conversation writes every ``--every`` seconds, which for
an agent with three of them is a message every 13 s. Times are
from sending to the other side's stream, this process's own share included.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from bench.hall import TEAM, hall
from bench.look import look_beside
from bench.sides import ACTS, Agent, Customer, Http, Stopwatch
from bench.suggest import answers, resident_mb
from bot.conversations.log import MessageLog
from bot.handoff.desk import Desk
from bot.handoff.queue import TicketQueue
from bot.staff import passwords
from bot.staff.accounts import Accounts
from bot.staff.door import Door, Rules
from bot.storage import Database
from bot.storage.migrate import upgrade
from bot.text.clock import utc_now
from tests import postgres
from tests.assistant import free_port

SERVER = """
import sys
from bench.hall import hall
from bot.gateway.app import create_app, serve
from bot.gateway.parts import GatewayConfig
from bot.storage import Database
port, database, agents = sys.argv[1:]
config = GatewayConfig(
    secret=b"x" * 32, customer_key="x" * 32, rasa_url="http://127.0.0.1:9",
    actions_url="http://127.0.0.1:9", conversations_per_minute=10**9, routes=hall(int(agents)),
    alone=database.startswith("sqlite"),
)
serve(create_app(config, Database(database)), port=int(port))
"""
SECRET = b"x" * 32
# By the shipped routes an agent has three at once, but not everybody serves every group.
CAPACITY = 2
PATIENCE = 10.0
# By then what opening them all at once has put off is done, s.
SETTLING = 5
# Desks that are kept current beside a long queue.
DESKS = 200


@dataclass(frozen=True)
class Course:
    """How many talk; in how many seconds they come, how long they talk, and how often each side
    writes."""

    conversations: int
    ramp: int
    seconds: int
    every: int


async def measure(http: Http, tokens: list[str], desk: Desk, course: Course) -> Stopwatch:
    """The whole of it; returns once everything sent was seen, or ten seconds later."""
    watch, dice, console = Stopwatch(), random.Random(7), Console()
    agents = [Agent(http, token, watch) for token in tokens]
    customers = [Customer(http, desk, watch) for _ in range(course.conversations)]
    await asyncio.gather(*(each.open() for each in customers))
    streams = [asyncio.create_task(each.listen()) for each in (*agents, *customers)]

    def soon(seconds: int) -> float:
        return dice.random() * seconds

    with console.status("handing over"):
        await asyncio.gather(*(each.there.wait() for each in (*agents, *customers)))
        await asyncio.sleep(SETTLING)
        await asyncio.gather(*(_later(soon(course.ramp), each.call()) for each in customers))
        await _until(lambda: sum(len(each.mine) for each in agents) == len(customers))
    talks = [(agent, number) for agent in agents for number in agent.mine]
    console.print(f"{len(talks)} of {len(customers)} with a person")
    with console.status("talking"):
        acts = []
        for count in range(course.seconds // course.every):
            at = count * course.every
            acts += [_later(at + soon(course.every), each.write(count)) for each in customers]
            acts += [
                _later(at + soon(course.every), agent.write(number, count))
                for agent, number in talks
            ]
        await asyncio.gather(*acts)
        await _until(lambda: not watch.missing)
    for stream in streams:
        stream.cancel()
    ended = await asyncio.gather(*streams, return_exceptions=True)
    for each in ended:
        if not isinstance(each, asyncio.CancelledError):
            raise SystemExit(f"a stream broke off: {each!r}")
    return watch


async def _later(seconds: float, act: Coroutine[Any, Any, None]) -> None:
    await asyncio.sleep(seconds)
    await act


async def _until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not so() and time.monotonic() < deadline:  # noqa: ASYNC110 - nothing rings here
        await asyncio.sleep(0.1)


def staffed(url: str, agents: int) -> list[str]:
    """Everybody of the hall, signed in; their sessions' tokens."""
    passwords.LOG2_COST = 4  # what a guess costs is not what is measured
    db = Database(url)
    accounts, door = Accounts(db), Door(db, SECRET, Rules(), demo=False)
    tokens = []
    for name in hall(agents).agents:
        accounts.add(name, name, ("agent",), "correct horse battery", by="bench")
        tokens.append(door.sign_in(name, "correct horse battery", "bench")[0])
    db.dispose()
    return tokens


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of an empty database whose commits are on disk."""
    if kind == "postgresql":
        with postgres.running(durable=True) as server:
            yield server.database()
        return
    with tempfile.TemporaryDirectory() as home:
        url = f"sqlite:///{Path(home, 'bank.db')}"
        upgrade(Database(url))
        yield url


def main(course: Course, kind: str) -> None:
    # Enough for all; the leads among them are offered nothing.
    agents = -(-course.conversations * TEAM // (CAPACITY * (TEAM - 1))) + 5
    with database(kind) as url:
        tokens, port = staffed(url, agents), free_port()
        command = [sys.executable, "-c", SERVER, str(port), url, str(agents)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            answers(server, port)
            watch = asyncio.run(connected(port, tokens, desk_over(url, agents), course))
            memory = resident_mb(server.pid)
        finally:
            server.terminate()
            server.wait()
    table = Table(
        f"{course.conversations} at {agents} desks, {kind}", "times", "p50, ms", "p95, ms"
    )
    for act in ACTS:
        cuts = quantiles(watch.took[act], n=20)
        table.add_row(act, str(len(watch.took[act])), f"{cuts[9]:.0f}", f"{cuts[18]:.0f}")
    Console().print(table, f"gateway {memory:.0f} MB")
    raise SystemExit(watch.missing and f"never seen: {watch.missing}")


async def connected(port: int, tokens: list[str], desk: Desk, course: Course) -> Stopwatch:
    # A connection for each call: one that is kept may be closed just as it is used again.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    base = f"http://127.0.0.1:{port}"

    def client() -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=base, limits=limits, timeout=30)

    # Every call looks through its client's connections, so streams have one of their own.
    async with client() as calls, client() as streams:
        return await measure(Http(calls, streams), tokens, desk, course)


def desk_over(url: str, agents: int) -> Desk:
    db = Database(url)
    return Desk(db, TicketQueue(db, utc_now, hall(agents)), MessageLog(db))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--conversations", type=int, default=200)
    arguments.add_argument("--ramp", type=int, default=60)
    arguments.add_argument("--seconds", type=int, default=80)
    arguments.add_argument("--every", type=int, default=40)
    arguments.add_argument("--waiting", type=int, help="measure looks only, beside so many")
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = arguments.parse_args()
    if given.waiting is None:
        course = Course(given.conversations, given.ramp, given.seconds, given.every)
        main(course, given.database)
    else:
        with database(given.database) as where:
            look_beside(where, DESKS, CAPACITY, given.waiting)
