"""What somebody says they earn: 月入一万五, 年薪18万."""

from __future__ import annotations

import re

from bot.text.amounts import find_money
from bot.text.spans import Span

_INCOME = re.compile(
    r"(?P<yearly>年薪|年收入|一年(?:能|大概)?[挣赚])|月入|月薪|月收入|每?个?月(?:能|大概)?[挣赚]|工资|收入|到手|每个?月(?![还供付])"
)
# Behind these something else is spoken of: 月入一万五,想贷20万.
_END = re.compile(r"[,，。;；!！?？]|想贷|要贷|贷|借")


def find_income(text: str) -> Span[int | None] | None:
    """The clause of ``text`` (normalised) about income, and what it comes to a month in fen;
    ``None`` as the value where it gives no sum."""
    found = _INCOME.search(text)
    if found is None:
        return None
    end = _END.search(text, found.start())
    clause = text[found.start() : end.start() if end else len(text)]
    sums = [each.value for each in find_money(clause) if each.value is not None]
    value = sums[0] if sums else None
    if value is not None and found["yearly"]:
        value = round(value / 12)
    return Span(found.start(), found.start() + len(clause), clause, value)
