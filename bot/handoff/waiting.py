"""How long somebody who waits will probably wait."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

# The 80 % quantile of the normal distribution: one customer in five is served sooner than the
# range told, one in five later.
_Z = 0.8416
# So few tickets tell less than what the bank knows of its work.
FEW = 5
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Wait:
    """A place in the queue, and the probable time in whole minutes; None where nobody is at work,
    so that no honest guess can be made."""

    position: int
    minutes: tuple[int, int] | None

    def __str__(self) -> str:
        """As customers are told it."""
        ahead = f"前面还有 {self.position - 1} 位客户" if self.position > 1 else "您是下一位"
        if self.minutes is None:
            return ahead
        low, high = self.minutes
        if high <= 1:
            return f"{ahead}，预计 1 分钟内接入"
        spread = f"{low}–{high}" if low < high else f"{high}"
        return f"{ahead}，预计等待 {spread} 分钟"


@dataclass(frozen=True)
class Pace:
    """How quickly customers are served.

    Attributes:
        mean: how long a conversation takes.
        chats: how many those at work can have at once; 0 if nobody is.
        free: how many more they can have now; for these nothing has to end first.
    """

    mean: timedelta
    chats: int
    free: int = 0

    @classmethod
    def of(cls, handling: Sequence[timedelta], usual: timedelta, chats: int, free: int = 0) -> Pace:
        """By how long the latest tickets took; with fewer than ``FEW`` a conversation is taken to
        be as long as ``usual``."""
        if len(handling) < FEW:
            return cls(usual, chats, free)
        return cls(sum(handling, timedelta(0)) / len(handling), chats, free)


def estimate(position: int, pace: Pace) -> Wait:
    """The wait of whoever is in ``position`` (from 1).

    With so many conversations at once of mean length m, ends come at random each m / chats; the
    time until so many of them is a gamma variable, whose quantiles follow Wilson and Hilferty
    (PNAS 17, 1931).
    """
    if pace.chats < 1:
        return Wait(position, None)
    if position <= pace.free:
        return Wait(position, (1, 1))
    each = pace.mean / pace.chats
    low, high = (each * _quantile(position - pace.free, z) for z in (-_Z, _Z))
    return Wait(position, (max(1, math.floor(low / _MINUTE)), max(1, math.ceil(high / _MINUTE))))


def _quantile(shape: int, z: float) -> float:
    """Wilson–Hilferty: of a gamma variable of scale 1."""
    return shape * (1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape))) ** 3
