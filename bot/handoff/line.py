"""The line of those who wait, read from its front and only as far as somebody can serve it.

With 20,000 who wait and one agent free, looking at all of them would take a second; the plan it
leads to depends on a few.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.sql import ColumnElement

from bot.handoff.fit import Present, place, soonest
from bot.handoff.order import IN_LINE, behind
from bot.handoff.store import TicketStore
from bot.handoff.tables import tickets
from bot.handoff.ticket import Ticket

# One free agent mostly needs one ticket; whoever reads on needs many.
FIRST_PAGE, GROWTH = 8, 4


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
        return heapq.merge(*(self._of(group, free, now) for group in self._groups()), key=place)

    def _of(self, group: str, free: Mapping[str, Present], now: datetime) -> Iterator[Ticket]:
        size, last = FIRST_PAGE, cast("Ticket | None", None)
        while (servable := self._servable(group, free, now)) is not None:
            further = (behind(last),) if last else ()
            page = self._store.first(size, tickets.c.skill_group == group, servable, *further)
            yield from page
            if len(page) < size:
                return
            size, last = size * GROWTH, page[-1]

    def _servable(
        self, group: str, free: Mapping[str, Present], now: datetime
    ) -> ColumnElement | None:
        """What holds of each of the group's tickets that somebody free fits, and of few others:
        agents of a tier are taken together, and who declined is left to the plan."""
        routes, by_tier = self._store.routes, dict[int, list[Present]]()
        for each in free.values():
            by_tier.setdefault(each.person.tier, []).append(each)
        found = []
        for tier, people in by_tier.items():
            waits = [soonest(group, each.person, routes, now) for each in people]
            least = min((wait for wait in waits if wait is not None), default=None)
            if least is None:
                continue
            spoken = {language for each in people for language in each.person.languages}
            found.append(
                and_(
                    # Who may at once may also if the clock was set back meanwhile.
                    tickets.c.queued_at <= now - least if least else true(),
                    or_(
                        tickets.c.language.in_(sorted(spoken)),
                        tickets.c.queued_at <= now - routes.rules.language_patience,
                    ),
                    or_(tickets.c.urgent, tickets.c.tier <= tier),
                    tickets.c.reach >= tier,
                )
            )
        return or_(*found) if found else None

    def _groups(self) -> list[str]:
        """Groups for which somebody waits, each found by one step in the index."""
        name = tickets.c.skill_group
        found = select(func.min(name).label("name")).where(IN_LINE).cte("found", recursive=True)
        further = select(func.min(name)).where(IN_LINE, name > found.c.name).scalar_subquery()
        found = found.union_all(select(further).where(found.c.name.is_not(None)))
        with self._store.db.read() as tx:
            rows = tx.execute(select(found.c.name).where(found.c.name.is_not(None)))
            return [row.name for row in rows]
