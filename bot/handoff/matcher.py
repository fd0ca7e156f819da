"""Bringing waiting customers and ready agents together."""

from __future__ import annotations

import threading

from bot.errors import BankbotError
from bot.handoff.fit import Pair, plan, with_room
from bot.handoff.floor import Floor
from bot.handoff.line import Line
from bot.handoff.queue import TicketQueue
from bot.handoff.work import Work

# A plan may be overtaken by others' moves; then it is made anew. Whatever is left is the sweep's.
MOST_PLANS = 5


class Matcher:
    """Plans from one look, then makes each pair in a transaction of its own.

    Any number of processes may do so at once: a pair that was overtaken is not made.
    """

    def __init__(self, queue: TicketQueue, floor: Floor, work: Work) -> None:
        self._queue = queue
        self._floor = floor
        self._work = work
        self._line = Line(queue)
        self._turn = threading.Lock()
        self._wanted = False

    def match(self) -> None:
        """Offer every waiting ticket that somebody ready fits; not to be called in a transaction.

        Threads that come while one is at it leave it to do so once more, for theirs would be the
        same plan.
        """
        self._wanted = True
        while self._wanted and self._turn.acquire(blocking=False):
            try:
                self._wanted = False
                self._match()
            finally:
                self._turn.release()

    def _match(self) -> None:
        for _ in range(MOST_PLANS):
            for ticket_id, agent_id in self._plan():
                try:
                    self._work.offer(ticket_id, agent_id)
                except BankbotError:
                    break  # overtaken: what follows was planned on it
            else:
                break

    def _plan(self) -> list[Pair]:
        now = self._queue.clock()
        with self._queue.db.read():
            if not self._queue.first(1):
                return []  # as mostly where there are people enough
            free = with_room(self._floor.ready())
            return plan(self._line.front(free, now), free, self._queue.routes, now)
