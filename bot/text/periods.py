"""Periods of time in running text, as closed ISO intervals of Shanghai days."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.text.numerals import CHINESE_NUMERAL, parse_number
from bot.text.spans import Span

Interval = tuple[date, date]
_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], "Interval | None"]]

_N = rf"(?P<n>\d{{1,3}}|[{CHINESE_NUMERAL}]{{1,3}}|半|几)"
_M = r"(?P<{0}>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = r"(?P<{0}>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_YEAR = r"(?P<{0}>(?:20)?\d{{2}}年|去年|今年|前年)?(?:的)?"
# "最近几天" names no number; a week is what people mean by it.
FEW = {"天": 7, "日": 7, "周": 3, "星期": 3, "个月": 3, "月": 3, "年": 3}

HOLIDAYS = {
    "双十一": (11, 11, 11, 11), "双11": (11, 11, 11, 11), "双十二": (12, 12, 12, 12),
    "国庆": (10, 1, 10, 7), "十一黄金周": (10, 1, 10, 7), "五一": (5, 1, 5, 5),
    "元旦": (1, 1, 1, 3), "618": (6, 18, 6, 18), "圣诞": (12, 25, 12, 25),
}  # fmt: skip


def format_interval(interval: Interval) -> str:
    """``2026-10-01/2026-10-31``, both days included."""
    return f"{interval[0].isoformat()}/{interval[1].isoformat()}"


def parse_interval(value: str) -> Interval:
    """The days of :func:`format_interval`'s text."""
    first, last = value.split("/")
    return date.fromisoformat(first), date.fromisoformat(last)


def find_periods(text: str, today: date) -> list[Span[str]]:
    """Every period in ``text`` seen from ``today``, longest reading first, never overlapping.

    A month or day without a year is the latest one that is not in the future.
    """
    found: list[Span[str]] = []
    taken: set[int] = set()
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            where = range(match.start(), match.end())
            if taken.intersection(where):
                continue
            interval = _read(read, match, today)
            if interval is None:
                continue
            taken.update(where)
            value = format_interval(interval)
            found.append(Span(match.start(), match.end(), match.group(), value))
    return sorted(found, key=lambda span: span.start)


def _read(
    read: Callable[[re.Match[str], date], Interval | None], match: re.Match[str], today: date
) -> Interval | None:
    try:
        interval = read(match, today)
    except ValueError:  # 2月30号
        return None
    if interval is None or interval[0] > interval[1] or interval[0] > today:
        return None
    return interval[0], min(interval[1], today)


def _number(text: str) -> int:
    value = parse_number(text)
    if value is None:
        raise ValueError(text)
    return int(value)


def _month(year: int, month: int) -> Interval:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _back(today: date, months: int) -> Interval:
    index = today.year * 12 + today.month - 1 - months
    return _month(index // 12, index % 12 + 1)


def _year_of(text: str | None, today: date) -> int | None:
    if not text:
        return None
    named = {"去年": today.year - 1, "今年": today.year, "前年": today.year - 2}
    if text in named:
        return named[text]
    year = int(text.rstrip("年"))
    return year if year > 99 else 2000 + year


def _latest(year: int | None, month: int, day: int, today: date) -> date:
    if year is not None:
        return date(year, month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year <= today else date(today.year - 1, month, day)


def _last(match: re.Match[str], today: date) -> Interval:
    unit, text = match["unit"], match["n"]
    if text == "半":
        days = {"年": 183, "个月": 15, "月": 15, "天": 1}.get(unit, 7)
        return today - timedelta(days - 1), today
    count = FEW[unit] if text == "几" else _number(text)
    if unit in ("个月", "月"):
        first = _back(today, count)[0]
        day = min(today.day, calendar.monthrange(first.year, first.month)[1])
        return first.replace(day=day), today
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "年": 365}[unit] * count
    return today - timedelta(days - 1), today


def _week(match: re.Match[str], today: date) -> Interval:
    monday = today - timedelta(today.weekday())
    if match["week"].startswith(("上", "前")):
        monday -= timedelta(14 if match["week"] == "上上" else 7)
    day = match["weekday"]
    if day:
        chosen = monday + timedelta("一二三四五六日".index(day.replace("天", "日")))
        return chosen, chosen
    return monday, monday + timedelta(6)


def _date_range(match: re.Match[str], today: date) -> Interval:
    year = _year_of(match["y1"], today)
    m1, d1 = _number(match["m1"]), _number(match["d1"])
    m2 = _number(match["m2"]) if match["m2"] else m1
    last = _latest(_year_of(match["y2"], today) or year, m2, _number(match["d2"]), today)
    first = date(last.year, m1, d1)
    return (first if first <= last else first.replace(year=last.year - 1)), last


def _month_range(match: re.Match[str], today: date) -> Interval:
    year = _year_of(match["y1"], today)
    m1, m2 = _number(match["m1"]), _number(match["m2"])
    first = _latest(year, m1, 1, today)
    return first, _month(first.year if m2 >= m1 else first.year + 1, m2)[1]


def _one_month(match: re.Match[str], today: date) -> Interval:
    first = _latest(_year_of(match["y1"], today), _number(match["m1"]), 1, today)
    return _month(first.year, first.month)


def _one_day(match: re.Match[str], today: date) -> Interval:
    day = _latest(_year_of(match["y1"], today), _number(match["m1"]), _number(match["d1"]), today)
    return day, day


def _iso_day(match: re.Match[str], today: date) -> Interval:
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    return day, day


def _half(match: re.Match[str], today: date) -> Interval:
    year = _year_of(match["y1"], today) or today.year
    if match["half"] == "上":
        return date(year, 1, 1), date(year, 6, 30)
    return date(year, 7, 1), date(year, 12, 31)


def _quarter(match: re.Match[str], today: date) -> Interval:
    year = _year_of(match["y1"], today) or today.year
    month = _number(match["q"]) * 3
    return date(year, month - 2, 1), _month(year, month)[1]


def _whole_year(match: re.Match[str], today: date) -> Interval:
    year = _year_of(match["y"], today) or today.year
    return date(year, 1, 1), date(year, 12, 31)


def _holiday(match: re.Match[str], today: date) -> Interval:
    m1, d1, m2, d2 = HOLIDAYS[match["name"]]
    first = _latest(_year_of(match["y1"], today), m1, d1, today)
    return first, date(first.year, m2, d2)


def _days_ago(days: int) -> Callable[[re.Match[str], date], Interval]:
    return lambda _match, today: (today - timedelta(days), today - timedelta(days))


def _months_ago(months: int) -> Callable[[re.Match[str], date], Interval]:
    return lambda _match, today: _back(today, months)


def _rules() -> Iterator[_Rule]:
    month1, month2 = _M.format("m1"), _M.format("m2")
    day1, day2, year1, year2 = (
        _D.format("d1"), _D.format("d2"), _YEAR.format("y1"), _YEAR.format("y2")
    )  # fmt: skip
    to = r"\s*(?:到|至|-|—|~)\s*"
    iso = r"(?P<y>20\d\d)[-/.年](?P<m>1[0-2]|0?[1-9])[-/.月](?P<d>3[01]|[12]\d|0?[1-9])[日号]?"
    yield (
        re.compile(rf"从?{year1}{month1}月{day1}[日号]?{to}{year2}(?:{month2}月)?{day2}[日号]"),
        _date_range,
    )
    yield re.compile(rf"从?{year1}{month1}月份?{to}{month2}月份?"), _month_range
    yield re.compile(iso), _iso_day
    yield re.compile(rf"{year1}{month1}月{day1}[日号]"), _one_day
    names = "|".join(sorted(HOLIDAYS, key=len, reverse=True))
    yield re.compile(rf"{year1}(?<!\d)(?P<name>{names})(?!\d)(?:期间|假期|那天|当天)?"), _holiday
    yield re.compile(rf"{year1}(?P<half>[上下])半年"), _half
    yield re.compile(rf"{year1}第?(?P<q>[一二三四1-4])季度"), _quarter
    recent = rf"(?:最近|近|过去|这|前){_N}(?P<unit>天|日|周|星期|个月|月|年)(?!份|底|初)"
    yield re.compile(recent), _last
    yield re.compile(r"上上个?月"), _months_ago(2)
    yield re.compile(r"上个?月份?|上月"), _months_ago(1)
    yield re.compile(r"这个?月|本月|当月"), _months_ago(0)
    yield (
        re.compile(
            r"(?P<week>上上|上|这|本|前)个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])?"
        ),
        _week,
    )
    yield re.compile(rf"{year1}{month1}月份?(?!\d)"), _one_month
    yield re.compile(r"大前天"), _days_ago(3)
    yield re.compile(r"前天|前日"), _days_ago(2)
    yield re.compile(r"昨[天日晚]"), _days_ago(1)
    yield re.compile(r"今[天日晚早]|当[天日]"), _days_ago(0)
    yield re.compile(r"(?P<y>20\d\d年|去年|今年|前年)(?:全年|一整?年)?"), _whole_year


_RULES: tuple[_Rule, ...] = tuple(_rules())
