"""What every line of business shares: customers, receipts and the facts they show.

Money is integer fen, time aware UTC, a day one of Shanghai's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from bot.banking.errors import BankBadAnswer
from bot.banking.identity_numbers import is_identity_number
from bot.text.clock import shanghai
from bot.text.masking import mask_phone

# How the bank ranks its customers, by the names of the human queue's routes.
CustomerTier = Literal["standard", "vip"]
FactKind = Literal["text", "money", "time", "day", "count", "phone"]

RESIDENT_PLACES = 18


def require(true: bool, what: str) -> None:
    """Guard of a result's own truth.

    Raises:
        BankBadAnswer: the bank's system answered something that cannot be.
    """
    if not true:
        raise BankBadAnswer(f"the bank answered what cannot be true: {what}")


@dataclass(frozen=True)
class Customer:
    """A customer of the bank.

    Attributes:
        phone: where one-time codes go.
        id_number: of their identity document, whole; empty where the bank does not give it away.
            Eighteen places are a resident identity number, of which the last checks the others.
        tier: how the bank ranks them, which decides who serves them and how soon.
    """

    id: str
    name: str
    phone: str
    id_number: str = ""
    tier: CustomerTier = "standard"

    def __post_init__(self) -> None:
        require(bool(self.id and self.name), "a customer without id or name")
        require(self.tier in get_args(CustomerTier), f"a customer of tier {self.tier!r}")
        whole = len(self.id_number) != RESIDENT_PLACES or is_identity_number(self.id_number)
        require(whole, "an identity number whose last place does not fit the others")


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
