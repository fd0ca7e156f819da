"""Credit-card statements, read off the ledger: nothing about them is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.banking.billing import due_date, minimum_payment
from bot.banking.stub.ledger import balance
from bot.banking.stub.tables import postings
from bot.text.calendar_math import in_month, months_before
from bot.text.clock import SHANGHAI

# What counts as paying a statement; what was spent meanwhile does not undo it.
PAYING = ("repayment", "refund")


@dataclass(frozen=True)
class Statement:
    """What a statement asked for, in fen; it covers what was booked before its day began."""

    on: date
    balance: int
    minimum: int

    @property
    def due_on(self) -> date:
        return due_date(self.on)


def start_of(day: date) -> datetime:
    """The first moment of a Shanghai day."""
    return datetime.combine(day, time(), SHANGHAI)


def latest_statement_day(today: date, day_of_month: int) -> date:
    """The last statement day that is not after ``today``."""
    this = today.replace(day=day_of_month)
    return this if this <= today else earlier(this)


def earlier(statement_on: date) -> date:
    """The statement day of the month before."""
    return months_before(statement_on, 1)


def later(statement_on: date) -> date:
    """The statement day of the month after."""
    return in_month(statement_on.year, statement_on.month + 1, statement_on.day)


def statement(tx: Connection, account_id: str, on: date) -> Statement:
    """The statement of day ``on``; its minimum takes in what the one before was short of."""
    before = _plain(tx, account_id, earlier(on), 0)
    short = max(0, before.minimum - paid(tx, account_id, before.on, start_of(on)))
    return _plain(tx, account_id, on, short)


def paid(tx: Connection, account_id: str, statement_on: date, until: datetime) -> int:
    """What came in for a statement before ``until``."""
    return _sum(tx, account_id, start_of(statement_on), until, PAYING)


def _plain(tx: Connection, account_id: str, on: date, overdue_minimum: int) -> Statement:
    owed = max(0, -balance(tx, account_id, start_of(on)))
    instalments = -_sum(tx, account_id, start_of(earlier(on)), start_of(on), ("instalment",), -1)
    in_full = min(instalments, owed)
    minimum = minimum_payment(owed, 0, in_full, min(overdue_minimum, owed - in_full))
    return Statement(on, owed, minimum)


def _sum(
    tx: Connection,
    account_id: str,
    first: datetime,
    until: datetime,
    kinds: tuple[str, ...],
    sign: int = 1,
) -> int:
    total = tx.execute(
        select(func.sum(postings.c.amount)).where(
            postings.c.account_id == account_id,
            postings.c.kind.in_(kinds),
            postings.c.amount * sign > 0,
            postings.c.at >= first,
            postings.c.at < until,
        )
    ).scalar()
    return int(total or 0)
