"""One desk's events: what its agent has, who waits, what is said; see :mod:`bot.gateway.desk_feed`.

A stream tells what differs from what it has told. Messages carry their numbers, which have no gaps:
one that the feed no longer holds is read from the log, so nothing is left out or told twice.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

from sse_starlette import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from bot.conversations.models import Message, iso
from bot.gateway import desk_view as view
from bot.gateway.desk_feed import DeskFeed, Live, Look
from bot.gateway.desk_rows import DeskRows
from bot.gateway.errors import ApiError
from bot.gateway.metrics import Metrics
from bot.gateway.view import announced_to_all

# How often an open page says that it is there, and hears that we are.
BEAT_SECONDS = 10
RECONNECT_MILLISECONDS = 2_000
# So often a stream asks whether its person is still signed in.
CHECK_SECONDS = 15.0
# Pages of one agent; more is a fault.
STREAMS_PER_AGENT = 10
# What of an ask its asker does not see by what becomes of the ticket, or has done themselves.
ANSWERS = ("accepted", "declined", "lapsed")


class DeskStreams:
    """Opens the streams of all desks."""

    def __init__(self, feed: DeskFeed, rows: DeskRows, metrics: Metrics) -> None:
        self._feed = feed
        self._rows = rows
        self._metrics = metrics
        self._open: dict[str, int] = {}

    def check_room(self, agent: str) -> None:
        """Refuse a stream too many.

        Raises:
            ApiError: 429 ``too_many_streams``.
        """
        if self._open.get(agent, 0) >= STREAMS_PER_AGENT:
            raise ApiError(429, "too_many_streams", "坐席台打开得太多了，请关闭其他页面后再试。")

    async def events(
        self, agent: str, still: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[ServerSentEvent]:
        """Everything on an agent's desk, then what changes.

        Args:
            still: whether the person is still signed in; once not, the stream ends.
        """
        self._open[agent] = self._open.get(agent, 0) + 1
        try:
            with self._feed.listen(agent) as bell, self._metrics.streams.track_inprogress():
                yield ServerSentEvent(retry=RECONNECT_MILLISECONDS)
                now = iso(self._rows.clock())
                yield event("hello", {"now": now, "beat_seconds": BEAT_SECONDS})
                told = _Told(agent, self._rows, await self._feed.current())
                yield event("tickets", told.everything())
                yield told.announced()
                for each in told.answers():
                    yield each
                async for _ in _rings(bell, still):
                    for each in await told.news(self._feed.latest):
                        yield each
                yield event("expired", {"message": "登录已失效，请重新登录。"})
        finally:
            self._open[agent] -= 1
            if not self._open[agent]:
                del self._open[agent]


async def _rings(bell: asyncio.Event, still: Callable[[], Awaitable[bool]]) -> AsyncIterator[None]:
    """Each ring of the bell, for as long as the person is still there."""
    checked = time.monotonic()
    while True:
        # A busy desk is asked as well, whether or not there is news.
        if time.monotonic() - checked >= CHECK_SECONDS:
            if not await still():
                return
            checked = time.monotonic()
        if await _rung(bell, CHECK_SECONDS):
            bell.clear()
            yield


async def _rung(bell: asyncio.Event, patience: float) -> bool:
    """Whether the bell rings within so many seconds."""
    try:
        await asyncio.wait_for(bell.wait(), patience)
    except asyncio.TimeoutError:
        return False
    return True


class _Told:
    """What one stream has said so far."""

    def __init__(self, agent: str, rows: DeskRows, look: Look) -> None:
        self._agent = agent
        self._rows = rows
        self._look = look
        self._shown: dict[str, dict[str, Any]] = {}
        # How far messages and notes of the agent's own tickets were told.
        self._seqs: dict[str, int] = {}
        self._notes: dict[str, int] = {}
        self._answered: frozenset[int] = frozenset()
        self._typing: frozenset[str] = frozenset()
        self._state = look.agents.get(agent, "off")
        for number in look.tickets:
            self._show(number, look)

    def everything(self) -> dict[str, Any]:
        """``{"mine", "queue", "behind"}`` as they were at first: ``mine`` with what the agent is asked,
        ``queue`` the front of it, and ``behind`` how many wait further back."""
        live = [self._look.tickets[number] for number in self._shown]
        rows = [(each, self._shown[each.ticket.id]) for each in live]
        return {
            "mine": [row for each, row in rows if each.is_of(self._agent)],
            "queue": [row for each, row in rows if each.queued],
            "behind": self._look.behind,
        }

    async def news(self, look: Look) -> list[ServerSentEvent]:
        """What is to be said now that all is as in ``look``."""
        # A stream that was asleep for more than one look compares everything.
        next_one = look.number == self._look.number + 1
        every = look.changed if next_one else {*look.tickets, *self._shown}
        found: list[ServerSentEvent] = []
        for number in every:
            live = look.tickets.get(number)
            if live is not None and number in self._seqs and live.is_of(self._agent):
                found.extend(await self._said(number, live))
            found.extend(event(*each) for each in self._show(number, look))
        found.extend(self._who_types(look))
        if look.behind != self._look.behind:
            found.append(event("queue", {"behind": look.behind}))
        state = look.agents.get(self._agent, "off")
        if state != self._state:
            self._state = state
            found.append(event("presence", {"state": state}))
        before, self._look = self._look.announcement, look
        found.extend(self.answers())
        return found if look.announcement == before else [*found, self.announced()]

    def announced(self) -> ServerSentEvent:
        """What is announced to all customers now."""
        found = self._look.announcement
        return event("announcement", announced_to_all(found) if found else None)

    def answers(self) -> list[ServerSentEvent]:
        """What came of what the agent asked of colleagues, as far as it has not been told."""
        known, mine = self._answered, [each for each in self._look.asks if each.by == self._agent]
        over = [each for each in mine if each.state in ANSWERS]
        self._answered = frozenset(each.id for each in over)
        return [
            event("answer", {"number": each.ticket_id, **view.ask(each)})
            for each in over
            if each.id not in known
        ]

    def _show(self, number: str, look: Look) -> Iterable[tuple[str, dict[str, Any]]]:
        live = look.tickets.get(number)
        mine = live is not None and live.is_of(self._agent)
        if live is None or not (mine or live.queued):
            self._seqs.pop(number, None)
            self._notes.pop(number, None)
            return [("gone", {"number": number})] if self._shown.pop(number, None) else []
        if mine:
            # What was said before it was theirs, the page reads by itself.
            self._seqs.setdefault(number, live.last_seq)
            self._notes.setdefault(number, live.note_id)
        else:
            self._seqs.pop(number, None)
            self._notes.pop(number, None)
        row = {**live.row, "seen_seq": look.reads.get((number, self._agent), 0)}
        if row == self._shown.get(number):
            return []
        self._shown[number] = row
        return [("ticket", row)]

    async def _said(self, number: str, live: Live) -> list[ServerSentEvent]:
        found = []
        if live.last_seq > self._seqs[number]:
            for said in await self._messages(live, self._seqs[number]):
                found.append(event("message", {"number": number, **view.message(said)}))
            self._seqs[number] = live.last_seq
        if live.note_id > self._notes[number]:
            for note in await run_in_threadpool(
                self._rows.aside.notes, number, self._notes[number]
            ):
                found.append(event("note", {"number": number, **view.note(note)}))
                self._notes[number] = max(note.id, self._notes[number])
        return found

    async def _messages(self, live: Live, after: int) -> list[Message]:
        held = [said for said in live.fresh if said.seq > after]
        if len(held) == live.last_seq - after:
            return held
        read = await run_in_threadpool(self._rows.threads.all_after, live.ticket, after)
        return [said for said in read if said.seq <= live.last_seq]

    def _who_types(self, look: Look) -> list[ServerSentEvent]:
        typing = frozenset(
            number
            for number in self._seqs
            if look.tickets[number].ticket.conversation_id in look.typing
        )
        changed = [
            event("typing", {"number": number, "typing": number in typing})
            for number in sorted(typing ^ self._typing)
        ]
        self._typing = typing
        return changed


def event(name: str, data: dict[str, Any] | None) -> ServerSentEvent:
    """One event; it carries no id, for after a new connection everything is told anew."""
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name)
