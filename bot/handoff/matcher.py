"""Bringing waiting customers and ready agents together."""

from __future__ import annotations

from bot.errors import BankbotError
from bot.handoff.fit import Pair, plan, with_room
from bot.handoff.floor import Floor
from bot.handoff.line import Line
from bot.handoff.queue import TicketQueue
from bot.handoff.ticket import Ticket
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

    def match(self) -> list[Ticket]:
        """Offer every waiting ticket that somebody ready fits; not to be called in a transaction."""
        offered: list[Ticket] = []
        for _ in range(MOST_PLANS):
            for ticket_id, agent_id in self._plan():
                try:
                    offered.append(self._work.offer(ticket_id, agent_id))
                except BankbotError:
                    break  # overtaken: what follows was planned on it
            else:
                break
        return offered

    def _plan(self) -> list[Pair]:
        now = self._queue.clock()
        with self._queue.db.read():
            free = with_room(self._floor.ready())
            return plan(self._line.front(free, now), free, self._queue.routes, now)
