"""What ports take and give. Money is integer fen, time aware UTC, a day one of Shanghai's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

AccountKind = Literal["debit", "savings", "credit"]
AccountStatus = Literal["normal", "locked", "frozen"]
CardStatus = Literal["normal", "lost"]

KIND_NAMES: dict[str, str] = {"debit": "储蓄卡", "savings": "存款账户", "credit": "信用卡"}


@dataclass(frozen=True)
class Customer:
    """A customer of the bank; ``phone`` is where one-time codes go."""

    id: str
    name: str
    phone: str


@dataclass(frozen=True)
class Account:
    """An account. For a credit account ``balance`` is what is owed as a negative amount and
    ``available`` the credit left. ``locked``: too many wrong passwords; ``frozen``: by order."""

    id: str
    number: str
    kind: AccountKind
    status: AccountStatus
    balance: int
    available: int
    frozen: int

    @property
    def tail(self) -> str:
        return self.number[-4:]

    @property
    def label(self) -> str:
        """``储蓄卡 尾号8866``."""
        return f"{KIND_NAMES[self.kind]} 尾号{self.tail}"


@dataclass(frozen=True)
class Card:
    """A card and the account it draws on; ``loss_receipt`` when it is reported lost."""

    id: str
    account_id: str
    number: str
    kind: Literal["debit", "credit"]
    status: CardStatus
    loss_receipt: str | None = None

    @property
    def tail(self) -> str:
        return self.number[-4:]

    @property
    def label(self) -> str:
        """``信用卡 尾号5520``."""
        return f"{KIND_NAMES[self.kind]} 尾号{self.tail}"


@dataclass(frozen=True)
class Transaction:
    """One entry of an account; ``amount`` is negative when money leaves it."""

    id: str
    at: datetime
    summary: str
    amount: int


@dataclass(frozen=True)
class Page:
    """Transactions, newest first; ``more`` when the limit cut older ones off."""

    items: tuple[Transaction, ...]
    more: bool


@dataclass(frozen=True)
class Receipt:
    """Proof that an operation was done."""

    number: str
    operation: str
    at: datetime


@dataclass(frozen=True)
class Challenge:
    """A one-time code on its way: what it is verified by, to which phone (masked) it went, how
    many digits it has and for how many seconds it is good."""

    id: str
    phone: str
    length: int
    expires_in: int
