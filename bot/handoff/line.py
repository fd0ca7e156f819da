"""The line of those who wait, read from its front and only as far as somebody can serve it.

With 20,000 who wait and one agent free, looking at all of them would take a second; the plan it
leads to depends on a few.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, cast

from sqlalchemy import Integer, and_, bindparam, func, or_, select
from sqlalchemy.sql import Select

from bot.handoff.fit import Moment, Present, alike, place
from bot.handoff.order import IN_LINE, ORDER, RAISED, behind
from bot.handoff.reasons import TIERS
from bot.handoff.store import TicketStore
from bot.handoff.tables import tickets
from bot.handoff.ticket import QUEUED, Ticket

# One free agent mostly needs one ticket; whoever reads on needs many.
FIRST_PAGE, GROWTH = 2, 4

NEVER, ALWAYS = (moment.replace(tzinfo=timezone.utc) for moment in (datetime.min, datetime.max))


def _page() -> Select:
    """Those of a group whom somebody free may serve, and few others: agents of a tier are taken
    together, and who declined is left to the plan. Made once, for making it takes longer than to
    run it."""
    row = tickets.c
    servable = [
        and_(
            row.queued_at <= bindparam(f"since_{tier}"),
            or_(
                row.language.in_(bindparam(f"spoken_{tier}", expanding=True)),
                row.queued_at <= bindparam("patient"),
            ),
            or_(row.urgent, row.tier <= tier),
            row.reach >= tier,
        )
        for tier in TIERS
    ]
    of_group = and_(IN_LINE, row.state.in_(QUEUED), row.skill_group == bindparam("group"))
    found = select(tickets).where(of_group, or_(*servable)).order_by(*ORDER)
    return found.limit(bindparam("size", type_=Integer))


def _groups() -> Select:
    """Groups for which somebody waits, each found by one step in the index."""
    name = tickets.c.skill_group
    found = select(func.min(name).label("name")).where(IN_LINE).cte("found", recursive=True)
    further = select(func.min(name)).where(IN_LINE, name > found.c.name).scalar_subquery()
    found = found.union_all(select(further).where(found.c.name.is_not(None)))
    return select(found.c.name).where(found.c.name.is_not(None))


_PAGE, _GROUPS = _page(), _groups()
_RAISED_PAGE = _PAGE.where(RAISED)


class Line:
    """Who waits, by group and all together."""

    def __init__(self, store: TicketStore) -> None:
        self._store = store

    def front(self, free: Mapping[str, Present], now: datetime) -> Iterator[Ticket]:
        """Those who wait, in the order they are served, but for some whom nobody may serve by now.

        Args:
            free: agents with room, looked at again with every page: whoever is in it no more, and
                tickets for them alone, need not be read on for.
        """
        moment = Moment(self._store.routes, now)
        return heapq.merge(*(self._of(group, free, moment) for group in self._groups()), key=place)

    def _of(self, group: str, free: Mapping[str, Present], moment: Moment) -> Iterator[Ticket]:
        size, last = FIRST_PAGE, cast("Ticket | None", None)
        while servable := self._servable(group, free, moment):
            # Only leads: an index of its own tells that nothing is for them, as it mostly is.
            query = _RAISED_PAGE if servable[f"since_{min(TIERS)}"] == NEVER else _PAGE
            query = query.where(behind(last)) if last else query
            page = self._store.find(query, group=group, size=size, **servable)
            yield from page
            if len(page) < size:
                return
            size, last = size * GROWTH, page[-1]

    def _servable(
        self, group: str, free: Mapping[str, Present], moment: Moment
    ) -> dict[str, Any] | None:
        """Values of ``_PAGE`` for whom somebody free may serve; None if nobody may anybody."""
        soonest: dict[int, timedelta] = {}
        spoken: dict[int, set[str]] = {}
        for kind, (like, *_) in alike(free.values()).items():
            wait = moment.soonest(group, like.person)
            if wait is not None:
                soonest[kind.tier] = min(wait, soonest.get(kind.tier, wait))
                spoken.setdefault(kind.tier, set()).update(kind.languages)
        if not soonest:
            return None
        values: dict[str, Any] = {
            "patient": moment.now - self._store.routes.policy.language_patience
        }
        for tier in TIERS:
            wait = soonest.get(tier)
            # Who may at once may also if the clock was set back meanwhile.
            since = NEVER if wait is None else moment.now - wait if wait else ALWAYS
            values |= {f"since_{tier}": since, f"spoken_{tier}": sorted(spoken.get(tier, ()))}
        return values

    def _groups(self) -> list[str]:
        """Groups for which somebody waits."""
        with self._store.db.read() as tx:
            return list(tx.execute(_GROUPS).scalars())
