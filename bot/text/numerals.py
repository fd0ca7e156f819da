"""Chinese numerals: values and spoken digits."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import cn2an

CHINESE_NUMERAL = "零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億"
_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": "0", "幺": "1", "两": "2", "洞": "0", "拐": "7", "勾": "9"}
SPOKEN_DIGIT = "".join(_DIGITS)

# "三千五" is 3,500: a lone last digit counts in the next smaller unit.
_NEXT_UNIT = {"百": "十", "佰": "拾", "千": "百", "仟": "佰", "万": "千", "萬": "千", "亿": "千万"}


def spoken_digits(text: str) -> str:
    """``八八六六`` or ``88六六`` as ``8866``."""
    return "".join(_DIGITS.get(character, character) for character in text)


def parse_number(text: str) -> Decimal | None:
    """The value of a number in Arabic or Chinese numerals or both; ``None`` if it is none.

    Understands ``3,500.00``, ``1.5万``, ``三千五``, ``两百``, ``一百二十三``, ``5w``, ``2k``.
    """
    plain = text.replace(",", "").replace("，", "").strip()
    for suffix, factor in (("w", 10_000), ("W", 10_000), ("k", 1000), ("K", 1000)):
        if plain.endswith(suffix):
            head = parse_number(plain[:-1])
            return None if head is None else head * factor
    try:
        return Decimal(plain)
    except InvalidOperation:
        pass
    if plain and plain[-1] in "百千万亿" and not set(plain[:-1]) & set(CHINESE_NUMERAL):
        try:
            return (
                Decimal(plain[:-1]) * {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[plain[-1]]
            )
        except InvalidOperation:
            return None
    return _parse_chinese(plain)


def _parse_chinese(text: str) -> Decimal | None:
    if len(text) >= 3 and text[-2] in _NEXT_UNIT and text[-1] in _DIGITS:
        text += _NEXT_UNIT[text[-2]]
    try:
        return Decimal(str(cn2an.cn2an(text.replace("〇", "零"), "smart")))
    except (ValueError, KeyError):
        return None
