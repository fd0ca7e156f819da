"""What every open desk is to know, read once for all of them.

One look reads a few columns of whatever is on a desk, that is what agents have and the front of the
queue, and the whole of what changed; the streams of all desks draw from it. Nothing is kept between
looks that the database does not hold, so any number of gateways show the same, and a look that is
lost is made up for by the next.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from starlette.concurrency import run_in_threadpool

from bot.conversations.models import Message
from bot.conversations.typing import Typing
from bot.gateway.desk_rows import DeskRows
from bot.handoff.announcements import Announcement, Announcements
from bot.handoff.asks import Ask
from bot.handoff.live import on_desks
from bot.handoff.ticket import ENDED, HELD, QUEUED, Ticket

logger = logging.getLogger(__name__)

# How soon what another process did is noticed,
POLL_SECONDS = 0.2
# and how long a look waits for more to look at, once something happened here.
GATHER_SECONDS = 0.1
# For how long who asked may still be told what came of it, whose line was cut meanwhile.
ANSWERED = timedelta(minutes=1)
# Tickets that a look is made of.
_NUMBERS = on_desks("id")


@dataclass(frozen=True)
class Live:
    """One live ticket: its row, how far its conversation and its notes are, who looks on and who is
    asked to, and the messages that came between the last two changes of it."""

    key: tuple[Any, ...]
    ticket: Ticket
    row: Mapping[str, Any]
    latest: Message | None
    note_id: int
    guests: frozenset[str]
    asked: frozenset[str]
    fresh: tuple[Message, ...] = ()

    @property
    def last_seq(self) -> int:
        """The number of the newest message."""
        return self.latest.seq if self.latest else 0

    @property
    def queued(self) -> bool:
        """Whether everybody sees it in the queue."""
        return self.ticket.state in QUEUED

    @cached_property
    def desks(self) -> frozenset[str]:
        """On whose desks it is: they have it, look on, or are asked to."""
        held = {str(self.ticket.agent)} if self.ticket.state in HELD else set()
        return self.guests | self.asked | held

    def is_of(self, agent: str) -> bool:
        """Whether it is on somebody's desk."""
        return agent in self.desks


@dataclass(frozen=True)
class Look:
    """Everything at one moment: tickets in the order in which they are served, read marks by
    ticket and agent, conversations whose customer is writing, agents' states, what is announced to
    all customers, what colleagues ask of each other now or did a moment ago, how many wait behind
    the front of the queue; ``changed`` are the numbers of tickets that differ from the look before,
    gone ones included."""

    number: int = 0
    tickets: Mapping[str, Live] = field(default_factory=dict)
    reads: Mapping[tuple[str, str], int] = field(default_factory=dict)
    typing: frozenset[str] = frozenset()
    agents: Mapping[str, str] = field(default_factory=dict)
    announcement: Announcement | None = None
    asks: Sequence[Ask] = ()
    behind: int = 0
    changed: frozenset[str] = frozenset()

    def concerned(self, before: Look) -> frozenset[str] | None:
        """Whose desks differ from the look before; ``None`` is everybody's."""
        if (self.announcement, self.behind) != (before.announcement, before.behind):
            return None
        found = {agent for agent, _ in self.agents.items() ^ before.agents.items()}
        found |= {ask.by for ask in {*self.asks} ^ {*before.asks}}
        typing = self.typing ^ before.typing
        for number, live in (*before.tickets.items(), *self.tickets.items()):
            if number in self.changed and live.queued:
                return None
            if number in self.changed or live.ticket.conversation_id in typing:
                found |= live.desks
        return frozenset(found)


class DeskFeed:
    """Looks again and again while a desk is open. To be used on the event loop only."""

    def __init__(self, rows: DeskRows, typing: Typing, announcements: Announcements) -> None:
        self._rows = rows
        self._typing = typing
        self._announcements = announcements
        self._bells: dict[asyncio.Event, str] = {}
        self._waiters: list[asyncio.Future[Look]] = []
        self._wake = asyncio.Event()
        self.latest = Look()

    @contextmanager
    def listen(self, agent: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever :attr:`latest` has changed for this agent's desk."""
        bell = asyncio.Event()
        self._bells[bell] = agent
        try:
            yield bell
        finally:
            del self._bells[bell]

    def wake(self) -> None:
        """Something happened in this process."""
        if self._bells or self._waiters:
            self._wake.set()

    async def current(self) -> Look:
        """A look that is taken from now on."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self.wake()
        return await waiter

    async def run(self) -> None:
        """Until cancelled; a database that is away for a moment is only logged."""
        while True:
            await self._until_due()
            waiters, self._waiters = self._waiters, []
            try:
                look = await run_in_threadpool(self.look, self.latest)
            except Exception:
                logger.exception("looking at the desk failed")
                self._waiters = [*waiters, *self._waiters]
                await asyncio.sleep(POLL_SECONDS)
                continue
            if look is not self.latest:
                concerned, self.latest = look.concerned(self.latest), look
                for bell, agent in self._bells.items():
                    if concerned is None or agent in concerned:
                        bell.set()
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(look)

    async def _until_due(self) -> None:
        # Without an open desk there is nothing to look for.
        patience = POLL_SECONDS if self._bells or self._waiters else None
        try:
            await asyncio.wait_for(self._wake.wait(), patience)
        except asyncio.TimeoutError:
            return
        await asyncio.sleep(GATHER_SECONDS)
        self._wake.clear()

    # ── in a thread ──────────────────────────────────────────────────────────
    def look(self, before: Look) -> Look:
        """What is so now; the look before itself where nothing differs."""
        with self._rows.db.read():
            return self._look(before)

    def _look(self, before: Look) -> Look:
        rows = self._rows
        marks = rows.live.marks()
        standing = rows.standing()
        notes, guests = rows.aside.last_notes(_NUMBERS), rows.aside.guests(_NUMBERS)
        reads, behind = rows.aside.all_read_marks(_NUMBERS), rows.live.behind()
        typing, agents = self._typing.now("customer"), rows.live.agents()
        announced, asks = self._announcements.current(), rows.asks.lately(ANSWERED)
        asked = defaultdict(list)
        for ask in asks:
            if ask.state == "open":
                asked[ask.ticket_id].append((ask.id, ask.passed))
        keys = {
            number: (
                mark,
                # What is said after the end is nothing of the ticket's any more.
                None if mark[1] in ENDED else standing.get(mark[0]),
                notes.get(number, 0),
                tuple(guests.get(number, ())),
                tuple(asked[number]),
            )
            for number, mark in marks.items()
        }
        stale = [
            number
            for number, key in keys.items()
            if number not in before.tickets or before.tickets[number].key != key
        ]
        made = {each.ticket.id: each for each in self._read(stale, keys, before)}
        changed = {*made, *(before.tickets.keys() - keys.keys())}
        if reads != before.reads:
            changed |= {number for number, _ in dict(reads.items() ^ before.reads.items())}
        if not changed and (typing, agents, announced, asks, behind) == (
            before.typing, before.agents, before.announcement, before.asks, before.behind,
        ):  # fmt: skip
            return before
        found = {number: made.get(number) or before.tickets.get(number) for number in keys}
        tickets = {number: each for number, each in found.items() if each is not None}
        return Look(
            before.number + 1, tickets, reads, typing, agents, announced, asks, behind,
            frozenset(changed),
        )  # fmt: skip

    def _read(
        self, numbers: list[str], keys: Mapping[str, tuple[Any, ...]], before: Look
    ) -> Iterator[Live]:
        if not numbers:
            return
        rows = self._rows
        # One that ended since its mark was read is left to the next look.
        tickets = [each for each in rows.live.load(numbers) if each.state in (*QUEUED, *HELD)]
        new = [each for each in tickets if each.id not in before.tickets]
        latest, fresh = rows.threads.latest(new), {}
        for ticket in tickets:
            known = before.tickets.get(ticket.id)
            if known is None:
                continue
            # Nobody may have listened for long.
            came = rows.threads.all_after(ticket, known.last_seq)
            fresh[ticket.id] = tuple(came)
            last = came[-1] if came else known.latest
            if last is not None:
                latest[ticket.id] = last
        made = rows.plain(tickets, latest)
        for ticket in tickets:
            key = keys[ticket.id]
            yield Live(
                key, ticket, made[ticket.id], latest.get(ticket.id), key[2],
                frozenset(guest["agent"] for guest in made[ticket.id]["guests"]),
                frozenset(agent for ask in made[ticket.id]["asks"] for agent in ask["asked"]),
                fresh.get(ticket.id, ()),
            )  # fmt: skip
