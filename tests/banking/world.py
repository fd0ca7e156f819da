"""A bank in memory, customers who do random things at it, and the books they are checked by."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from bot.banking.audit import AuditTrail
from bot.banking.doubts import Doubt
from bot.banking.errors import BankRefused, BankUnavailable
from bot.banking.models import Assessment, Challenge, Receipt
from bot.banking.operations import Operations
from bot.banking.requests import Request
from bot.banking.stub import make_bank, rules, seed_demo
from bot.banking.stub.business_tables import gifts, points, transfers
from bot.banking.stub.faults import Faults
from bot.banking.stub.ledger import out_of_balance
from bot.banking.stub.tables import accounts, operations, postings
from bot.errors import NotFound
from bot.storage import Database
from bot.storage.migrate import upgrade
from bot.text.clock import shanghai
from tests.conftest import Hands

HISTORY_DAYS = 100


class AnyCode:
    """One-time codes that always fit; codes themselves are tested elsewhere."""

    def send(self, *_: Any, **__: Any) -> Challenge:
        return Challenge("any", "138****0000", 6, 300)

    def verify(self, *_: Any) -> None:
        return None


class NoRisk:
    """Lets every transfer through, so that the bank's own limits are reached."""

    def assess(self, *_: Any) -> Assessment:
        return Assessment("pass")


@lru_cache(maxsize=1)
def template() -> sqlite3.Connection:
    """A seeded bank that every sequence begins with a copy of."""
    database = Database("sqlite://")
    upgrade(database)
    seed_demo(database, Hands(), days=HISTORY_DAYS)
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    _raw(database).backup(kept)
    return kept


def _raw(database: Database) -> Any:
    return database.engine.raw_connection().connection


@dataclass
class World:
    """One bank and what was asked of it so far."""

    db: Database = field(default_factory=lambda: Database("sqlite://"))
    clock: Hands = field(default_factory=Hands)
    # (customer, key) to the request, and to the receipt that the caller was given.
    asked: dict[tuple[str, str], Request] = field(default_factory=dict)
    given: dict[tuple[str, str], Receipt] = field(default_factory=dict)
    # What was told, after the bank had left it unanswered, not to have been done.
    not_done: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        template().backup(_raw(self.db))
        bank = make_bank(self.db, b"secret", self.clock, sleep=lambda _seconds: None)
        self.bank = replace(bank, codes=AnyCode(), risk=NoRisk())
        self.operations = Operations(self.db, self.bank, self.clock)
        self.faults = Faults(self.db)
        with self.db.read() as tx:
            self.first_posting = tx.execute(select(func.max(postings.c.id))).scalar_one()
            self.points_before = tx.execute(select(func.sum(points.c.left))).scalar_one()
            self.stock_before = tx.execute(select(func.sum(gifts.c.stock))).scalar_one()

    def ask(self, customer: str, request: Request, key: str) -> Receipt | Exception:
        """What came of it; the same key with the same request must never come to anything else."""
        self.asked[customer, key] = request
        self.not_done.discard((customer, key))
        try:
            receipt = self.operations.carry_out(
                customer, request, key=key, challenge="any", code="000000", warned=True
            )
        except (BankRefused, BankUnavailable, NotFound) as error:
            return error
        assert self.given.setdefault((customer, key), receipt) == receipt
        return receipt

    def found(self, doubt: Doubt, receipt: Receipt | None) -> None:
        """What the bank said of an operation that it had left unanswered."""
        which = doubt.customer_id, doubt.key
        if receipt is None:
            self.not_done.add(which)
        else:
            assert self.given.setdefault(which, receipt) == receipt

    def close(self) -> None:
        self.db.dispose()

    # What must hold when the dust has settled.

    def check(self) -> None:
        self.faults.clear()
        with self.db.read() as tx:
            assert out_of_balance(tx) == []
            self._nothing_twice(tx)
            self._limits(tx)
            self._no_overdraft(tx)
        for (customer, key), receipt in self.given.items():
            assert self.bank.outcomes.of(customer, key) == receipt
        for customer, key in self.not_done:
            assert self.bank.outcomes.of(customer, key) is None
        self._only_ones_own()
        assert AuditTrail(self.db, self.clock).first_broken() is None

    def _only_ones_own(self) -> None:
        """What the bank lists for a customer is that customer's, and what they themselves did."""
        for customer in {customer for customer, _ in self.asked}:
            accounts = {each.id for each in self.bank.accounts.list(customer)}
            assert all(id_.startswith(f"{customer}-") for id_ in accounts)
            cards = self.bank.cards.list(customer)
            assert {each.account_id for each in cards} <= accounts
            records = self.bank.transfers.records(customer, 100)
            assert {each.account_id for each in records} <= accounts
            mine = {r.number for (who, _), r in self.given.items() if who == customer}
            others = {r.number for (who, _), r in self.given.items() if who != customer}
            assert not {each.number for each in records} & (others - mine)

    def _nothing_twice(self, tx: Any) -> None:
        """What the books moved is what the operations done say, no more and no less."""
        rows = tx.execute(select(operations)).all()
        assert {(row.customer_id, row.idempotency_key) for row in rows} <= set(self.asked)
        done = defaultdict(list)
        for row in rows:
            assert row.operation == self.asked[row.customer_id, row.idempotency_key].operation
            done[row.operation].append(self.asked[row.customer_id, row.idempotency_key])
        sums = {
            "转账": [r.amount for r in done["transfer"]],  # type: ignore[attr-defined]
            "信用卡还款": [r.amount for r in done["repay_card"]],  # type: ignore[attr-defined]
        }
        for summary, amounts in sums.items():
            assert sorted(self._moved(tx, postings.c.summary == summary)) == sorted(amounts)
        bills = [r.amount for r in done["pay_bill"]]  # type: ignore[attr-defined]
        assert sorted(self._moved(tx, postings.c.kind == "payment")) == sorted(bills)
        refunds = len(self._moved(tx, postings.c.summary == "转账撤销退回"))
        assert refunds == len(done["cancel_transfer"])
        used = sum(f["value"] for r in rows for f in r.facts if f["label"] == "使用积分")
        left = tx.execute(select(func.sum(points.c.left))).scalar_one()
        assert left == self.points_before - used
        stock = tx.execute(select(func.sum(gifts.c.stock))).scalar_one()
        assert stock == self.stock_before - sum(r.count for r in done["redeem_points"])  # type: ignore[attr-defined]

    def _moved(self, tx: Any, which: Any) -> list[int]:
        out = postings.c.amount < 0
        rows = tx.execute(
            select(postings.c.amount).where(which, out, postings.c.id > self.first_posting)
        )
        return [-fen for fen in rows.scalars()]

    def _limits(self, tx: Any) -> None:
        used: dict[Any, int] = defaultdict(int)
        for row in tx.execute(select(transfers).where(transfers.c.status != "cancelled")):
            assert 0 < row.amount <= rules.TRANSFER_SINGLE
            used[row.account_id, shanghai(row.at).date()] += row.amount
        assert all(sum_ <= rules.TRANSFER_DAILY for sum_ in used.values())
        for row in tx.execute(select(accounts).where(accounts.c.raised_limit.isnot(None))):
            assert row.raised_limit <= row.credit_limit * rules.RAISE_SHARE
        assert not tx.execute(select(points).where(points.c.left < 0)).first()
        assert not tx.execute(select(gifts).where(gifts.c.stock < 0)).first()

    def _no_overdraft(self, tx: Any) -> None:
        """No deposit account ever went below what is frozen on it."""
        deposits = tx.execute(select(accounts).where(accounts.c.kind.in_(("debit", "savings"))))
        for account in deposits.all():
            mine = postings.c.account_id == account.id
            balance = 0
            for fen in tx.execute(
                select(postings.c.amount).where(mine).order_by(postings.c.id)
            ).scalars():
                balance += fen
                assert balance >= 0
            assert balance >= account.frozen
