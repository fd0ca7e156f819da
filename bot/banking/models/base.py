"""What every line of business shares: customers, receipts and the facts they show.

Money is integer fen, time aware UTC, a day one of Shanghai's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.banking.errors import BankBadAnswer
from bot.text.clock import shanghai
from bot.text.masking import mask_phone

FactKind = Literal["text", "money", "time", "day", "count", "phone"]


def require(true: bool, what: str) -> None:
    """Guard of a result's own truth.

    Raises:
        BankBadAnswer: the bank's system answered something that cannot be.
    """
    if not true:
        raise BankBadAnswer(f"the bank answered what cannot be true: {what}")


@dataclass(frozen=True)
class Customer:
    """A customer of the bank; ``phone`` is where one-time codes go."""

    id: str
    name: str
    phone: str

    def __post_init__(self) -> None:
        require(bool(self.id and self.name), "a customer without id or name")


@dataclass(frozen=True)
class Fact:
    """One line of a receipt: a label (Chinese) and its value.

    ``kind`` says what the value is: ``money`` integer fen, ``time`` an ISO 8601 UTC time,
    ``day`` an ISO day, ``count`` a whole number, ``phone`` a whole phone number,
    ``text`` as it stands (masked already).
    """

    label: str
    value: str | int
    kind: FactKind = "text"

    @property
    def text(self) -> str:
        """As a customer reads it: ``¥3,500.00``, ``11月23日 15:04``, ``11月23日``, ``1,000``,
        ``138****5678``."""
        if self.kind == "money":
            return yuan(int(self.value))
        if self.kind == "time":
            at = shanghai(datetime.fromisoformat(str(self.value)))
            return f"{at.month}月{at.day}日 {at:%H:%M}"
        if self.kind == "day":
            day = date.fromisoformat(str(self.value))
            return f"{day.month}月{day.day}日"
        if self.kind == "count":
            return f"{int(self.value):,}"
        if self.kind == "phone":
            return mask_phone(str(self.value))
        return str(self.value)


def yuan(fen: int) -> str:
    """``-123456`` as ``-¥1,234.56``."""
    return f"{'-' if fen < 0 else ''}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


@dataclass(frozen=True)
class Receipt:
    """Proof that an operation was done, with the facts that a receipt card shows."""

    number: str
    operation: str
    at: datetime
    facts: tuple[Fact, ...] = ()

    def __post_init__(self) -> None:
        require(bool(self.number and self.operation), "a receipt without number or operation")
        require(self.at.tzinfo is not None, f"receipt {self.number} of an unknown time zone")

    def fact(self, label: str) -> Fact | None:
        """The fact with this label, if the receipt has it."""
        return next((fact for fact in self.facts if fact.label == label), None)


@dataclass(frozen=True)
class Challenge:
    """A one-time code on its way: what it is verified by, to which phone (masked) it went, how
    many digits it has and for how many seconds it is good."""

    id: str
    phone: str
    length: int
    expires_in: int
