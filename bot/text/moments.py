"""Single expressions of time (上周五, 去年6月, 近半年), read as days seen from today."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.text.calendar_math import (
    Interval,
    day,
    monday,
    month,
    months_before,
    part_of_month,
    quarter,
)
from bot.text.holidays import holiday
from bot.text.numerals import parse_number, spoken_digits


@dataclass(frozen=True)
class Reading:
    """The days an expression means; ``of`` gives them in another year when it named none."""

    days: Interval
    of: Callable[[int], Interval] | None = None


Reader = Callable[[re.Match[str], date], Reading | None]

# "最近几天" names no number; this is what people mean by it.
FEW = {"天": 7, "日": 7, "周": 3, "月": 3, "季度": 2, "年": 3}


def _year(text: str | None, today: date) -> int | None:
    if not text:
        return None
    named = {"大前": 3, "前": 2, "去": 1, "今": 0}
    bare = text.rstrip("的").rstrip("年")
    if bare in named:
        return today.year - named[bare]
    year = int(spoken_digits(bare))
    return year if year > 99 else 2000 + year


def number(text: str) -> int:
    """A whole number in digits or characters.

    Raises:
        ValueError: ``text`` is none.
    """
    value = parse_number({"俩": "两", "仨": "三"}.get(text, text))
    if value is None:
        raise ValueError(text)
    return int(value)


def _in(year: int | None, today: date, of: Callable[[int], Interval]) -> Reading | None:
    """``of`` in the named year; without one in the latest year in which it has begun."""
    if year is not None:
        return Reading(of(year))
    for back in range(9):  # February 29th may be eight years away.
        try:
            days = of(today.year - back)
        except ValueError:
            continue
        if days[0] <= today:
            return Reading(days, of)
    return None


def read_month(match: re.Match[str], today: date) -> Reading | None:
    """上个月, 6月份, 去年6月, and a part or a day of one."""
    groups = match.groupdict()
    near, named_month = groups.get("near"), groups.get("m")
    part, number_of_day = groups.get("part"), groups.get("d")

    def narrow(days: Interval) -> Interval:
        if part:
            return part_of_month(days, part.replace("月", ""))
        return day(days[0].replace(day=number(number_of_day))) if number_of_day else days

    if near or not named_month:  # a bare 月底 is this month's
        back = (
            2
            if near and near.startswith("上上")
            else int(near is not None and near[:1] in ("上", "前"))
        )
        return Reading(narrow(month(today.year, today.month - back)))
    named = number(named_month)
    return _in(_year(groups.get("y"), today), today, lambda year: narrow(month(year, named)))


def read_written_day(match: re.Match[str], _today: date) -> Reading:
    return Reading(day(date(int(match["y"]), int(match["m"]), int(match["d"]))))


def read_written_month(match: re.Match[str], _today: date) -> Reading:
    return Reading(month(int(match["y"]), int(match["m"])))


def read_months(match: re.Match[str], today: date) -> Reading | None:
    """1到3月: the latest that has begun."""
    first, last = number(match["m"]), number(match["m2"])
    last += 12 if last < first else 0
    return _in(
        _year(match["y"], today),
        today,
        lambda year: (month(year, first)[0], month(year, last)[1]),
    )


def read_days(match: re.Match[str], today: date) -> Reading | None:
    """2月1到15号."""
    named, first, last = number(match["m"]), number(match["d"]), number(match["d2"])
    return _in(
        _year(match["y"], today),
        today,
        lambda year: (date(year, named, first), date(year, named, last)),
    )


def read_short_day(match: re.Match[str], today: date) -> Reading | None:
    """2.14号."""
    return _in(None, today, lambda year: day(date(year, int(match["m"]), int(match["d"]))))


def read_recent(match: re.Match[str], today: date) -> Reading:
    unit = re.sub("星期|礼拜", "周", match["unit"]).removeprefix("个")
    counted = match["n"].removeprefix("大").removeprefix("好")
    if counted == "半":
        if unit == "年":
            return Reading((months_before(today, 6), today))
        days = {"月": 15, "季度": 45, "周": 4}.get(unit, 1)
        return Reading((today - timedelta(days - 1), today))
    count = FEW[unit] if counted == "几" else number(counted)
    if unit in ("月", "季度", "年"):
        months = count * {"月": 1, "季度": 3, "年": 12}[unit]
        half = match.groupdict().get("half")
        months += {"年": 6, "季度": 0, "月": 0}[unit] if half else 0
        return Reading((months_before(today, months), today))
    return Reading((today - timedelta(count * {"天": 1, "日": 1, "周": 7}[unit] - 1), today))


def read_ago(match: re.Match[str], today: date) -> Reading:
    days = number(match["n"]) * (1 if match["unit"] in "天日" else 7)
    return Reading(day(today - timedelta(days)))


def read_week(match: re.Match[str], today: date) -> Reading:
    named = match["week"]
    start = monday(today, 2 if named.startswith("上上") else int(named[0] in "上前"))
    if match["weekday"] == "末":
        return Reading((start + timedelta(5), start + timedelta(6)))
    if match["weekday"]:
        return Reading(day(start + timedelta(weekday(match["weekday"]))))
    return Reading((start, start + timedelta(6)))


def weekday(text: str) -> int:
    """``一`` (Monday, 0) to ``日`` or ``天`` (6)."""
    return "一二三四五六日".index(text.replace("天", "日"))


def read_bare_weekday(match: re.Match[str], today: date) -> Reading:
    back = (today.weekday() - weekday(match["weekday"])) % 7
    return Reading(day(today - timedelta(back)))


def read_bare_day(match: re.Match[str], today: date) -> Reading:
    for back in range(3):
        first, last = month(today.year, today.month - back)
        if number(match["d"]) <= last.day:
            days = day(first.replace(day=number(match["d"])))
            if days[0] <= today:
                return Reading(days)
    raise ValueError(match.group())


def read_half(match: re.Match[str], today: date) -> Reading | None:
    first, last = (1, 6) if match["half"] == "上" else (7, 12)
    return _in(
        _year(match["y"], today), today, lambda year: (month(year, first)[0], month(year, last)[1])
    )


def read_quarter(match: re.Match[str], today: date) -> Reading | None:
    named = number(match["q"] or match["Q"])
    return _in(_year(match["y"], today), today, lambda year: quarter(year, named))


def read_near_quarter(match: re.Match[str], today: date) -> Reading:
    back = 2 if match["near"].startswith("上上") else int(match["near"][0] == "上")
    return Reading(quarter(today.year, (today.month + 2) // 3 - back))


def read_holiday(match: re.Match[str], today: date) -> Reading | None:
    name = match["holiday"]
    return _in(_year(match["y"], today), today, lambda year: holiday(name, year))


def read_whole_year(match: re.Match[str], today: date) -> Reading:
    year = _year(match["y"], today) or today.year
    return Reading((date(year, 1, 1), date(year, 12, 31)))


def read_end_of_year(match: re.Match[str], today: date) -> Reading | None:
    named = 1 if match["end"] == "初" else 12
    return _in(_year(match["y"], today) or today.year, today, lambda year: month(year, named))


def read_days_ago(days: int) -> Reader:
    return lambda _match, today: Reading(day(today - timedelta(days)))


def read_nothing(_match: re.Match[str], _today: date) -> None:
    """Times to come and times that recur are no periods, nor is a part of them one."""
