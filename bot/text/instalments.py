"""Into how many monthly instalments something is split."""

from __future__ import annotations

import re

from bot.text.numerals import CHINESE_NUMERAL, parse_number
from bot.text.spans import Span

MOST_INSTALMENTS = 360

_CHINESE = "一二三四五六七八九十两"
_N = rf"\d{{1,3}}|[{_CHINESE}百]{{1,5}}"
# "第2期", "近三期账单": ordinals and billing cycles, not a split.
_NOT_BEFORE = rf"(?<![\d.{CHINESE_NUMERAL}第近前后每这本上下几])"
_INSTALMENTS = re.compile(
    # 分12期, 分成3期, 分 十二 期, 分期12个月, 分六个月还, 分24个月
    rf"分(?:期|成|为|做|作|开)?\s?(?P<split>{_N})\s?(?:期|个月)"
    # 二十四期, 12期: one instalment is no split
    rf"|{_NOT_BEFORE}(?![1一](?!\d|[{_CHINESE}]))(?P<bare>{_N})\s?期(?!货|间|权|刊|末|初|待|望|限)"
    # 12个月分期, 12个月的分期
    rf"|{_NOT_BEFORE}(?P<months>{_N})\s?个月的?分期"
)
# 4999那笔, 三千块的那单, 那笔八千八: what names one purchase among others.
_SUM = rf"[\d.,]*\d[wWkK万]?|[{CHINESE_NUMERAL}]+"
_PURCHASE = re.compile(
    rf"(?P<before>{_SUM})(?:块钱?|元)?的?[那这]一?[笔单]"
    rf"|(?:[那这]一?|单)[笔单](?:消费)?(?P<behind>{_SUM})(?![\d.期个{CHINESE_NUMERAL}])"
)


def find_purchase_sum(text: str) -> int | None:
    """The sum, in fen, of the one purchase that ``text`` speaks of, though nothing calls the
    number money."""
    match = _PURCHASE.search(text)
    value = parse_number(match["before"] or match["behind"]) if match else None
    return int(value * 100) if value is not None and value > 0 else None


def find_instalments(text: str) -> list[Span[int]]:
    """Every number of instalments in ``text``."""
    found = []
    for match in _INSTALMENTS.finditer(text):
        value = parse_number(match["split"] or match["bare"] or match["months"])
        if value is not None and 1 <= value <= MOST_INSTALMENTS and value == int(value):
            found.append(Span(match.start(), match.end(), match.group(), int(value)))
    return found
