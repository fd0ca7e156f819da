"""What the agents' desk is served from; built once for each app whose desk is the built-in one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Depends, Request

from bot.conversations.log import MessageLog
from bot.conversations.typing import Typing
from bot.errors import NotFound
from bot.gateway.desk_feed import DeskFeed
from bot.gateway.desk_rows import DeskRows
from bot.gateway.desk_stream import DeskStreams
from bot.gateway.desk_wall import WallBoard
from bot.gateway.metrics import Metrics
from bot.handoff.audit import DeskAudit
from bot.handoff.customers import CustomerDirectory, Reveals
from bot.handoff.leading import LeadDesk
from bot.handoff.replies import Reply
from bot.storage import Database
from bot.text.clock import Clock

if TYPE_CHECKING:
    from bot.gateway.parts import Parts

T = TypeVar("T")

# How many of agents' calls run at once; customers' have threads of their own.
THREADS = 16


class DeskParts:
    """The desk's parts over one database.

    Args:
        directory: the bank's customers; ``None`` where the gateway knows of none.
        reveals_a_day: how many plain values a person may see.
    """

    def __init__(
        self,
        db: Database,
        desk: LeadDesk,
        log: MessageLog,
        typing: Typing,
        directory: CustomerDirectory | None,
        metrics: Metrics,
        *,
        replies: Sequence[Reply],
        reveals_a_day: int,
        clock: Clock,
    ) -> None:
        self.desk = desk
        self.queue = desk.queue
        self.aside = desk.aside
        self.routes = desk.queue.routes
        self.typing = typing
        self.directory = directory
        self.replies = tuple(replies)
        self.clock = clock
        self.audit = DeskAudit(db, clock)
        self.reveals = Reveals(db, self.audit, desk.floor, log, directory, reveals_a_day)
        self.rows = DeskRows(db, desk, log)
        self.feed = DeskFeed(self.rows, typing, self.queue.announcements)
        self.streams = DeskStreams(self.feed, self.rows, metrics)
        self.board = WallBoard(desk.queue, clock)
        self.limiter = CapacityLimiter(THREADS)

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """What ``function`` returns, run beside the event loop."""
        return await anyio.to_thread.run_sync(function, *args, limiter=self.limiter)


def desk_of(request: Request) -> DeskParts:
    """The desk of the app that serves this request."""
    parts: Parts = request.app.state.parts
    if parts.agents is None:
        raise NotFound("the desk is elsewhere")
    return parts.agents


DeskOf = Annotated[DeskParts, Depends(desk_of)]
