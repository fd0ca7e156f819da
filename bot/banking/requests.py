"""What a customer may ask a bank to change: one frozen request an operation.

All fields of a request are bound into the one-time code that confirms it, so a code for one
amount or payee is worth nothing for another. In the audit trail a field is masked as running text
is; one marked :data:`PRIVATE` as a name, one marked :data:`PLAIN` not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from bot.banking.models import DisputeReason, Method, ReplacementReason, Speed
from bot.errors import Invalid
from bot.text.masking import mask_name, mask_text

PRIVATE: dict[str, Any] = {"mask": mask_name}
# Numbers of our own making, which an auditor must be able to follow.
PLAIN: dict[str, Any] = {"mask": str}


@dataclass(frozen=True)
class Request:
    """Base of all. ``operation`` is its name for programs, ``title`` for people.

    ``needs_code``: only with a one-time code; what merely protects the customer needs none.
    ``kept_when_down``: kept and retried while the bank does not answer.
    ``pays_others``: money goes to somebody else, so risk control is asked.
    """

    operation: ClassVar[str]
    title: ClassVar[str]
    needs_code: ClassVar[bool] = True
    kept_when_down: ClassVar[bool] = False
    pays_others: ClassVar[bool] = False

    def __post_init__(self) -> None:
        for name in ("amount", "count", "periods", "months", "points"):
            value = getattr(self, name, None)
            if value is not None and value <= 0:
                raise Invalid(f"{self.operation}: {name} {value} must be above 0")

    def facts(self) -> dict[str, str]:
        """Every field as text: what a one-time code is bound to."""
        return {each.name: str(getattr(self, each.name)) for each in fields(self)}

    def masked(self) -> dict[str, str]:
        """The facts as the audit trail may keep them."""
        masks = {each.name: each.metadata.get("mask", mask_text) for each in fields(self)}
        return {name: masks[name](value) for name, value in self.facts().items()}


@dataclass(frozen=True)
class UnlockAccount(Request):
    operation, title = "unlock", "账户解锁"
    account_id: str


@dataclass(frozen=True)
class FreezeAccount(Request):
    """Stops all payments of an account for a while (临时冻结); lifted by the customer."""

    operation, title = "freeze_account", "账户临时冻结"
    needs_code, kept_when_down = False, True
    account_id: str


@dataclass(frozen=True)
class UnfreezeAccount(Request):
    operation, title = "unfreeze_account", "解除临时冻结"
    account_id: str


@dataclass(frozen=True)
class ReportLoss(Request):
    """``formal``: for good, a new card follows; otherwise for a few days."""

    operation, title = "report_loss", "银行卡挂失"
    kept_when_down = True
    card_id: str
    formal: bool = False


@dataclass(frozen=True)
class LiftLoss(Request):
    operation, title = "lift_loss", "解除临时挂失"
    card_id: str


@dataclass(frozen=True)
class OrderReplacement(Request):
    """A new card for one reported lost for good or, for another reason, for one still in hand;
    ``returned``: once more the new one, which could not be handed over."""

    operation, title = "order_replacement", "补办新卡"
    card_id: str
    reason: ReplacementReason = "lost"


@dataclass(frozen=True)
class ActivateCard(Request):
    operation, title = "activate_card", "银行卡激活"
    card_id: str


@dataclass(frozen=True)
class RepayCard(Request):
    """Pay ``amount`` fen of a credit card's debt from an own account."""

    operation, title = "repay_card", "信用卡还款"
    card_id: str
    account_id: str
    amount: int


@dataclass(frozen=True)
class RaiseLimit(Request):
    """Raise a credit card's whole limit to ``amount`` fen for ``days`` days."""

    operation, title = "raise_limit", "信用卡临时提额"
    card_id: str
    amount: int
    days: int


@dataclass(frozen=True)
class TakeInstalments(Request):
    """Pay ``amount`` fen of the bill, or of one purchase, in ``periods`` months.

    ``interest`` is all of it that the customer has agreed to, fen.
    """

    operation, title = "take_instalments", "信用卡分期"
    card_id: str
    amount: int
    periods: int
    purchase_id: str | None = field(default=None, metadata=PLAIN)
    interest: int | None = None


@dataclass(frozen=True)
class PayBill(Request):
    operation, title = "pay_bill", "生活缴费"
    pays_others = True
    account_id: str
    biller_id: str
    number: str
    amount: int


@dataclass(frozen=True)
class Transfer(Request):
    """``amount`` fen from an own account to ``payee_number`` at ``payee_bank``."""

    operation, title = "transfer", "转账"
    pays_others = True
    account_id: str
    payee_name: str = field(metadata=PRIVATE)
    payee_number: str
    payee_bank: str
    amount: int
    memo: str = ""
    speed: Speed = "instant"
    save_payee: bool = False


@dataclass(frozen=True)
class CancelTransfer(Request):
    """Call a transfer back that has not arrived; ``number`` is its receipt's."""

    operation, title = "cancel_transfer", "撤销转账"
    needs_code = False
    number: str = field(metadata=PLAIN)


@dataclass(frozen=True)
class SaveApplication(Request):
    """Start an application, or with ``number`` go on with one; ``None`` leaves a field as it is.

    A new application has its first receipt's number; every receipt names it (申请编号). Another
    product keeps of a draft only what the request says, and the materials that it asks for, too.
    ``income`` is fen a month; ``credit_consent`` the customer's word on the credit report query.
    """

    operation, title = "save_application", "保存贷款申请"
    needs_code = False
    product_id: str
    number: str | None = field(default=None, metadata=PLAIN)
    amount: int | None = None
    months: int | None = None
    method: Method | None = None
    purpose: str | None = None
    income: int | None = None
    credit_consent: bool | None = None


@dataclass(frozen=True)
class AddMaterial(Request):
    """``reference`` is what the upload gave for the file; the file itself is never here."""

    operation, title = "add_material", "提交贷款材料"
    needs_code = False
    number: str = field(metadata=PLAIN)
    kind: str
    reference: str


@dataclass(frozen=True)
class SubmitApplication(Request):
    """Product, ``amount`` (fen) and ``months`` are those of the application as the customer
    confirmed it, so that the code is good for nothing else."""

    operation, title = "submit_application", "提交贷款申请"
    number: str = field(metadata=PLAIN)
    product_id: str
    amount: int
    months: int


@dataclass(frozen=True)
class WithdrawApplication(Request):
    operation, title = "withdraw_application", "撤回贷款申请"
    needs_code = False
    number: str = field(metadata=PLAIN)


@dataclass(frozen=True)
class RedeemPoints(Request):
    """``points`` is what the customer has agreed to pay in all."""

    operation, title = "redeem_points", "积分兑换"
    gift_id: str
    count: int = 1
    points: int | None = None


@dataclass(frozen=True)
class OpenDispute(Request):
    operation, title = "open_dispute", "交易争议"
    needs_code = False
    account_id: str
    transaction_id: str = field(metadata=PLAIN)
    reason: DisputeReason
    statement: str = ""


REQUESTS: dict[str, type[Request]] = {kind.operation: kind for kind in Request.__subclasses__()}
TITLES: dict[str, str] = {name: kind.title for name, kind in REQUESTS.items()}
