"""Closed intervals of days, and how to step through months, quarters and years."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

Interval = tuple[date, date]


def day(moment: date) -> Interval:
    """The interval of one day."""
    return moment, moment


def month(year: int, number: int) -> Interval:
    """The days of a month; ``number`` may lie outside 1–12 and then counts on from ``year``."""
    index = year * 12 + number - 1
    year, number = index // 12, index % 12 + 1
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def in_month(year: int, number: int, day: int) -> date:
    """``day`` of a month, or its last if it is shorter; ``number`` as for :func:`month`."""
    first, last = month(year, number)
    return first.replace(day=min(day, last.day))


def months_before(moment: date, count: int) -> date:
    """The same day ``count`` months earlier, or that month's last day if it is shorter."""
    return in_month(moment.year, moment.month - count, moment.day)


def quarter(year: int, number: int) -> Interval:
    """The days of a quarter; ``number`` may lie outside 1–4."""
    return month(year, number * 3 - 2)[0], month(year, number * 3)[1]


def part_of_month(interval: Interval, part: str) -> Interval:
    """``上旬``/``初`` are days 1–10, ``中`` 11–20, ``下旬``/``底``/``末`` the rest of a month."""
    first, last = interval
    if part[0] in "上初":
        return first, first.replace(day=10)
    if part[0] == "中":
        return first.replace(day=11), first.replace(day=20)
    return first.replace(day=21), last


def monday(moment: date, weeks: int = 0) -> date:
    """Monday of the week ``weeks`` weeks before the one with ``moment``."""
    return moment - timedelta(moment.weekday() + 7 * weeks)
