"""A conversation as a stream of server-sent events.

Events: ``message`` (its ``id`` is the message's ``seq``, so a browser that reconnects says by
itself with ``Last-Event-ID`` what it has), ``state``, ``typing``, ``ticket``, ``announcement``,
``ping`` and, last of all, ``expired``. Every stream is drawn from the database and only woken by signals, so
a lost signal delays an event and never loses one.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import anyio.to_thread
from anyio import CapacityLimiter
from sse_starlette import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from bot.conversations.log import MessageLog
from bot.conversations.typing import Typing
from bot.gateway.errors import ApiError
from bot.gateway.metrics import Metrics
from bot.gateway.view import Views, is_announcement
from bot.text.clock import Clock

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 20.0
# How soon another process's write is noticed.
POLL_SECONDS = 0.2
# The order of the queue moves slowly; one look in so many polls is enough.
QUEUE_EVERY = 5
# At the n-th place one more or less is told of n/STEPS and more at a time.
STEPS = 20
# Each stream looks by itself now and then, in case a signal was lost between two processes.
RECHECK_SECONDS = 15.0
RECONNECT_MILLISECONDS = 2_000
# So many streams look at once: more would only keep whoever writes from the processor.
LOOKING = 4
# Tabs of one customer; more is a fault or an attack.
STREAMS_PER_CONVERSATION = 10


class Bell(asyncio.Event):
    """Set whenever a conversation may have changed; ``seq`` is the last message that was told."""

    seq = 0


class Bells:
    """Wakes the streams of a conversation. To be used on the event loop only."""

    def __init__(self) -> None:
        self._bells: dict[str, set[Bell]] = {}

    @contextmanager
    def listen(self, conversation_id: str) -> Iterator[Bell]:
        """A bell that is rung from now on."""
        bells = self._bells.setdefault(conversation_id, set())
        bell = Bell()
        bells.add(bell)
        try:
            yield bell
        finally:
            bells.discard(bell)
            if not bells:
                self._bells.pop(conversation_id, None)

    def check_room(self, conversation_id: str) -> None:
        """Refuse a stream too many.

        Raises:
            ApiError: 429 ``too_many_streams``.
        """
        if len(self._bells.get(conversation_id, ())) >= STREAMS_PER_CONVERSATION:
            raise ApiError(429, "too_many_streams", "打开的页面太多了，请关闭其他页面后再试。")

    def ring(self, conversation_id: str, seq: int | None = None) -> None:
        """The conversation may have changed: whoever told message ``seq`` already, if it was only
        that, need not look again."""
        for bell in self._bells.get(conversation_id, ()):
            if seq is None or bell.seq < seq:
                bell.set()

    def listeners(self) -> frozenset[str]:
        """Conversations with an open stream."""
        return frozenset(self._bells)


class Watcher:
    """Notices what other processes wrote: one cheap query each ``POLL_SECONDS``.

    ``agents_typing`` are the conversations in which an agent writes.
    """

    def __init__(self, log: MessageLog, views: Views, typing: Typing, bells: Bells) -> None:
        self._log = log
        self._views = views
        self._typing = typing
        self._bells = bells
        self.agents_typing: frozenset[str] = frozenset()
        # None while nobody listens: then there is nothing to compare with.
        self._newest: int | None = None
        self._places: dict[str, int] = {}
        self._announced: int | None = None

    async def run(self) -> None:
        """Until cancelled; a database that is away for a moment is only logged."""
        rounds = 0
        while True:
            await asyncio.sleep(POLL_SECONDS)
            rounds += 1
            listeners = self._bells.listeners()
            if not listeners:
                self._newest = None
                continue
            look_at_queue = rounds % QUEUE_EVERY == 0
            try:
                changed = await run_in_threadpool(self._changed, listeners, look_at_queue)
            except Exception:
                logger.exception("looking for new messages failed")
                continue
            for conversation_id, seq in changed.items():
                self._bells.ring(conversation_id, seq)

    def _changed(self, listeners: frozenset[str], queue_too: bool) -> dict[str, int | None]:
        """Conversations that may have changed; with a message's number if only that came."""
        # The mark is read first: a message between the two reads is told twice, not never.
        newest = self._log.newest_id()
        changed: dict[str, int | None] = {}
        if self._newest is None:
            # What came between a first stream's look and this one cannot be told apart.
            changed.update(dict.fromkeys(listeners))
        elif newest != self._newest:
            changed.update(self._log.changed_since(self._newest))
        self._newest = newest
        typing = self._typing.now("agent")
        changed.update(dict.fromkeys(typing ^ self.agents_typing))
        self.agents_typing = typing
        if queue_too:
            waits = self._views.waits(listeners)
            moved = self._moved({name: wait.position for name, wait in waits.items()})
            changed.update(dict.fromkeys(moved))
            announced = self._views.announced()
            if announced != self._announced:
                changed.update(dict.fromkeys(listeners))
                self._announced = announced
        return changed

    def _moved(self, places: Mapping[str, int]) -> set[str]:
        """Whose place is no more what they last heard: those far back hear of every few steps,
        for each who leaves moves all behind them. Whoever joins at the end moves nobody."""
        before, self._places = self._places, dict(places)
        moved = before.keys() ^ places.keys()
        for conversation, place in places.items():
            told = before.get(conversation, place)
            if place != told and abs(place - told) * STEPS >= min(place, told):
                moved.add(conversation)
            else:
                self._places[conversation] = told
        return moved


@dataclass
class _Told:
    """What one stream has said so far, so that it says only what is new."""

    after: int
    state: str | None = None
    ticket: dict[str, Any] | None = None
    # Nothing, so that a page which has read of one that ended meanwhile hears of the end.
    announcement: dict[str, Any] | None | Literal["unknown"] = "unknown"
    last_role: str | None = None
    typing: bool = False


class Streams:
    """Opens event streams."""

    def __init__(
        self, views: Views, watcher: Watcher, bells: Bells, metrics: Metrics, clock: Clock
    ) -> None:
        self._views = views
        self._watcher = watcher
        self._bells = bells
        self._metrics = metrics
        self._clock = clock
        self._threads = CapacityLimiter(LOOKING)

    async def events(
        self, conversation_id: str, after: int, until: datetime
    ) -> AsyncIterator[ServerSentEvent]:
        """The conversation after message ``after``, for as long as its token lives.

        Args:
            after: the last ``seq`` the client has; 0 for everything.
            until: when the token expires; then comes ``expired`` and the stream ends.
        """
        role = await run_in_threadpool(self._views.role_at, conversation_id, after)
        told = _Told(after, last_role=role)
        with self._bells.listen(conversation_id) as bell, self._metrics.streams.track_inprogress():
            yield ServerSentEvent(retry=RECONNECT_MILLISECONDS)
            while True:
                bell.clear()
                more, events = await anyio.to_thread.run_sync(
                    self._news, conversation_id, told, limiter=self._threads
                )
                for event in events:
                    yield event
                bell.seq = told.after
                if more:
                    continue
                left = (until - self._clock()).total_seconds()
                if left <= 0:
                    yield _event("expired", {"message": "会话已过期，请刷新页面重新开始。"})
                    return
                try:
                    await asyncio.wait_for(bell.wait(), min(left, RECHECK_SECONDS))
                except asyncio.TimeoutError:
                    continue

    def _news(self, conversation_id: str, told: _Told) -> tuple[bool, list[ServerSentEvent]]:
        """What is to be said now; and whether there is more at once."""
        view, events = self._views.look(conversation_id, told.after), []
        for message in view.messages:
            events.append(_event("message", message.public(), str(message.seq)))
            told.after = message.seq
            if not is_announcement(message):
                told.last_role = message.role
        if view.state != told.state:
            events.append(_event("state", {"state": view.state}))
            told.state = view.state
        if view.ticket != told.ticket:
            shown = view.ticket or self._views.closed_ticket((told.ticket or {})["number"])
            events.append(_event("ticket", shown))
            told.ticket = view.ticket
        if view.announcement != told.announcement:
            events.append(_event("announcement", view.announcement))
            told.announcement = view.announcement
        # The assistant is at work exactly while a customer's message is the last one.
        typing = view.state == "bot" and told.last_role == "customer"
        if view.state == "human":
            typing = conversation_id in self._watcher.agents_typing
        if typing != told.typing:
            events.append(_event("typing", {"typing": typing}))
            told.typing = typing
        return view.more, events


def heartbeat() -> ServerSentEvent:
    """An event rather than a comment, so that a page can tell a silent line from a dead one."""
    return _event("ping", {})


def _event(name: str, data: dict[str, Any] | None, event_id: str | None = None) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name, id=event_id)
