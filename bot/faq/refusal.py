"""Refusals with several reasons; ``str()`` is the one line, ``reasons`` are all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.errors import Conflict, DataError


class Refused(DataError):
    """A change would break the bank, or rows of a table are wrong; nothing was saved."""

    def __init__(self, reasons: Sequence[str]) -> None:
        more = f"（另有 {len(reasons) - 1} 处）" if len(reasons) > 1 else ""
        super().__init__(f"{reasons[0]}{more}；没有写入任何内容")
        self.reasons = tuple(reasons)


# Errors of the bank; changes that nobody else approved; worse answers to regression questions.
Obstacle = Literal["unsound", "waiting", "worse"]


class NotPublished(Conflict):
    """Something stands against publishing; nothing was published."""

    def __init__(self, obstacle: Obstacle, what: str, reasons: Sequence[str]) -> None:
        super().__init__(what)
        self.obstacle = obstacle
        self.reasons = tuple(reasons)
