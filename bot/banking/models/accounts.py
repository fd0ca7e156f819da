"""Accounts and what moved on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from bot.banking.models.base import require

AccountKind = Literal["debit", "savings", "credit"]
# locked: wrong passwords; frozen: by order, only a person may lift it; paused: by the customer.
AccountStatus = Literal["normal", "locked", "frozen", "paused"]
TransactionKind = Literal[
    "opening",
    "salary",
    "purchase",
    "transfer",
    "payment",
    "repayment",
    "instalment",
    "interest",
    "fee",
    "refund",
    "cash",
]

KIND_NAMES: dict[str, str] = {"debit": "储蓄卡", "savings": "存款账户", "credit": "信用卡"}
TRANSACTION_NAMES: dict[str, str] = {
    "opening": "期初", "salary": "工资", "purchase": "消费", "transfer": "转账", "payment": "缴费",
    "repayment": "还款", "instalment": "分期", "interest": "利息", "fee": "费用", "refund": "退款", "cash": "取现",
}  # fmt: skip


def label_of(held: Any) -> str:
    """``储蓄卡 尾号 8866`` of whatever has a ``kind`` and a ``number``."""
    return f"{KIND_NAMES[held.kind]} 尾号 {held.number[-4:]}"


class Numbered:
    """What an account and a card are called by."""

    number: str
    kind: str

    @property
    def tail(self) -> str:
        return self.number[-4:]

    @property
    def label(self) -> str:
        """``储蓄卡 尾号 8866``."""
        return label_of(self)


@dataclass(frozen=True)
class Account(Numbered):
    """An account. For a credit account ``balance`` is what is owed as a negative amount and
    ``available`` the credit left. ``frozen`` is the part of the balance that may not be used."""

    id: str
    number: str
    kind: AccountKind
    status: AccountStatus
    balance: int
    available: int
    frozen: int

    def __post_init__(self) -> None:
        require(bool(self.id), "an account without id")
        require(self.number.isdigit(), f"account {self.id}: its number is none")
        require(self.frozen >= 0, f"account {self.id}: a negative sum is frozen")


@dataclass(frozen=True)
class AccountDetails:
    """What may be told of an account; ``masked`` is its number with the middle hidden and
    ``annual_rate`` the interest on deposits, or the daily rate of credit times 365."""

    account: Account
    masked: str
    opened_on: date
    branch: str
    annual_rate: Decimal


@dataclass(frozen=True)
class Transaction:
    """One entry of an account; ``amount`` is negative when money leaves it."""

    id: str
    at: datetime
    summary: str
    amount: int
    kind: TransactionKind = "purchase"
    counterparty: str = ""
    account_id: str = ""

    def __post_init__(self) -> None:
        require(bool(self.id) and self.amount != 0, "a transaction without id or amount")


@dataclass(frozen=True)
class TransactionFilter:
    """Which transactions are wanted; all bounds are included, amounts without sign in fen."""

    kinds: frozenset[TransactionKind] = frozenset()
    direction: Literal["in", "out"] | None = None
    least: int | None = None
    most: int | None = None
    words: str = ""


EVERYTHING = TransactionFilter()


@dataclass(frozen=True)
class Page:
    """Transactions, newest first; ``more`` when the limit cut older ones off, and then
    ``cursor`` asks for the next page."""

    items: tuple[Transaction, ...]
    more: bool
    cursor: str | None = None


@dataclass(frozen=True)
class MonthSummary:
    """One calendar month of an account: what came in, what went out (both positive), how often,
    and what went out by kind."""

    month: date
    income: int
    spending: int
    count: int
    by_kind: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(self.income >= 0 and self.spending >= 0, f"summary of {self.month}: negative")
