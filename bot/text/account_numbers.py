"""Whole account and card numbers, in one run or in groups: 6222 0210 0112 8821."""

from __future__ import annotations

import re

from bot.text.spans import Span

# Deposit accounts of some banks are as short as this; a mobile number is told apart.
SHORTEST, LONGEST = 10, 21

_RUN = re.compile(rf"(?<![\d.¥])\d(?:[ -]{{0,2}}\d){{{SHORTEST - 1},{LONGEST - 1}}}(?![\d.]\d|\d)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_BLANKS = re.compile(r"[ -]+")


def find_account_numbers(text: str) -> list[Span[str]]:
    """Every number in ``text`` (normalised) that may name an account; the value is its digits."""
    found = []
    for match in _RUN.finditer(text):
        digits = _BLANKS.sub("", match.group())
        if not _MOBILE.fullmatch(digits):
            found.append(Span(match.start(), match.end(), match.group(), digits))
    return found
