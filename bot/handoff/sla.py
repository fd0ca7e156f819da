"""The three clocks of a ticket, as pure functions of what happened to it and of opening hours.

* first response: from when its life began until an agent's first words;
* next response: from the oldest of the customer's words that nobody has answered;
* resolution: from when its life began until the conversation is over, time on hold left out.

A clock runs in opening hours only. Nothing that comes after the end – a "谢谢" – starts one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import Invalid
from bot.handoff.hours import Hours, Interval
from bot.handoff.ticket import ENDED, Move, Ticket

CLOCKS: dict[str, str] = {"first": "首次响应", "next": "下一次响应", "resolution": "解决"}
# At this share of its target a clock is near its end.
NEAR = 0.8


@dataclass(frozen=True)
class Targets:
    """How long each may take, in opening hours."""

    first: timedelta
    next: timedelta
    resolution: timedelta

    def __post_init__(self) -> None:
        if min(self.first, self.next, self.resolution) <= timedelta(0):
            raise Invalid("时限要大于零")


@dataclass(frozen=True)
class Clock:
    """One clock: ``name`` of ``CLOCKS``; ``near_at`` and ``due_at`` are None where opening hours
    end before; ``stopped_at`` is None while it runs."""

    name: str
    started_at: datetime
    near_at: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None

    def broken(self, now: datetime) -> bool:
        """Whether it ran past its target, or stopped too late."""
        return self.due_at is not None and (self.stopped_at or now) >= self.due_at

    def near(self, now: datetime) -> bool:
        """Whether it runs and four fifths are over."""
        return self.stopped_at is None and self.near_at is not None and now >= self.near_at


@dataclass(frozen=True)
class Life:
    """What the clocks depend on."""

    began_at: datetime
    replied_at: datetime | None = None
    awaiting_since: datetime | None = None
    ended_at: datetime | None = None
    holds: Sequence[Interval] = ()


def life_of(ticket: Ticket, history: Sequence[Move], now: datetime) -> Life:
    """A ticket's present life; a hold that has not ended lasts until ``now``."""
    holds: list[Interval] = []
    held: datetime | None = None
    for move in history:
        if held is not None:
            holds.append((held, move.at))
        held = move.at if move.state == "on_hold" else None
    if held is not None:
        holds.append((held, now))
    return Life(
        ticket.life_at,
        ticket.first_reply_at,
        ticket.awaiting_since if ticket.state not in ENDED else None,
        ticket.ended_at,
        tuple((max(begin, ticket.life_at), end) for begin, end in holds if end > ticket.life_at),
    )


def clocks(life: Life, targets: Targets, hours: Hours) -> tuple[Clock, ...]:
    """The clocks that were started, each with its due moment."""
    answered = life.replied_at or life.ended_at
    found = [
        _clock("first", life.began_at, targets.first, hours, answered),
        _clock("resolution", life.began_at, targets.resolution, hours, life.ended_at, life.holds),
    ]
    if life.awaiting_since is not None and life.ended_at is None:
        found.append(_clock("next", life.awaiting_since, targets.next, hours, None))
    return tuple(found)


def level(running: Sequence[Clock], now: datetime) -> int:
    """0 all is well, 1 a running clock is near its end, 2 one is past it."""
    left = [clock for clock in running if clock.stopped_at is None]
    if any(clock.broken(now) for clock in left):
        return 2
    return 1 if any(clock.near(now) for clock in left) else 0


def next_alarm(running: Sequence[Clock], now: datetime) -> datetime | None:
    """When :func:`level` may rise next."""
    moments = [
        moment
        for clock in running
        if clock.stopped_at is None
        for moment in (clock.near_at, clock.due_at)
        if moment is not None and moment > now
    ]
    return min(moments, default=None)


def _clock(
    name: str,
    started: datetime,
    target: timedelta,
    hours: Hours,
    stopped: datetime | None,
    holds: Sequence[Interval] = (),
) -> Clock:
    return Clock(
        name,
        started,
        _due(started, target * NEAR, hours, holds),
        _due(started, target, hours, holds),
        stopped,
    )


def _due(
    started: datetime, target: timedelta, hours: Hours, holds: Sequence[Interval]
) -> datetime | None:
    due = hours.after(started, target)
    for begin, end in holds:
        if due is None or begin >= due:
            break
        due = hours.after(end, target - _worked(started, begin, hours, holds))
    return due


def _worked(
    started: datetime, until: datetime, hours: Hours, holds: Sequence[Interval]
) -> timedelta:
    """What counted of a stretch: open, and not on hold."""
    return hours.worked(started, until) - sum(
        (hours.worked(begin, min(end, until)) for begin, end in holds if begin < until),
        timedelta(0),
    )
