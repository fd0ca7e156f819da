"""How expressions of time are written, and which reader understands each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.text.holidays import ELEVENTH, HOLIDAY_NAME
from bot.text.moments import (
    Reader,
    read_ago,
    read_bare_day,
    read_bare_weekday,
    read_days,
    read_days_ago,
    read_end_of_year,
    read_half,
    read_holiday,
    read_month,
    read_months,
    read_near_quarter,
    read_nothing,
    read_quarter,
    read_recent,
    read_short_day,
    read_week,
    read_whole_year,
    read_written_day,
    read_written_month,
)
from bot.text.numerals import CHINESE_NUMERAL

Rule = tuple[re.Pattern[str], Reader]

NOT_INSIDE = rf"(?<![\d.第{CHINESE_NUMERAL}])"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|[二两]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_YEAR = r"(?:(?:(?:20\d\d|(?<!\d)\d\d|[二两][零〇][零〇一二三四五六七八九]{2})年|大前年|去年|今年|前年)的?)"
_MONTH_NAME = r"(?P<near>上上个?月|[上前]一?个?月|这一?个?月|本月|当月)"
_N = r"(?P<n>\d{1,3}|[一二三四五六七八九十两俩仨百]{1,4}|大?半|好?几)"
_UNIT = r"(?P<unit>天|日|周|个?(?:星期|礼拜)|个?月|个?季度|年)"
_WEEK = r"(?:周|星期|礼拜)"
# "上周五千块", "周一次": a figure, not a day of the week.
_WEEKDAY = r"[一二三四五六日天](?![\d百千万十次笔块个元条张共直起定])"
# What is said about a day that is over, as against "周六开门吗" and "15号还款".
PAST = (
    r"(?=那[天笔次个]|[晚早中下上][上午]|的?(?:那|账单?|交易|消费|流水|明细|支出|收入|转账|扣款|入账|进账|退款)"
    r"|我?[在给从用]?[^\s,。]{0,4}(?:刷|扣|花|转|买|取|存|收|付|入|充|汇|打)[^\s,。]{0,3}[了的过])"
)


def _patterns() -> Iterator[tuple[str, Reader]]:
    year = rf"(?P<y>{_YEAR})?"
    part = r"(?P<part>[上中下]旬|月?[初底末]|中旬)"
    one_day = (
        rf"(?P<d>{DAY}(?=[日号])|[12]\d|3[01]|[1-9]|[二三]?十[一二三四五六七八九])(?:[日号](?!期)"
        rf"|(?![\d.,{CHINESE_NUMERAL}万千百块元kKwW笔个次张天期月年位条份点号]))"
    )
    separator = r"(?P<sep>[-/.年])"
    month2, day2 = r"(?P<m>1[0-2]|0?[1-9])", r"(?P<d>3[01]|[12]\d|0?[1-9])"
    yield (
        rf"(?:每个?|逢|下下?个?)(?:{_WEEK}(?:[一二三四五六日天末](?![百千万]))?|月份?(?:的?(?:{DAY}[日号]|[初底末中]))?"
        rf"|季度)|(?:明年|后年|来年|每年)的?(?:{MONTH}月份?(?:{DAY}[日号])?|[初底末]|[上下]半年)?"
        rf"|(?:每|逢)(?:{MONTH}月份?)?{DAY}[日号]",
        read_nothing,
    )
    yield (
        rf"(?<![\d.])(?P<y>20\d\d){separator}{month2}(?:(?P=sep)|月){day2}[日号]?(?!\d)",
        (read_written_day),
    )
    yield (
        r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)",
        read_written_day,
    )
    yield (
        r"(?<![\d.])(?P<y>20\d\d)(?:[-/]|\.(?=\d+(?:月|的?[账流明交])))"
        r"(?P<m>1[0-2]|0?[1-9])(?![\d./-])",
        read_written_month,
    )
    yield rf"(?<![\d.]){month2}[./]{day2}[日号]", read_short_day
    to = r"(?:到|至|[-~—–])"
    yield rf"{year}{NOT_INSIDE}(?P<m>{MONTH}){to}(?P<m2>{MONTH})月份?(?![\d十])", read_months
    yield rf"{year}{NOT_INSIDE}(?P<m>{MONTH})月(?P<d>{DAY}){to}(?P<d2>{DAY})[日号]", read_days
    yield rf"{year}{HOLIDAY_NAME}", read_holiday
    yield rf"(?P<y>{_YEAR})(?P<holiday>{ELEVENTH})", read_holiday
    yield rf"{year}(?P<half>[上下])半年", read_half
    yield rf"{year}(?:第?(?P<q>[一二三四1-4])季度|[Qq](?P<Q>[1-4])(?!\d))", read_quarter
    yield r"(?P<near>上上个?|上一?个?|这一?个?|本|当)季度", read_near_quarter
    yield (
        rf"(?P<week>上上个?|上一?个?|这一?个?|本|前一?)(?:{_WEEK})(?:的?{_WEEK}?(?P<weekday>末|{_WEEKDAY}))?",
        read_week,
    )
    yield rf"{_MONTH_NAME}(?!供[^暖热])份?(?:的?(?:{part}|{one_day}))?", read_month
    yield (
        rf"(?<!还款日)(?<!到期日)(?<!账单日)(?:最近|近|过去|这|往?前(?!一))的?这?{_N}{_UNIT}"
        r"(?P<half>半)?(?!份|底|初|供)",
        read_recent,
    )
    yield (
        rf"{NOT_INSIDE}(?P<n>\d{{1,3}}|[一二三四五六七八九十两俩]{{1,3}}|半){_UNIT}[以之]?内"
        r"(?=的?所?有?[^\s,。到]{0,3}(?:交易|明细|流水|账|记录|消费|支出|收入|收支|进出|花销|花费))",
        read_recent,
    )
    yield (
        rf"(?<!提){NOT_INSIDE}(?P<n>\d{{1,2}}|[一二三四五六七八九十两]{{1,3}})(?P<unit>天|日|周|个?星期|个?礼拜)"
        rf"[之以]?前{PAST}",
        read_ago,
    )
    yield rf"(?P<y>{_YEAR})年?(?P<end>[初底末])", read_end_of_year
    yield r"(?P<y>)年(?P<end>[初底末])", read_end_of_year
    yield (
        rf"{year}{NOT_INSIDE}(?P<m>{MONTH})月(?!供|薪|租|费|经|息)份?(?:的?(?:{part}|{one_day}))?",
        read_month,
    )
    yield rf"(?<![个\d{CHINESE_NUMERAL}])(?P<part>月[初底末]|[上中下]旬)", (read_month)
    yield r"大前[天日晚]", read_days_ago(3)
    yield r"前[天日晚]", read_days_ago(2)
    yield r"昨(?:[天日晚夜早]|儿个?)", read_days_ago(1)
    yield r"今(?:[天日晚早晨夜]|儿个?)", read_days_ago(0)
    yield (
        rf"(?P<y>大前年|去年|今年|前年|{NOT_INSIDE}(?:20\d\d|[二两][零〇][零〇一二三四五六七八九]{{2}})年)"
        r"的?(?:全年|一?整年|度|一年)?",
        read_whole_year,
    )
    yield rf"(?<![每逢下个]){_WEEK}(?P<weekday>{_WEEKDAY}){PAST}", read_bare_weekday
    yield rf"(?<![\d.月第A-Za-z{CHINESE_NUMERAL}])(?P<d>{DAY})[号日]{PAST}", read_bare_day


RULES: tuple[Rule, ...] = tuple((re.compile(pattern), reader) for pattern, reader in _patterns())
