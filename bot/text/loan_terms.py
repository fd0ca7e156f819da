"""What a loan is calculated from: sum, months, yearly rate, way of repaying."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.text.amounts import find_money
from bot.text.numerals import CHINESE_NUMERAL, parse_number
from bot.text.spans import Span, hide

Method = Literal["equal_instalments", "equal_principal"]
MOST_MONTHS = 360

_COUNT = rf"(?:\d{{1,3}}|[{CHINESE_NUMERAL}]{{1,4}})"
# Neither the year 2026年 nor a part of a longer number, and no 每年.
_NOT_BEFORE = rf"(?<![\d.{CHINESE_NUMERAL}第每去今明前])"
_TERM = re.compile(
    rf"(?:分成?|分为)?{_NOT_BEFORE}(?P<years>{_COUNT})年(?P<half>半)?(?![化前后费终底级代])(?:零?(?P<more>{_COUNT})个?月)?"
    rf"|(?P<only_half>半年)|(?:分成?|分为)?{_NOT_BEFORE}(?P<months>{_COUNT})\s?(?:个月|期)"
)
# Behind a magnitude the term would be read as a part of the sum: 120万25年, 十万五年.
_SHORT = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_TERM_BEHIND_SUM = re.compile(
    rf"(?<=[万wW元块])(?:(?P<years>{_SHORT})年(?P<half>半)?(?![化前后费终底级代])|(?P<months>{_SHORT})(?:个月|期))"
)
_RATE = re.compile(
    r"(?P<monthly>月(?:利率|息)[是为按:]?\s?)?(?P<percent>\d{1,2}(?:\.\d{1,4})?)\s?%"
    rf"|百分之(?P<said>[\d.点{CHINESE_NUMERAL}]{{1,6}})"
)
_METHODS: dict[Method, str] = {"equal_instalments": "等额本息", "equal_principal": "等额本金"}


@dataclass(frozen=True)
class LoanTerms:
    """Sum in fen, months, rate a year as a fraction; ``None`` for what was not said."""

    amount: int | None = None
    months: int | None = None
    annual_rate: Decimal | None = None
    method: Method | None = None


def find_loan_terms(text: str) -> LoanTerms:
    """What ``text`` says of a loan."""
    rate = _RATE.search(text)
    rest = hide(text, [_span(rate)]) if rate else text
    term = _TERM_BEHIND_SUM.search(rest) or _TERM.search(rest)
    rest = hide(rest, [_span(term)]) if term else rest
    amounts = [span.value for span in find_money(rest) if span.value is not None]
    methods = [method for method, name in _METHODS.items() if name in text]
    return LoanTerms(
        amounts[0] if amounts else None,
        _months(term) if term else None,
        _annual(rate) if rate else None,
        methods[0] if len(methods) == 1 else None,
    )


def _span(match: re.Match[str]) -> Span[None]:
    return Span(match.start(), match.end(), match.group(), None)


def _months(term: re.Match[str]) -> int | None:
    said = term.groupdict()
    if said.get("only_half"):
        return 6
    months = _number(said.get("years")) * 12 + _number(said["months"])
    months += _number(said.get("more")) + (6 if said.get("half") else 0)
    return int(months) if 0 < months <= MOST_MONTHS and months == int(months) else None


def _annual(rate: re.Match[str]) -> Decimal | None:
    if rate["said"]:
        value = _spoken(rate["said"])
    else:
        value = Decimal(rate["percent"]) * (12 if rate["monthly"] else 1)
    return value / 100 if value is not None and 0 < value < 100 else None


def _spoken(text: str) -> Decimal | None:
    """三点一 as 3.1."""
    whole, point, behind = text.replace(".", "点").partition("点")
    number = parse_number(whole)
    if number is None or not point:
        return number
    digits = [parse_number(digit) for digit in behind]
    if not digits or any(digit is None or digit > 9 for digit in digits):
        return None
    return number + Decimal("0." + "".join(str(int(digit or 0)) for digit in digits))


def _number(text: str | None) -> Decimal:
    return (parse_number(text) if text else None) or Decimal(0)
