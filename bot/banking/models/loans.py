"""Loans: products, applications that can be left and resumed, and loans that run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from bot.banking.finance import Payment
from bot.banking.models.base import require

Method = Literal["equal_instalments", "equal_principal"]
METHOD_NAMES: dict[str, str] = {"equal_instalments": "等额本息", "equal_principal": "等额本金"}
ApplicationStatus = Literal[
    "draft", "reviewing", "missing_materials", "approved", "declined", "withdrawn"
]
APPLICATION_NAMES: dict[str, str] = {
    "draft": "填写中", "reviewing": "审核中", "missing_materials": "待补材料",
    "approved": "已批准", "declined": "未通过", "withdrawn": "已撤回",
}  # fmt: skip

# Decisions (approved, declined, a material refused) are a person's at the bank, never ours. What is
# submitted waits in `missing_materials` until every material is there, and then goes to be reviewed.
APPLICATION_MOVES: dict[tuple[ApplicationStatus, str], ApplicationStatus] = {
    ("draft", "save_application"): "draft",
    ("draft", "add_material"): "draft",
    ("draft", "submit_application"): "reviewing",
    ("draft", "withdraw_application"): "withdrawn",
    ("missing_materials", "add_material"): "reviewing",
    ("missing_materials", "withdraw_application"): "withdrawn",
    ("reviewing", "withdraw_application"): "withdrawn",
}


@dataclass(frozen=True)
class Material:
    """A paper that a product asks for."""

    kind: str
    name: str
    needed: bool = True


@dataclass(frozen=True)
class LoanProduct:
    """What may be applied for; amounts in fen, terms in months, the rate a year."""

    id: str
    name: str
    least: int
    most: int
    terms: tuple[int, ...]
    annual_rate: Decimal
    methods: tuple[Method, ...]
    materials: tuple[Material, ...]

    def __post_init__(self) -> None:
        require(0 < self.least <= self.most, f"product {self.id}: amounts")
        require(0 <= self.annual_rate < 1, f"product {self.id}: rate {self.annual_rate}")


@dataclass(frozen=True)
class MaterialState:
    """A material of an application: ``reference`` of the upload if it is there, ``problem`` if
    the bank could not accept it (Chinese)."""

    kind: str
    name: str
    needed: bool
    reference: str | None = None
    problem: str | None = None

    @property
    def missing(self) -> bool:
        """Whether the customer still has to bring it."""
        return self.problem is not None or (self.needed and self.reference is None)


@dataclass(frozen=True)
class LoanApplication:
    """An application; a field not filled in yet is ``None``. ``amount`` and monthly ``income`` are
    fen; ``credit_consent``: the customer allows the bank to query the credit report for it."""

    number: str
    product_id: str
    status: ApplicationStatus
    amount: int | None
    months: int | None
    method: Method | None
    purpose: str | None
    materials: tuple[MaterialState, ...]
    created_at: datetime
    updated_at: datetime
    remark: str = ""
    income: int | None = None
    credit_consent: bool = False

    def __post_init__(self) -> None:
        require(bool(self.number and self.product_id), "an application without number or product")

    @property
    def missing(self) -> tuple[MaterialState, ...]:
        """Materials that the customer still has to bring."""
        return tuple(material for material in self.materials if material.missing)

    @property
    def unfilled(self) -> tuple[str, ...]:
        """Names of the fields still to be filled in, in the order they are asked."""
        fields = ("amount", "months", "method", "purpose", "income", "credit_consent")
        # An income of 0 is one.
        values = ((name, getattr(self, name)) for name in fields)
        return tuple(name for name, value in values if value is None or value is False)


@dataclass(frozen=True)
class LoanPayment:
    """One payment of a running loan."""

    due_on: date
    payment: Payment
    paid: bool


@dataclass(frozen=True)
class Loan:
    """A running loan; ``balance`` is the principal still owed, in fen."""

    number: str
    product_name: str
    principal: int
    balance: int
    annual_rate: Decimal
    months: int
    method: Method
    started_on: date
    schedule: tuple[LoanPayment, ...]

    def __post_init__(self) -> None:
        require(0 <= self.balance <= self.principal, f"loan {self.number}: balance")

    @property
    def next(self) -> LoanPayment | None:
        """The payment that is due next."""
        return next((each for each in self.schedule if not each.paid), None)
