"""Customers and accounts of the simulated bank."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from bot.banking.errors import BankRefused
from bot.banking.models import (
    EVERYTHING,
    Account,
    AccountDetails,
    Customer,
    MonthSummary,
    Page,
    Receipt,
    Transaction,
    TransactionFilter,
    label_of,
)
from bot.banking.requests import FreezeAccount, UnfreezeAccount, UnlockAccount
from bot.banking.stub.access import own_account, sums, text
from bot.banking.stub.core import Core, Facts, Work
from bot.banking.stub.rules import CARD_DAILY_RATE, DEPOSIT_RATE
from bot.banking.stub.statements import start_of
from bot.banking.stub.tables import accounts, customers, postings
from bot.errors import Invalid, NotFound
from bot.text.calendar_math import month as month_of
from bot.text.clock import shanghai
from bot.text.masking import mask_card

# Inside a class with a method of that name, `list` means the method.
_Accounts = list[Account]
_Months = list[MonthSummary]


class StubCustomers:
    """Implements :class:`~bot.banking.ports.Customers`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def get(self, customer_id: str) -> Customer:
        return self._core.read("customers.get", customer_id, _customer)


def _customer(work: Work) -> Customer:
    row = work.tx.execute(select(customers).where(customers.c.id == work.customer_id)).first()
    if row is None:
        raise NotFound(f"没有客户 {work.customer_id}")
    return Customer(row.id, row.name, row.phone, row.id_number, row.tier)


class StubAccounts:
    """Implements :class:`~bot.banking.ports.Accounts`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(self, customer_id: str) -> _Accounts:
        return self._core.read("accounts.list", customer_id, _list)

    def details(self, customer_id: str, account_id: str) -> AccountDetails:
        return self._core.read(
            "accounts.details", customer_id, lambda work: _details(work, account_id)
        )

    def transactions(
        self,
        customer_id: str,
        account_id: str,
        first: date,
        last: date,
        limit: int,
        *,
        where: TransactionFilter = EVERYTHING,
        cursor: str | None = None,
    ) -> Page:
        def page(work: Work) -> Page:
            own_account(work, account_id)
            return find(work, [account_id], first, last, limit, where, cursor)

        return self._core.read("accounts.transactions", customer_id, page)

    def summary(self, customer_id: str, account_id: str, first: date, last: date) -> _Months:
        return self._core.read(
            "accounts.summary", customer_id, lambda work: _summary(work, account_id, first, last)
        )

    def unlock(self, customer_id: str, request: UnlockAccount, *, idempotency_key: str) -> Receipt:
        return self._core.change("accounts.unlock", customer_id, request, idempotency_key, _unlock)

    def freeze(self, customer_id: str, request: FreezeAccount, *, idempotency_key: str) -> Receipt:
        return self._core.change("accounts.freeze", customer_id, request, idempotency_key, _freeze)

    def unfreeze(
        self, customer_id: str, request: UnfreezeAccount, *, idempotency_key: str
    ) -> Receipt:
        return self._core.change(
            "accounts.unfreeze", customer_id, request, idempotency_key, _unfreeze
        )


def _list(work: Work) -> list[Account]:
    here = select(accounts).where(accounts.c.customer_id == work.customer_id)
    return [_account(work, row) for row in work.tx.execute(here.order_by(accounts.c.id)).all()]


def _account(work: Work, row: Any) -> Account:
    total, available = sums(work, row)
    return Account(row.id, row.number, row.kind, row.status, total, available, row.frozen)


def _details(work: Work, account_id: str) -> AccountDetails:
    row = own_account(work, account_id)
    rate = CARD_DAILY_RATE * 365 if row.kind == "credit" else DEPOSIT_RATE
    account = _account(work, row)
    return AccountDetails(account, mask_card(row.number), row.opened_on, row.branch, rate)


def find(
    work: Work,
    account_ids: list[str],
    first: date,
    last: date,
    limit: int,
    where: TransactionFilter,
    cursor: str | None = None,
) -> Page:
    """Entries of these accounts, which the caller has found to be the customer's own."""
    amount, kind = postings.c.amount, postings.c.kind
    wanted = [
        postings.c.account_id.in_(account_ids),
        postings.c.at >= start_of(first),
        postings.c.at < start_of(last + timedelta(1)),
    ]
    if where.kinds:
        wanted.append(kind.in_(sorted(where.kinds)))
    if where.direction is not None:
        wanted.append(amount > 0 if where.direction == "in" else amount < 0)
    if where.least is not None:
        wanted.append(func.abs(amount) >= where.least)
    if where.most is not None:
        wanted.append(func.abs(amount) <= where.most)
    if where.words:
        both = postings.c.summary + " " + postings.c.counterparty
        wanted.append(both.contains(where.words, autoescape=True))
    if cursor is not None:
        wanted.append(_after(work, cursor))
    newest = (postings.c.at.desc(), postings.c.id.desc())
    query = select(postings).where(*wanted).order_by(*newest).limit(limit + 1)
    rows = work.tx.execute(query).all()
    more = len(rows) > limit
    shown = rows[:limit]
    items = tuple(transaction(row) for row in shown)
    return Page(items, more, str(shown[-1].id) if more else None)


def _after(work: Work, cursor: str) -> Any:
    if not cursor.isdigit():
        raise Invalid(f"cursor {cursor!r} is none: use the one of the page before")
    last = work.tx.execute(select(postings.c.at).where(postings.c.id == int(cursor))).scalar()
    if last is None:
        raise Invalid(f"cursor {cursor!r} is of no page: ask for the first page again")
    here = and_(postings.c.at == last, postings.c.id < int(cursor))
    return or_(postings.c.at < last, here)


def transaction(row: Any) -> Transaction:
    """A posting as its account's holder sees it."""
    return Transaction(
        row.entry, row.at, row.summary, row.amount, row.kind, row.counterparty, row.account_id
    )


def _summary(work: Work, account_id: str, first: date, last: date) -> list[MonthSummary]:
    own_account(work, account_id)
    rows = work.tx.execute(
        select(postings.c.at, postings.c.amount, postings.c.kind).where(
            postings.c.account_id == account_id,
            postings.c.at >= start_of(first.replace(day=1)),
            postings.c.at < start_of(_next_month(last)),
        )
    ).all()
    months, month = [], first.replace(day=1)
    while month <= last:
        here = [row for row in rows if shanghai(row.at).date().replace(day=1) == month]
        out: Counter[str] = Counter()
        for row in here:
            if row.amount < 0:
                out[row.kind] -= row.amount
        income = sum(row.amount for row in here if row.amount > 0)
        months.append(MonthSummary(month, income, sum(out.values()), len(here), dict(out)))
        month = _next_month(month)
    return months


def _next_month(day: date) -> date:
    return month_of(day.year, day.month + 1)[0]


def _unlock(work: Work, request: UnlockAccount) -> Facts:
    row = own_account(work, request.account_id)
    if row.status == "frozen":
        raise BankRefused("frozen", "这个账户被冻结，不是密码锁定，需要由人工客服核实后处理。")
    if row.status != "locked":
        raise BankRefused("not_locked", "这个账户目前没有被锁定，可以正常使用。")
    return _become(work, row, "normal")


def _freeze(work: Work, request: FreezeAccount) -> Facts:
    row = own_account(work, request.account_id)
    if row.kind == "credit":
        raise BankRefused("not_possible", "信用卡账户请办理挂失，即刻停止支付。")
    if row.status in ("paused", "frozen"):
        raise BankRefused("already_frozen", "这个账户已经停止支付，无需重复办理。")
    if row.status == "locked":  # lifting the freeze would open it without the password
        raise BankRefused(
            "already_stopped", "这个账户因密码多次输错已被锁定，钱转不出去，无需再冻结。"
        )
    return _become(work, row, "paused")


def _unfreeze(work: Work, request: UnfreezeAccount) -> Facts:
    row = own_account(work, request.account_id)
    if row.status == "frozen":
        raise BankRefused("frozen", "这个账户已被冻结，不能自助解除，需要由人工客服核实后处理。")
    if row.status != "paused":
        raise BankRefused("not_frozen", "这个账户没有临时冻结，可以正常使用。")
    return _become(work, row, "normal")


def _become(work: Work, row: Any, status: str) -> Facts:
    work.tx.execute(update(accounts).where(accounts.c.id == row.id).values(status=status))
    return (text("账户", label_of(row)),)
