"""What somebody says they earn: 月入一万五, 年薪18万."""

from __future__ import annotations

import re

from bot.text.amounts import find_money, read_amount
from bot.text.numerals import CHINESE_NUMERAL
from bot.text.spans import Span

_INCOME = re.compile(
    r"(?P<yearly>年薪|年收入|一年(?:能|大概)?[挣赚])|月入|月薪|月收入|每?个?月(?:能|大概)?[挣赚]|工资|退休金|养老金|收入|到手|每个?月(?![还供付])"
)
_SPAN_OF_TIME = re.compile(rf"[\d{CHINESE_NUMERAL}]+(?:个月|年|天)")
_NUMBER = re.compile(rf"[\d{CHINESE_NUMERAL}]")
# Behind these something else is spoken of: 月入一万五,想贷20万.
_END = re.compile(r"[,，。;；!！?？]|想贷|要贷|贷|借")


def find_sum(text: str) -> int | None:
    """The first sum of ``text`` in fen, where nothing but money can be meant: 差不多8000."""
    sums = [each.value for each in find_money(text) if each.value is not None]
    if sums:
        return sums[0]
    text = _SPAN_OF_TIME.sub(" ", text)
    number = _NUMBER.search(text)
    bare = read_amount(text, number.start()) if number else None
    return bare.value if bare else None


def find_income(text: str) -> Span[int | None] | None:
    """The clause of ``text`` (normalised) about income, and what it comes to a month in fen;
    ``None`` as the value where it gives no sum."""
    found = _INCOME.search(text)
    if found is None:
        return None
    end = _END.search(text, found.start())
    clause = text[found.start() : end.start() if end else len(text)]
    value = find_sum(clause)
    if value is not None and found["yearly"]:
        value = round(value / 12)
    return Span(found.start(), found.start() + len(clause), clause, value)
