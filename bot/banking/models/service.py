"""Rewards, disputes and the assessment of risk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.banking.models.accounts import Transaction
from bot.banking.models.base import require

DisputeReason = Literal[
    "unknown", "duplicate", "wrong_amount", "not_received", "no_refund", "wrong_transfer"
]
REASON_NAMES: dict[str, str] = {
    "unknown": "非本人交易", "duplicate": "重复扣款", "wrong_amount": "金额不符",
    "not_received": "未收到商品或服务", "no_refund": "未收到退款", "wrong_transfer": "转错账户",
}  # fmt: skip
DisputeStatus = Literal["open", "resolved", "rejected"]
Verdict = Literal["pass", "warn", "hold"]


@dataclass(frozen=True)
class ExpiringPoints:
    """Points that are lost after the day ``on``."""

    on: date
    points: int


@dataclass(frozen=True)
class Points:
    """A customer's points, and those that expire within a year, soonest first."""

    balance: int
    expiring: tuple[ExpiringPoints, ...] = ()

    def __post_init__(self) -> None:
        require(self.balance >= 0, "a negative number of points")


@dataclass(frozen=True)
class Gift:
    """What points are redeemed for."""

    id: str
    name: str
    points: int
    stock: int

    def __post_init__(self) -> None:
        require(bool(self.id) and self.points > 0, "a gift without id or price")


@dataclass(frozen=True)
class Dispute:
    """A dispute about one transaction; decided by the end of the day ``due_on``."""

    number: str
    transaction: Transaction
    reason: DisputeReason
    status: DisputeStatus
    opened_at: datetime
    due_on: date
    remark: str = ""

    def __post_init__(self) -> None:
        require(bool(self.number), "a dispute without number")


@dataclass(frozen=True)
class RiskContext:
    """What the conversation knows beside the transfer: signals found in it (``fraud`` …) and
    what the customer said, normalised."""

    signals: frozenset[str] = frozenset()
    said: str = ""


@dataclass(frozen=True)
class Assessment:
    """``pass``; ``warn``: after the customer has read ``reason`` and confirmed again; ``hold``:
    not done, handed to risk control. ``rule`` is for programs, ``reason`` for the customer."""

    verdict: Verdict
    rule: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        require(self.verdict == "pass" or bool(self.reason), "a verdict without a reason")
