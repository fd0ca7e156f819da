"""Amounts of money in running text, in fen."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.text.numerals import CHINESE_NUMERAL, parse_number
from bot.text.spans import Span

# The look-behinds keep a long run of digits from being tried at each of its places.
_NUMBER = (
    rf"(?:(?<!\d)\d[\d,，]{{0,18}}(?:\.\d{{1,9}})?[百千万亿wWkK]?"
    rf"|(?<![{CHINESE_NUMERAL}])[{CHINESE_NUMERAL}]{{1,24}})"
)
_UNIT = r"(?:元整|块钱|块|元|圆|人民币|rmb|RMB)"
# Small money after the yuan: 四毛五, 5角, 四毛五分; after 块 alone a last digit is tenths (五块五).
_SMALL = r"[\d一二三四五六七八九两]"
_JIAO = (
    rf"(?:(?P<jiao>{_SMALL})[毛角](?:(?P<fen>{_SMALL})分?)?"
    rf"|(?<=块)(?P<tenths>{_SMALL})(?![\d{CHINESE_NUMERAL}个张次笔天月年位]))"
)
_AMOUNT = re.compile(
    rf"[￥¥](?P<symbol>{_NUMBER})(?:元整?)?"
    rf"|(?P<yuan>{_NUMBER})(?P<unit>{_UNIT}){_JIAO}?(?:整)?"
    rf"|(?P<big>(?<!\d)\d[\d,]{{0,18}}(?:\.\d{{1,9}})?[万亿wW]"
    rf"|(?<![{CHINESE_NUMERAL}])[{CHINESE_NUMERAL}]{{0,24}}[百千万亿][{CHINESE_NUMERAL}]{{0,24}})"
)
# What follows a bare "三千五" when it counts something else than money.
_COUNTS = re.compile(r"[个天日月年号期笔次张位岁点分秒米公斤人%倍股份名条遍]")
# "一块" in "一块去" and "一万" in "万一" are words, not money.
_WORDS = ("万一", "千万别", "千万不", "百分", "十分", "百姓")

# Beyond this nobody means an amount of their own money: ten billion yuan.
LARGEST_FEN = 10**12


def find_amounts(text: str) -> list[Span[int]]:
    """Every amount in ``text``, in fen. A bare number (``8866``) is not an amount."""
    return [span for match in _AMOUNT.finditer(text) if (span := _span(text, match))]


def _span(text: str, match: re.Match[str]) -> Span[int] | None:
    number = match.group("symbol") or match.group("yuan") or match.group("big")
    if match.group("big") and _means_something_else(text, match):
        return None
    if match.group("unit") == "块" and text[match.end() : match.end() + 1] in ("去", "儿"):
        return None
    value = parse_number(number)
    if value is None:
        return None
    tenths = match.group("jiao") or match.group("tenths")
    small = _digit(tenths) * 10 + _digit(match.group("fen"))
    fen = int((value * 100).to_integral_value()) + small
    if not 0 < fen <= LARGEST_FEN:
        return None
    return Span(match.start(), match.end(), match.group(), fen)


def _means_something_else(text: str, match: re.Match[str]) -> bool:
    around = text[max(0, match.start() - 2) : match.end() + 1]
    if any(word in around for word in _WORDS) or len(match.group("big")) < 2:
        return True
    return bool(_COUNTS.match(text[match.end() :]))


def _digit(digit: str | None) -> int:
    if not digit:
        return 0
    value = parse_number(digit)
    return int(value) if value is not None else 0


def format_fen(fen: int) -> str:
    """``123456`` as ``1,234.56元``."""
    return f"{Decimal(fen) / 100:,.2f}元"
