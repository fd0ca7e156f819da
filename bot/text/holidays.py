"""Holidays and shopping days by which people name a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from borax.calendars.lunardate import LunarDate, TermUtils

from bot.text.numerals import CHINESE_NUMERAL

Interval = tuple[date, date]


def _days(month: int, day: int, count: int = 1) -> Callable[[int], Interval]:
    def of(year: int) -> Interval:
        first = date(year, month, day)
        return first, first + timedelta(count - 1)

    return of


def _lunar(month: int, day: int, count: int = 1, shift: int = 0) -> Callable[[int], Interval]:
    def of(year: int) -> Interval:
        first = LunarDate(year, month, day).to_solar_date() + timedelta(shift)
        return first, first + timedelta(count - 1)

    return of


def _tomb_sweeping(year: int) -> Interval:
    day = TermUtils.nth_term_day(year, term_name="清明")
    return day, day


# The days of each in a given year; the long ones are a week, as people speak of them.
_HOLIDAYS: dict[str, Callable[[int], Interval]] = {
    "双十一|双11|11\\.11": _days(11, 11),
    "双十二|双12|12\\.12": _days(12, 12),
    "618|6\\.18|六一八": _days(6, 18),
    "国庆节?|十一(?=黄金周|假期|长假|期间|小长假|那几天|那天|那会儿?)": _days(10, 1, 7),
    "五一(?:劳动)?节?|劳动节|5\\.1(?=假期|期间|节)": _days(5, 1, 5),
    "元旦节?": _days(1, 1, 3),
    "情人节": _days(2, 14),
    "妇女节|三八节": _days(3, 8),
    "六一(?:儿童)?节?|儿童节": _days(6, 1),
    "平安夜": _days(12, 24),
    "圣诞节?": _days(12, 25),
    "春节|新春|过年(?=期间|那几天|那会儿?|的时候|时|收|花)": _lunar(1, 1, 7),
    "除夕|大年三十|年三十": _lunar(1, 1, 1, -1),
    "大年初一|正月初一|年初一": _lunar(1, 1),
    "元宵节?|正月十五": _lunar(1, 15),
    "端午节?": _lunar(5, 5),
    "七夕节?": _lunar(7, 7),
    "中秋节?": _lunar(8, 15),
    "重阳节?": _lunar(9, 9),
    "清明节?": _tomb_sweeping,
}

# "尾数五一二零", "16180", "618块", "五一次": the same characters as parts of a number.
HOLIDAY_NAME = (
    rf"(?<![\d.{CHINESE_NUMERAL}])(?P<holiday>{'|'.join(_HOLIDAYS)})"
    rf"(?![\d.{CHINESE_NUMERAL}元块个次张笔岁折wWkK])"
    r"(?:黄金周|小?长假|假期|期间|那天|当天|那几天|那会儿?)?"
)
# "去年十一" stands without a word behind it.
ELEVENTH = r"十一(?![月日号点个次张期])"

_PLAIN = [(re.compile(re.sub(r"\(\?=[^)]*\)", "", names)), of) for names, of in _HOLIDAYS.items()]


def holiday(name: str, year: int) -> Interval:
    """The days of the holiday called ``name`` in ``year``.

    Raises:
        KeyError: no holiday is called so.
    """
    for pattern, days in _PLAIN:
        if pattern.fullmatch(name):
            return days(year)
    raise KeyError(name)
