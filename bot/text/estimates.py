"""Numbers whose figure is left open: 两三百, 几千, 七八十, 三千五六."""

from __future__ import annotations

import re

_ASCENDING = "一二三四五六七八九"
_PAIRS = {left + right for left, right in zip(_ASCENDING, _ASCENDING[1:], strict=False)}
_PAIRS |= {"一两", "两三", "三五"}
_PAIR = re.compile("|".join(sorted(_PAIRS)))
_MAGNITUDE = "十百千万亿"


def is_open(number: str) -> bool:
    """Whether ``number`` names two figures or none: ``两三百``, ``十七八``, ``几千``."""
    if "几" in number:
        return True
    for pair in _PAIR.finditer(number):
        before = number[pair.start() - 1 : pair.start()]
        after = number[pair.end() : pair.end() + 1]
        # "三千五六" and "五六千" are estimates; digits that are told one by one (一二三四) are not.
        if (not before or before in _MAGNITUDE) and (not after or after in _MAGNITUDE):
            return True
    return False
