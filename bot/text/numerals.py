"""Chinese numerals: values and spoken digits."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import cn2an

CHINESE_DIGIT = "零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖"
MAGNITUDE = "十百千万亿拾佰仟萬億"
CHINESE_NUMERAL = CHINESE_DIGIT + MAGNITUDE
# Letters that stand for a magnitude: 5w, 2k.
LETTER_MAGNITUDE = "wWkK"
_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": "0", "幺": "1", "两": "2", "洞": "0", "拐": "7", "勾": "9"}
SPOKEN_DIGIT = "".join(_DIGITS)

# "三千五" is 3,500: a lone last digit counts in the next smaller unit.
_NEXT_UNIT = {"百": "十", "佰": "拾", "千": "百", "仟": "佰", "万": "千", "萬": "千", "亿": "千万"}
_LETTERS = str.maketrans({"w": "万", "W": "万", "k": "千", "K": "千", "〇": "零"})
_LONE_DIGIT = re.compile(rf"[{''.join(_NEXT_UNIT)}][\d{CHINESE_DIGIT}]")
# Decimal digits with at most one magnitude behind: what cn2an need not see.
_ARABIC = re.compile(r"(\d+(?:\.\d+)?)([百千万亿]?)")
_FACTORS = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def spoken_digits(text: str) -> str:
    """``八八六六`` or ``88六六`` as ``8866``."""
    return "".join(_DIGITS.get(character, character) for character in text)


def parse_number(text: str) -> Decimal | None:
    """The value of a number in Arabic or Chinese numerals or both; ``None`` if it is none.

    Understands ``3,500.00``, ``1.5万``, ``三千五``, ``1万5千``, ``两百``, ``1w2``, ``叁仟伍佰``.
    """
    plain = text.replace(",", "").replace("，", "").replace(" ", "").translate(_LETTERS)
    arabic = _ARABIC.fullmatch(plain)
    if arabic:
        try:
            return Decimal(arabic[1]) * _FACTORS[arabic[2]]
        except InvalidOperation:
            return None
    if _LONE_DIGIT.fullmatch(plain[-2:]) and len(plain) >= 3 and plain[-1] not in "零":
        plain += _NEXT_UNIT[plain[-2]]
    return _parse_chinese(plain)


def _parse_chinese(text: str) -> Decimal | None:
    try:
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except (ValueError, KeyError, IndexError, InvalidOperation):
        return None
