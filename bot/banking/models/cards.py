"""Cards, their states, and the bill of a credit card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.banking.finance import InstalmentPlan
from bot.banking.models.accounts import Numbered
from bot.banking.models.base import require

# suspended: lost, for a few days; lost: lost for good; replaced: a new card took its place.
CardStatus = Literal["inactive", "normal", "suspended", "lost", "replaced"]
# lost: for good; expiring: by its date; returned: the new one came back from the customer's door.
ReplacementReason = Literal["lost", "damaged", "expiring", "returned"]
CARD_STATUS_NAMES: dict[str, str] = {
    "inactive": "未激活", "normal": "正常", "suspended": "临时挂失", "lost": "已挂失",
    "replaced": "已换卡",
}  # fmt: skip

# What may become of a card, and by which operation.
CARD_MOVES: dict[tuple[CardStatus, str], CardStatus] = {
    ("inactive", "activate_card"): "normal",
    ("inactive", "report_loss_formal"): "lost",
    ("normal", "report_loss"): "suspended",
    ("normal", "report_loss_formal"): "lost",
    ("suspended", "report_loss_formal"): "lost",
    ("suspended", "lift_loss"): "normal",
    ("lost", "order_replacement_lost"): "replaced",
    ("normal", "order_replacement_damaged"): "replaced",
    # The one in hand goes on until the new one is activated.
    ("normal", "order_replacement_expiring"): "normal",
    ("inactive", "order_replacement_returned"): "inactive",
    ("normal", "order_replacement_returned"): "normal",
}


@dataclass(frozen=True)
class Card(Numbered):
    """A card and the account it draws on; ``loss_receipt`` when it is reported lost, and
    ``loss_until`` when that is only for a while.

    ``expires_on`` is the last day on which it works, ``None`` where the bank does not tell;
    ``renewed_until`` that of the new card which was sent in its place and is not activated yet.
    """

    id: str
    account_id: str
    number: str
    kind: Literal["debit", "credit"]
    status: CardStatus
    loss_receipt: str | None = None
    loss_until: datetime | None = None
    expires_on: date | None = None
    renewed_until: date | None = None

    def __post_init__(self) -> None:
        require(bool(self.id), "a card without id")
        require(self.number.isdigit(), f"card {self.id}: its number is none")
        require(
            self.renewed_until is None or self.status == "normal",
            f"card {self.id}: renewed, though it is not in use",
        )

    @property
    def stopped(self) -> bool:
        """Whether it is reported lost, for a while or for good."""
        return self.status in ("suspended", "lost")


@dataclass(frozen=True)
class ReplacementTerms:
    """What a new card in place of ``card_id`` means: the registered ``address`` (masked) that it is
    sent to, its ``fee`` in fen, the day by which it arrives, whether it has the old number, and the
    last day on which it works, where the bank tells."""

    card_id: str
    address: str
    fee: int
    arrives_on: date
    same_number: bool
    valid_until: date | None = None

    def __post_init__(self) -> None:
        require(bool(self.address), f"replacement of {self.card_id}: sent to no address")
        require(self.fee >= 0, f"replacement of {self.card_id}: a negative fee")


# delivered: handed over, as the carrier says; returned: nobody took it, and the bank has it back.
DeliveryStatus = Literal["making", "under_way", "returned", "delivered"]


@dataclass(frozen=True)
class CardDelivery:
    """Where a new card is that is not activated yet.

    ``since`` is the day on which its ``status`` began, ``address`` (masked) where it goes;
    ``arrives_on`` the day by which it does, ``None`` where it no longer does. ``carrier`` and
    ``waybill`` are empty until it is sent.
    """

    card_id: str
    status: DeliveryStatus
    since: date
    address: str
    arrives_on: date | None = None
    carrier: str = ""
    waybill: str = ""

    def __post_init__(self) -> None:
        name = f"delivery of {self.card_id}"
        coming = self.status in ("making", "under_way")
        require(bool(self.address), f"{name}: sent to no address")
        require(coming == (self.arrives_on is not None), f"{name}: {self.status}, but arriving")
        require(bool(self.waybill) or self.status == "making", f"{name}: sent without waybill")


@dataclass(frozen=True)
class CardBill:
    """The latest statement of a credit card.

    ``balance`` is what it asked for, ``paid`` what came in since, ``due`` what is left of the
    balance and ``minimum_due`` of the minimum payment; ``unbilled`` is spent after it. ``owed``
    is both, what may be repaid now; ``instalments`` comes to later statements. All in fen and
    none negative; ``overdue`` once a due day, and the days of grace that the bank gives, have passed with its
    minimum unpaid.
    """

    card_id: str
    statement_on: date
    due_on: date
    balance: int
    minimum: int
    paid: int
    due: int
    minimum_due: int
    unbilled: int
    owed: int
    instalments: int
    overdue: bool

    def __post_init__(self) -> None:
        sums = (self.balance, self.minimum, self.paid, self.due, self.minimum_due, self.owed)
        require(min(sums) >= 0, f"bill of {self.card_id}: a negative amount")
        require(self.minimum <= self.balance, f"bill of {self.card_id}: minimum above balance")


@dataclass(frozen=True)
class CardStatement:
    """One statement of a credit card as it was made: ``balance`` and ``minimum`` are what it asked
    for, ``paid`` what came in for it before the next one. All in fen, none negative."""

    card_id: str
    statement_on: date
    due_on: date
    balance: int
    minimum: int
    paid: int

    def __post_init__(self) -> None:
        name = f"statement {self.statement_on} of {self.card_id}"
        require(0 <= self.minimum <= self.balance, f"{name}: minimum above balance")
        require(self.paid >= 0, f"{name}: a negative payment")


@dataclass(frozen=True)
class CreditLimit:
    """``total`` now in force, ``temporary`` the raised part of it until ``temporary_until``;
    ``raise_to`` is the highest limit the customer may raise it to for a while by themselves, for
    as many days as ``raise_days`` says (fewest, most). ``no_raise`` tells the customer why it
    cannot be raised now; empty where it can."""

    card_id: str
    total: int
    temporary: int
    temporary_until: date | None
    available: int
    cash: int
    raise_to: int
    raise_days: tuple[int, int]
    no_raise: str = ""


@dataclass(frozen=True)
class InstalmentOffer:
    """What may be paid in instalments: ``amount`` fen of the bill (``purchase_id`` ``None``) or
    of one purchase, and the plans to choose from for it."""

    card_id: str
    purchase_id: str | None
    amount: int
    plans: tuple[InstalmentPlan, ...]
