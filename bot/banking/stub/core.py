"""The simulated bank's side of the ports."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.banking.errors import BankRefused
from bot.banking.models import Account, Card, Customer, Page, Receipt, Transaction
from bot.banking.stub.faults import Faults
from bot.banking.stub.ledger import balances
from bot.banking.stub.tables import accounts, cards, customers, operations, postings
from bot.banking.stub.tables import receipt_numbers as numbers
from bot.errors import NotFound
from bot.storage import Database
from bot.text.clock import SHANGHAI, Clock, shanghai

# Inside a class with a method of that name, `list` means the method.
_Accounts = list[Account]
_Cards = list[Card]


class StubCustomers:
    """Implements :class:`~bot.banking.ports.Customers`."""

    def __init__(self, db: Database, faults: Faults) -> None:
        self._db = db
        self._faults = faults

    def get(self, customer_id: str) -> Customer:
        return self._faults.run("customers.get", lambda: self._get(customer_id))

    def _get(self, customer_id: str) -> Customer:
        with self._db.read() as tx:
            row = tx.execute(select(customers).where(customers.c.id == customer_id)).first()
        if row is None:
            raise NotFound(f"没有客户 {customer_id}")
        return Customer(row.id, row.name, row.phone)


class StubAccounts:
    """Implements :class:`~bot.banking.ports.Accounts`."""

    def __init__(self, db: Database, faults: Faults, clock: Clock) -> None:
        self._db = db
        self._faults = faults
        self._clock = clock

    def list(self, customer_id: str) -> list[Account]:
        return self._faults.run("accounts.list", lambda: self._read(customer_id))

    def transactions(
        self, customer_id: str, account_id: str, first: date, last: date, limit: int
    ) -> Page:
        return self._faults.run(
            "accounts.transactions",
            lambda: self._transactions(customer_id, account_id, first, last, limit),
        )

    def unlock(self, customer_id: str, account_id: str, *, idempotency_key: str) -> Receipt:
        return self._faults.run(
            "accounts.unlock", lambda: self._unlock(customer_id, account_id, idempotency_key)
        )

    def _read(self, customer_id: str) -> _Accounts:
        with self._db.read() as tx:
            rows = tx.execute(
                select(accounts)
                .where(accounts.c.customer_id == customer_id)
                .order_by(accounts.c.id)
            ).all()
            totals = balances(tx, [row.id for row in rows])
        return [_account(row, totals[row.id]) for row in rows]

    def _transactions(
        self, customer_id: str, account_id: str, first: date, last: date, limit: int
    ) -> Page:
        begin = datetime.combine(first, time(), SHANGHAI)
        end = datetime.combine(last + timedelta(1), time(), SHANGHAI)
        with self._db.read() as tx:
            _own_account(tx, customer_id, account_id)
            rows = tx.execute(
                select(postings)
                .where(
                    postings.c.account_id == account_id,
                    postings.c.at >= begin,
                    postings.c.at < end,
                )
                .order_by(postings.c.at.desc(), postings.c.id.desc())
                .limit(limit + 1)
            ).all()
        items = tuple(Transaction(row.entry, row.at, row.summary, row.amount) for row in rows)
        return Page(items[:limit], len(items) > limit)

    def _unlock(self, customer_id: str, account_id: str, key: str) -> Receipt:
        now = self._clock()
        with self._db.begin() as tx:
            done = _done(tx, customer_id, key)
            if done is not None:
                return done
            row = _own_account(tx, customer_id, account_id)
            if row.status == "frozen":
                raise BankRefused(
                    "frozen", "这个账户被冻结，不是密码锁定，需要由人工客服核实后处理。"
                )
            if row.status != "locked":
                raise BankRefused("not_locked", "这个账户目前没有被锁定，可以正常使用。")
            tx.execute(update(accounts).where(accounts.c.id == account_id).values(status="normal"))
            return _record(tx, "UL", customer_id, "unlock", key, now)


class StubCards:
    """Implements :class:`~bot.banking.ports.Cards`."""

    def __init__(self, db: Database, faults: Faults, clock: Clock) -> None:
        self._db = db
        self._faults = faults
        self._clock = clock

    def list(self, customer_id: str) -> list[Card]:
        return self._faults.run("cards.list", lambda: self._read(customer_id))

    def report_loss(self, customer_id: str, card_id: str, *, idempotency_key: str) -> Receipt:
        return self._faults.run(
            "cards.report_loss", lambda: self._report_loss(customer_id, card_id, idempotency_key)
        )

    def _read(self, customer_id: str) -> _Cards:
        with self._db.read() as tx:
            rows = tx.execute(_cards_of(customer_id).order_by(cards.c.id)).all()
        return [
            Card(row.id, row.account_id, row.number, row.kind, row.status, row.loss_receipt)
            for row in rows
        ]

    def _report_loss(self, customer_id: str, card_id: str, key: str) -> Receipt:
        now = self._clock()
        with self._db.begin() as tx:
            done = _done(tx, customer_id, key)
            if done is not None:
                return done
            row = tx.execute(_cards_of(customer_id).where(cards.c.id == card_id)).first()
            if row is None:
                raise NotFound(f"没有卡 {card_id}")
            if row.status == "lost":
                raise BankRefused(
                    "already_lost", f"这张卡已经挂失（受理编号 {row.loss_receipt}），无需重复办理。"
                )
            receipt = _record(tx, "LR", customer_id, "report_loss", key, now)
            tx.execute(
                update(cards)
                .where(cards.c.id == card_id)
                .values(status="lost", loss_receipt=receipt.number)
            )
        return receipt


class StubOutcomes:
    """Implements :class:`~bot.banking.ports.Outcomes`."""

    def __init__(self, db: Database, faults: Faults) -> None:
        self._db = db
        self._faults = faults

    def of(self, customer_id: str, idempotency_key: str) -> Receipt | None:
        return self._faults.run("outcomes.of", lambda: self._of(customer_id, idempotency_key))

    def _of(self, customer_id: str, key: str) -> Receipt | None:
        with self._db.read() as tx:
            return _done(tx, customer_id, key)


def _account(row: Any, total: int) -> Account:
    available = row.credit_limit + total - row.frozen
    return Account(row.id, row.number, row.kind, row.status, total, available, row.frozen)


def _own_account(tx: Connection, customer_id: str, account_id: str) -> Any:
    row = tx.execute(
        select(accounts).where(accounts.c.id == account_id, accounts.c.customer_id == customer_id)
    ).first()
    if row is None:
        raise NotFound(f"没有账户 {account_id}")
    return row


def _cards_of(customer_id: str) -> Any:
    return select(cards).join(accounts).where(accounts.c.customer_id == customer_id)


def _done(tx: Connection, customer_id: str, key: str) -> Receipt | None:
    row = tx.execute(
        select(operations).where(
            operations.c.idempotency_key == key, operations.c.customer_id == customer_id
        )
    ).first()
    return None if row is None else Receipt(row.receipt, row.operation, row.at)


def _record(
    tx: Connection, prefix: str, customer_id: str, operation: str, key: str, now: datetime
) -> Receipt:
    series = prefix + shanghai(now).strftime("%Y%m%d")
    count = update(numbers).where(numbers.c.prefix == series).values(last=numbers.c.last + 1)
    if not tx.execute(count).rowcount:
        tx.execute(insert(numbers).values(prefix=series, last=1))
    last = tx.execute(select(numbers.c.last).where(numbers.c.prefix == series)).scalar_one()
    receipt = Receipt(f"{series}{last:06d}", operation, now)
    tx.execute(
        insert(operations).values(
            idempotency_key=key,
            customer_id=customer_id,
            operation=operation,
            receipt=receipt.number,
            at=now,
        )
    )
    return receipt
