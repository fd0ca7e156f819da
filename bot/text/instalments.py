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


def find_instalments(text: str) -> list[Span[int]]:
    """Every number of instalments in ``text``."""
    found = []
    for match in _INSTALMENTS.finditer(text):
        value = parse_number(match["split"] or match["bare"] or match["months"])
        if value is not None and 1 <= value <= MOST_INSTALMENTS and value == int(value):
            found.append(Span(match.start(), match.end(), match.group(), int(value)))
    return found
