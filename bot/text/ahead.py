"""Until when something is to last: a length of time, or a day that is still to come."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.text.calendar_math import in_month, month
from bot.text.numerals import CHINESE_NUMERAL, parse_number

# What is meant by a month where only days are counted.
DAYS_OF = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
_N = rf"\d{{1,3}}|[{CHINESE_NUMERAL}]{{1,4}}"
_LENGTH = re.compile(
    rf"(?P<n>{_N})\s?个?(?P<half>半)?(?P<unit>天|日(?!期)|周|星期|礼拜|月)(?!\d|底|末)"
)
_HALF_MONTH = re.compile(r"(?:(?P<one>一)个)?半个?月")
_DAY = re.compile(
    rf"(?:(?P<year>\d{{4}})年|(?P<next>下个?月)|(?P<this>这个?月|本月))?(?:(?P<month>{_N})月(?:份)?)?"
    rf"(?:(?P<day>{_N})[日号]|(?P<end>底|末))"
)
_YEAR_END = re.compile(r"(?:今)?年[底末]")


def find_day_ahead(text: str, today: date) -> date | None:
    """The day until which ``text`` wants something, seen from ``today``.

    ``30天`` and ``一个月`` are thirty days from today, ``4月15号``, ``下月底`` the next such day.
    """
    if _YEAR_END.search(text):
        return date(today.year, 12, 31)
    for match in _DAY.finditer(text):
        named = match["month"] or match["next"] or match["this"]
        # 15日 by itself may be a length; 15号 is none.
        if named or match["end"] or match.group().endswith("号"):
            return _named_day(match, today)
    half = _HALF_MONTH.search(text)
    if half:
        return today + timedelta(45 if half["one"] else 15)
    length = _LENGTH.search(text)
    number = parse_number(length["n"]) if length else None
    if length is None or number is None:
        return None
    days = int(number) * DAYS_OF[length["unit"]]
    days += DAYS_OF[length["unit"]] // 2 if length["half"] else 0
    return today + timedelta(days)


def _named_day(match: re.Match[str], today: date) -> date | None:
    year = int(match["year"]) if match["year"] else today.year
    number = parse_number(match["month"]) if match["month"] else None
    of = int(number) if number is not None else today.month + (1 if match["next"] else 0)
    day = parse_number(match["day"]) if match["day"] else None
    if not 1 <= of <= 13 or (day is not None and not 1 <= day <= 31):
        return None
    found = in_month(year, of, int(day)) if day is not None else month(year, of)[1]
    if found >= today or match["year"]:
        return found
    # The next one: of the year where a month is named, of the month where only a day is.
    later = (year + 1, of) if number is not None else (year, of + 1)
    return in_month(*later, int(day)) if day is not None else month(*later)[1]
