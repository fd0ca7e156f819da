"""Payments and transfers: what is read before money moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.banking.models.base import require

BillerKind = Literal["water", "electricity", "gas", "mobile", "broadband", "heating", "property"]
BILLER_NAMES: dict[str, str] = {
    "water": "水费", "electricity": "电费", "gas": "燃气费", "mobile": "手机充值",
    "broadband": "宽带费", "heating": "供暖费", "property": "物业费",
}  # fmt: skip
Speed = Literal["instant", "next_day"]
TransferStatus = Literal["arrived", "pending", "cancelled"]

# What may become of a transfer: one that arrived is nobody's to cancel.
TRANSFER_MOVES: dict[tuple[TransferStatus, str], TransferStatus] = {
    ("pending", "settle"): "arrived",
    ("pending", "cancel_transfer"): "cancelled",
}


@dataclass(frozen=True)
class Biller:
    """Who is paid; ``number_name`` is what its customers' numbers are called. ``prepaid`` when
    the customer chooses the amount (``amounts`` in fen, if only some are sold)."""

    id: str
    name: str
    kind: BillerKind
    number_name: str
    prepaid: bool = False
    amounts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        require(bool(self.id and self.name), "a biller without id or name")


@dataclass(frozen=True)
class AmountDue:
    """What a customer number owes: ``amount`` fen for ``period``, 0 when nothing is due or the
    biller is prepaid. ``owner`` is masked."""

    biller: Biller
    number: str
    owner: str
    amount: int
    period: str
    due_on: date | None

    def __post_init__(self) -> None:
        require(self.amount >= 0, f"a negative amount due for {self.biller.id}")


@dataclass(frozen=True)
class Payee:
    """A saved payee."""

    id: str
    name: str
    number: str
    bank: str
    saved_at: datetime
    last_used_at: datetime | None = None

    def __post_init__(self) -> None:
        require(bool(self.id and self.name and self.number), "a payee without name or number")

    @property
    def tail(self) -> str:
        return self.number[-4:]

    @property
    def label(self) -> str:
        """``李梅（工商银行 尾号 8821）``."""
        return f"{self.name}（{self.bank} 尾号 {self.tail}）"


@dataclass(frozen=True)
class Quote:
    """What a transfer would cost and when it would arrive."""

    fee: int
    arrives_at: datetime
    new_payee: bool

    def __post_init__(self) -> None:
        require(self.fee >= 0, "a negative fee")


@dataclass(frozen=True)
class TransferLimits:
    """What may be transferred from an account: the most at once, on one day, to a new payee at
    once, and what of the day's is used. All in fen."""

    single: int
    daily: int
    new_payee: int
    used: int

    @property
    def left(self) -> int:
        """What may still be transferred today."""
        return max(0, self.daily - self.used)


@dataclass(frozen=True)
class TransferRecord:
    """A transfer that was made; while ``pending`` it can be cancelled till ``arrives_at``."""

    number: str
    account_id: str
    payee_name: str
    payee_number: str
    payee_bank: str
    amount: int
    fee: int
    at: datetime
    arrives_at: datetime
    status: TransferStatus

    def __post_init__(self) -> None:
        require(bool(self.number) and self.amount > 0, "a transfer without number or amount")
