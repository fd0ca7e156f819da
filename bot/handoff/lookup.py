"""Looking somebody up among all who wait or are to be called back, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, literal, or_, select, tuple_
from sqlalchemy.sql import ColumnElement

from bot.handoff.order import IN_LINE, ORDER, behind
from bot.handoff.store import TicketStore
from bot.handoff.tables import tickets
from bot.handoff.ticket import QUEUED, Ticket
from bot.storage.base import UtcDateTime

PAGE = 200


@dataclass(frozen=True)
class Wanted:
    """Whom one looks for; what is empty does not matter.

    Attributes:
        after: the number of the ticket behind which to go on, wherever it is by now.
        group: a skill group.
        text: the end of a ticket's number, or a customer's id.
    """

    after: str = ""
    group: str = ""
    text: str = ""


@dataclass(frozen=True)
class Found:
    """A page of what was looked for, whether more comes behind it, and how many there are in all."""

    tickets: Sequence[Ticket]
    more: bool
    total: int


class Lookup:
    """Finds tickets of the queue, and callbacks."""

    def __init__(self, store: TicketStore) -> None:
        self._store = store

    def queue(self, wanted: Wanted) -> Found:
        """Who waits, in the order they are served.

        Raises:
            NotFound: there is no ticket ``after``.
        """
        further = [behind(self._store.get(wanted.after))] if wanted.after else []
        waiting = (IN_LINE, tickets.c.state.in_(QUEUED))
        return self._page(waiting, wanted, further, ORDER)

    def callbacks(self, wanted: Wanted) -> Found:
        """Who is to be called back, soonest first; raises as :meth:`queue` does."""
        moment, further = tickets.c.callback_at, []
        if wanted.after:
            last = self._store.get(wanted.after)
            # One that is no callback any more was mostly the next to be called.
            at = literal(last.callback_at or self._store.clock(), UtcDateTime())
            further = [tuple_(moment, tickets.c.id) > tuple_(at, literal(last.id))]
        return self._page((tickets.c.state == "callback",), wanted, further, (moment, tickets.c.id))

    def _page(
        self,
        among: Sequence[ColumnElement],
        wanted: Wanted,
        further: Sequence[ColumnElement],
        order: Sequence[ColumnElement],
    ) -> Found:
        conditions = [*among, *_filters(wanted)]
        count = select(func.count()).select_from(tickets).where(*conditions)
        page = select(tickets).where(*conditions, *further).order_by(*order).limit(PAGE + 1)
        with self._store.db.read() as tx:
            found = self._store.find(page)
            return Found(found[:PAGE], len(found) > PAGE, int(tx.execute(count).scalar_one()))


def _filters(wanted: Wanted) -> list[ColumnElement]:
    row, found = tickets.c, []
    if wanted.group:
        found.append(row.skill_group == wanted.group)
    if wanted.text:
        number = row.id.endswith(wanted.text.upper(), autoescape=True)
        found.append(or_(number, row.customer_id == wanted.text))
    return found
