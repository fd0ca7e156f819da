"""A day of the queue in numbers: what came, what was answered, how soon.

A ticket counts on the day on which its present life began, an end on the day on which it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import takewhile
from statistics import median
from typing import Any

from sqlalchemy import func, select

from bot.handoff.hours import Interval
from bot.handoff.routes import Routes
from bot.handoff.store import TicketStore
from bot.handoff.tables import tickets
from bot.text.clock import SHANGHAI, shanghai

_RESOLVED = ("wrap_up", "resolved", "closed")
HOURS = 24
_HOUR = timedelta(hours=1)
_NONE = timedelta(0)


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
        now = self._store.clock()
        promise = _Promises(self._store.routes, since, max(now, until))
        opened, answered, in_time = [0] * HOURS, [0] * HOURS, [0] * HOURS
        waits: list[float] = []
        abandoned = missed = 0
        for group, state, began, replied, ended in self._begun(since, until):
            hour = (began - since) // _HOUR
            opened[hour] += 1
            abandoned += state == "abandoned"
            if replied is not None:
                waits.append((replied - began).total_seconds())
                answered[hour] += 1
                in_time[hour] += promise.kept(group, began, replied)
            elif state != "callback":
                missed += not promise.kept(group, began, ended or now)
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


class _Promises:
    """Whether first answers came in time, for many tickets: opening hours are looked up once."""

    def __init__(self, routes: Routes, since: datetime, until: datetime) -> None:
        self._routes = routes
        self._span = (since, until)
        self._known: dict[str, tuple[timedelta, list[Interval]]] = {}

    def kept(self, group: str, began: datetime, at: datetime) -> bool:
        """Whether less than the target had passed in opening hours between the two."""
        target, spans = self._known.get(group) or self._learn(group)
        if at - began < target:
            return True
        worked = (min(end, at) - max(begin, began) for begin, end in spans if end > began)
        return sum((each for each in worked if each > _NONE), _NONE) < target

    def _learn(self, group: str) -> tuple[timedelta, list[Interval]]:
        since, until = self._span
        hours = self._routes.hours_of(group)
        spans = list(takewhile(lambda span: span[0] < until, hours.intervals(since)))
        self._known[group] = (self._routes.targets_of(group).first, spans)
        return self._known[group]


def today(now: datetime) -> date:
    """The day in Shanghai."""
    return shanghai(now).date()
