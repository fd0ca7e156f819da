"""How figures are written for customers: 11月23日, 3.10%, 20,500 分."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from bot.banking.models import yuan
from bot.text.clock import day, shanghai


def days(first: date, last: date, today: date) -> str:
    """``11月1日至11月23日``, or the one day."""
    if first == last:
        return day(first, today)
    return f"{day(first, today)}至{day(last, today)}"


def month(of: date, today: date) -> str:
    """``11月``; with its year where that is not this one."""
    return f"{'' if of.year == today.year else f'{of.year}年'}{of.month}月"


def moment(at: datetime, today: date) -> str:
    """``11月23日 15:04`` on Shanghai's clock."""
    local = shanghai(at)
    return f"{day(local.date(), today)} {local:%H:%M}"


def percent(rate: Decimal) -> str:
    """``0.031`` as ``3.10%``."""
    return f"{rate * 100:.2f}%"


def signed(fen: int) -> str:
    """``+¥12.00`` or ``-¥12.00``."""
    return f"{'+' if fen > 0 else ''}{yuan(fen)}"


def term(months: int) -> str:
    """``36 个月（3 年）``; whole years are said."""
    return f"{months} 个月" + (f"（{months // 12} 年）" if months % 12 == 0 else "")
