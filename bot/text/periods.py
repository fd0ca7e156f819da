"""Periods of time in running text, as closed ISO intervals of Shanghai days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.text.calendar_math import Interval, month
from bot.text.moment_rules import DAY, RULES
from bot.text.moments import Reading, number, weekday
from bot.text.spans import Span

_TO = re.compile(r"\s?(?:开始|起)?(?:一?直?到|至|[-~—–]{1,2})\s?")
_NOW = re.compile(r"(?:一?直?到|至)?(?:现在|目前|如今|今(?![年天日晚早晨夜儿])|此刻)(?:为止)?")
_SINCE = re.compile(r"以来|至今|以后|之后|起(?![息诉购码效])")
_DAY_ONLY = re.compile(rf"(?P<d>{DAY})[日号]")
_WEEKDAY_ONLY = re.compile(r"(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])")


@dataclass(frozen=True)
class _Moment:
    start: int
    end: int
    reading: Reading


def format_interval(interval: Interval) -> str:
    """``2026-10-01/2026-10-31``, both days included."""
    return f"{interval[0].isoformat()}/{interval[1].isoformat()}"


def parse_interval(value: str) -> Interval:
    """The days of :func:`format_interval`'s text."""
    first, last = value.split("/")
    return date.fromisoformat(first), date.fromisoformat(last)


def find_periods(text: str, today: date) -> list[Span[str]]:
    """Every period in ``text`` seen from ``today``, longest reading first, never overlapping.

    A month or day without a year is the latest one that is not in the future; a period never
    reaches beyond ``today``.
    """
    found: list[Span[str]] = []
    moments = _moments(text, today)
    behind = 0
    for index, moment in enumerate(moments):
        if moment.start < behind:
            continue
        following = moments[index + 1] if index + 1 < len(moments) else None
        end, days = _extend(text, moment, following, today)
        if days[0] > days[1] or days[0] > today:
            continue
        behind = end
        clipped = days[0], min(days[1], today)
        found.append(Span(moment.start, end, text[moment.start : end], format_interval(clipped)))
    return found


def _moments(text: str, today: date) -> list[_Moment]:
    """What each rule reads, earlier rules first; a place that a rule rejects stays unread."""
    found: list[_Moment] = []
    taken = bytearray(len(text))
    for pattern, read in RULES:
        for match in pattern.finditer(text):
            if match.start() == match.end() or any(taken[match.start() : match.end()]):
                continue
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            try:
                reading = read(match, today)
            except (ValueError, OverflowError):  # 2月30号
                continue
            if reading is not None:
                found.append(_Moment(match.start(), match.end(), reading))
    return sorted(found, key=lambda moment: moment.start)


def _extend(
    text: str, first: _Moment, following: _Moment | None, today: date
) -> tuple[int, Interval]:
    """The end and the days of what begins with ``first``: itself, or a span up to something."""
    days = first.reading.days
    to = _TO.match(text, first.end)
    if to and following and following.start == to.end():
        return following.end, _between(first.reading, following.reading, today)
    now = _NOW.match(text, first.end)
    if now and now.group()[0] in "到至一直":
        return now.end(), (days[0], today)
    since = _SINCE.match(text, first.end)
    if since:
        return since.end(), (days[0], max(today, days[0]))
    if to is None:
        return first.end, days
    same_month = _DAY_ONLY.match(text, to.end())
    if same_month:
        last = _same_month(days[0], number(same_month["d"]))
        if last is not None and days[0] <= last:
            return same_month.end(), (days[0], last)
    same_week = _WEEKDAY_ONLY.match(text, to.end())
    if same_week:
        last = days[0] - timedelta(days[0].weekday()) + timedelta(weekday(same_week["weekday"]))
        return same_week.end(), (days[0], last)
    return first.end, days


def _between(first: Reading, last: Reading, today: date) -> Interval:
    """From ``first`` to ``last``; one that names no year takes the other's."""
    start, end = first.days[0], last.days[1]
    if first.of is None and last.of is not None:
        for year in (start.year, start.year + 1):
            if last.of(year)[1] >= start:
                return start, last.of(year)[1]
    if first.of is not None:
        for year in (end.year, end.year - 1):
            if first.of(year)[0] <= end:
                return first.of(year)[0], end
    return start, end


def _same_month(first: date, number_of_day: int) -> date | None:
    last = month(first.year, first.month)[1]
    return first.replace(day=number_of_day) if number_of_day <= last.day else None
