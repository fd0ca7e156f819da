"""Where time comes from: a callable that is passed in, so that a test can run a month in a second."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

SHANGHAI = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """The present as an aware UTC time."""
    return datetime.now(timezone.utc)


def shanghai(moment: datetime) -> datetime:
    """The same moment as a customer's wall clock shows it."""
    return moment.astimezone(SHANGHAI)


def day(on: date, today: date) -> str:
    """``11月23日``; with its year where that is not this one."""
    return f"{'' if on.year == today.year else f'{on.year}年'}{on.month}月{on.day}日"
