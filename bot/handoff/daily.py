"""A day of the queue in numbers: what came, what was answered, how soon.

A ticket counts on the day on which its present life began, an end on the day on which it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from statistics import median
from typing import Any

from sqlalchemy import func, select

from bot.handoff.sla import Targets
from bot.handoff.store import TicketStore
from bot.handoff.tables import tickets
from bot.text.clock import SHANGHAI, shanghai

_RESOLVED = ("wrap_up", "resolved", "closed")
HOURS = 24


@dataclass(frozen=True)
class Hour:
    """One hour of the day (Shanghai): what came in it, and what of that was answered in time."""

    opened: int
    answered: int
    in_time: int


@dataclass(frozen=True)
class Day:
    """One day.

    Attributes:
        answered, abandoned: of those opened.
        resolved: what ended well on this day, whenever it began.
        service_level: of those whose first answer came or is overdue, the share that got it in
            time; None where there are none.
        first_response: the median time to the first answer, in seconds.
    """

    opened: int
    answered: int
    abandoned: int
    resolved: int
    service_level: float | None
    first_response: int | None
    hours: tuple[Hour, ...]


def bounds(day: date) -> tuple[datetime, datetime]:
    """When a day begins and ends in Shanghai, in UTC."""
    begin = datetime.combine(day, time.min, SHANGHAI)
    return begin.astimezone(timezone.utc), (begin + timedelta(days=1)).astimezone(timezone.utc)


class DayReader:
    """Reads days from tickets."""

    def __init__(self, store: TicketStore) -> None:
        self._store = store

    def read(self, day: date) -> Day:
        """The day as it stands now."""
        since, until = bounds(day)
        opened, answered, in_time = [0] * HOURS, [0] * HOURS, [0] * HOURS
        waits: list[float] = []
        abandoned = missed = 0
        for row in self._begun(since, until):
            hour = (row.life_at - since) // timedelta(hours=1)
            opened[hour] += 1
            abandoned += row.state == "abandoned"
            if row.first_reply_at is not None:
                waits.append((row.first_reply_at - row.life_at).total_seconds())
                answered[hour] += 1
                in_time[hour] += self._in_time(row, row.first_reply_at)
            elif row.state != "callback":
                missed += not self._in_time(row, row.ended_at or self._store.clock())
        due = len(waits) + missed
        return Day(
            opened=sum(opened),
            answered=len(waits),
            abandoned=abandoned,
            resolved=self._resolved(since, until),
            service_level=sum(in_time) / due if due else None,
            first_response=round(median(waits)) if waits else None,
            hours=tuple(Hour(*each) for each in zip(opened, answered, in_time, strict=True)),
        )

    def _begun(self, since: datetime, until: datetime) -> Sequence[Any]:
        columns = (
            tickets.c.skill_group,
            tickets.c.state,
            tickets.c.life_at,
            tickets.c.first_reply_at,
            tickets.c.ended_at,
        )
        mine = (tickets.c.life_at >= since, tickets.c.life_at < until)
        with self._store.db.read() as tx:
            return tx.execute(select(*columns).where(*mine)).all()

    def _resolved(self, since: datetime, until: datetime) -> int:
        mine = (tickets.c.ended_at >= since, tickets.c.ended_at < until)
        query = select(func.count()).where(*mine, tickets.c.state.in_(_RESOLVED))
        with self._store.db.read() as tx:
            return int(tx.execute(query).scalar_one())

    def _in_time(self, row: Any, at: datetime) -> bool:
        """Whether the first clock had not run out yet."""
        routes = self._store.routes
        targets: Targets = routes.targets_of(row.skill_group)
        if at - row.life_at < targets.first:
            return True
        due = routes.hours_of(row.skill_group).after(row.life_at, targets.first)
        return due is None or at < due


def today(now: datetime) -> date:
    """The day in Shanghai."""
    return shanghai(now).date()
