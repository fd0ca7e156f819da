"""The end of the day: interest, fees, instalments and transfers that have come due.

Booked when somebody next looks, dated when it was due, so that a simulated clock may jump by a
month. Every step is booked once: an account remembers up to which day it is closed, a transfer
that it has arrived.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.banking.billing import due_date, statement_dates
from bot.banking.finance import half_up, instalment_plan
from bot.banking.models import TransactionKind
from bot.banking.stub.business_tables import instalments, transfers
from bot.banking.stub.ledger import balance, entry_rows, instalment_account, post
from bot.banking.stub.rules import (
    CARD_DAILY_RATE,
    DEPOSIT_RATE,
    DEPOSIT_YEAR,
    GRACE_DAYS,
    INSTALMENT_FEES,
    INTEREST_DAY,
    LATE_FEE_SHARE,
    OWN_BANK,
    TOLERANCE,
)
from bot.banking.stub.statements import earlier, paid, start_of, statement
from bot.banking.stub.tables import accounts, postings
from bot.text.clock import shanghai


def is_behind(tx: Connection, customer_id: str, now: datetime) -> bool:
    """Whether :func:`bring_to_date` has anything to book."""
    today = shanghai(now).date()
    open_days = select(accounts.c.id).where(
        accounts.c.customer_id == customer_id, accounts.c.closed_to < today
    )
    return tx.execute(open_days.limit(1)).first() is not None or bool(_arrived(tx, now))


def bring_to_date(tx: Connection, customer_id: str, now: datetime) -> None:
    """Book everything of the customer's accounts, and every transfer, that is due by ``now``."""
    for row in _arrived(tx, now):
        _settle(tx, row)
    today = shanghai(now).date()
    rows = tx.execute(
        select(accounts).where(accounts.c.customer_id == customer_id, accounts.c.closed_to < today)
    ).all()
    for row in rows:
        close, due = (
            (_close_statement, row.statement_day)
            if row.kind == "credit"
            else (_pay_interest, INTEREST_DAY)
        )
        for day in _days(row.closed_to, today, due):
            close(tx, row, day)
        tx.execute(update(accounts).where(accounts.c.id == row.id).values(closed_to=today))


def _days(after: date, last: date, day_of_month: int) -> Iterator[date]:
    """The days of that number after ``after`` and not after ``last``."""
    months = (last.year - after.year) * 12 + last.month - after.month + 1
    for day in statement_dates(day_of_month, after.year, after.month, months):
        if after < day <= last:
            yield day


def _arrived(tx: Connection, now: datetime) -> list[Any]:
    here = select(transfers).where(transfers.c.status == "pending", transfers.c.arrives_at <= now)
    return list(tx.execute(here.order_by(transfers.c.arrives_at)).all())


def _settle(tx: Connection, row: Any) -> None:
    mine = transfers.c.number == row.number
    still = update(transfers).where(mine, transfers.c.status == "pending")
    if tx.execute(still.values(status="arrived")).rowcount:
        to = receiving_account(tx, row.payee_number, row.payee_bank)
        amounts = {"transit": -row.amount, to: row.amount}
        post(tx, entry_rows(row.arrives_at, "转账到账", amounts, counterparty=row.payee_name))


def receiving_account(tx: Connection, number: str, bank: str) -> str:
    """The account that a payee's number stands for: one of ours, or the rest of the world."""
    found = None
    if bank == OWN_BANK:
        found = tx.execute(select(accounts.c.id).where(accounts.c.number == number)).scalar()
    return found or "people"


def _pay_interest(tx: Connection, account: Any, day: date) -> None:
    if day.month % 3:
        return
    first = (day.replace(day=1) - timedelta(62)).replace(day=INTEREST_DAY)
    fen = half_up(DEPOSIT_RATE / DEPOSIT_YEAR * _day_sums(tx, account.id, first, day))
    if fen > 0:
        amounts = {"interest": -fen, account.id: fen}
        post(tx, entry_rows(start_of(day), "活期结息", amounts, "interest", OWN_BANK))


def _close_statement(tx: Connection, account: Any, day: date) -> None:
    """Book what belongs to the statement of ``day``, a second before that day begins."""
    at = start_of(day) - timedelta(seconds=1)
    _bill_instalments(tx, account.id, at)
    before = earlier(day)
    missing, in_time = _missing(tx, account.id, before)
    if not missing:
        return
    debt = -min(0, _day_sums(tx, account.id, before, day))
    if not _missing(tx, account.id, earlier(before))[0]:
        debt += _free_so_far(tx, account.id, earlier(before), before)
    short = max(0, statement(tx, account.id, before).minimum - in_time)
    charges: tuple[tuple[str, TransactionKind, str, int], ...] = (
        ("循环利息", "interest", "interest", half_up(CARD_DAILY_RATE * debt)),
        ("违约金", "fee", "fees", half_up(LATE_FEE_SHARE * short)),
    )
    for summary, kind, income, fen in charges:
        if fen > 0:
            amounts = {account.id: -fen, income: fen}
            post(tx, entry_rows(at, summary, amounts, kind, OWN_BANK))


def _missing(tx: Connection, account_id: str, on: date) -> tuple[bool, int]:
    """Whether a statement was not paid in full in time, and what came in for it in time."""
    until = start_of(due_date(on) + timedelta(GRACE_DAYS + 1))
    in_time = paid(tx, account_id, on, until)
    return in_time < -balance(tx, account_id, start_of(on)) - TOLERANCE, in_time


def _free_so_far(tx: Connection, account_id: str, first: date, until: date) -> int:
    """What the statement of ``until`` holds, each sum by its days till then: the days that were
    free of interest as long as it could still be paid in full. What came in has paid the oldest."""
    rows = tx.execute(
        select(postings.c.at, postings.c.amount)
        .where(
            postings.c.account_id == account_id,
            postings.c.amount < 0,
            postings.c.kind.not_in(("instalment", "interest", "fee")),
            postings.c.at >= start_of(first),
            postings.c.at < start_of(until),
        )
        .order_by(postings.c.at.desc())
    )
    owed, total = max(0, -balance(tx, account_id, start_of(until))), 0
    for row in rows:
        part = min(owed, -row.amount)
        owed -= part
        total += part * (until - shanghai(row.at).date()).days
    return total


def _bill_instalments(tx: Connection, account_id: str, at: datetime) -> None:
    here = select(instalments).where(
        instalments.c.account_id == account_id,
        instalments.c.billed < instalments.c.periods,
        instalments.c.taken_at < at,
    )
    for row in tx.execute(here).all():
        plan = instalment_plan(row.amount, row.periods, INSTALMENT_FEES[row.periods])
        payment = plan.payments[row.billed]
        name = f"分期第{payment.number}/{row.periods}期"
        held = instalment_account(account_id)
        principal = {account_id: -payment.principal, held: payment.principal}
        interest = {account_id: -payment.interest, "fees": payment.interest}
        post(tx, entry_rows(at, name, principal, "instalment", OWN_BANK))
        post(tx, entry_rows(at, f"{name}利息", interest, "instalment", OWN_BANK))
        mine = instalments.c.receipt == row.receipt
        tx.execute(update(instalments).where(mine).values(billed=payment.number))


def _day_sums(tx: Connection, account_id: str, first: date, until: date) -> int:
    """Closing balances of the days from ``first``, added up, ``until`` left out (积数)."""
    running, total, day = balance(tx, account_id, start_of(first)), 0, first
    rows = tx.execute(
        select(postings.c.at, postings.c.amount)
        .where(
            postings.c.account_id == account_id,
            postings.c.at >= start_of(first),
            postings.c.at < start_of(until),
        )
        .order_by(postings.c.at)
    ).all()
    for row in rows:
        booked = shanghai(row.at).date()
        total += running * (booked - day).days
        running, day = running + row.amount, booked
    return total + running * (until - day).days
