"""Applying for a loan: saved as it is filled in, resumed another day, submitted with a code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from rasa_sdk.events import EventType

from actions.applicant_fields import NO, YES, Consent, Income, Purpose
from actions.draft import Draft
from actions.loan_fields import LoanAmount, Method, Months, Product, product_of, products
from actions.loan_materials import say_materials, waiting_application
from actions.loan_queries import fits
from actions.loan_quote import SCHEDULES, plan_rows, plan_text
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import OperationDesign, Problem
from actions.operation_form import OperationForm
from actions.operation_slots import leave_operation
from actions.turn import Turn
from actions.wording import percent
from bot.banking.errors import BankUnavailable
from bot.banking.finance import Payment
from bot.banking.models import METHOD_NAMES, LoanApplication, Receipt, yuan
from bot.banking.requests import SaveApplication, SubmitApplication

RESUME = "继续我的贷款申请"
SAVED_TEXT = f"已填的内容保存好了，随时说“{RESUME}”就能接着办。"
# Of an application as the bank keeps it, by slot; the consent is told apart below.
KEPT = {
    "loan_product": "product_id", "amount": "amount", "loan_months": "months",
    "loan_method": "method", "loan_purpose": "purpose", "loan_income": "income",
}  # fmt: skip
CONSENTS = {YES: True, NO: False, None: None}
# What a month's payment may take of a month's income before the customer is asked to think again.
MOST_OF_INCOME = Decimal("0.5")

_AFRESH = re.compile(r"重新|另外?(?:再)?(?:申请|贷|办)|再(?:申请|贷|办)一笔|新的?申请")


class ApplyLoan(OperationDesign):
    """An application; people at the bank decide on it."""

    name = "apply_loan"
    verb = "贷款申请"
    left = f"好的，先到这里，没有提交申请。{SAVED_TEXT}"
    fields = (Product(), LoanAmount(), Months(), Method(), Purpose(), Income(), Consent())

    def draft(self, turn: Turn, customer_id: str) -> Draft:
        slots = [*(field.slot for field in self.fields), "loan_number"]
        return Draft(turn, customer_id, self.name, slots)

    @property
    def not_done(self) -> str:
        return f"好的，先不提交。{SAVED_TEXT}"

    @property
    def receipt_title(self) -> str:
        return "贷款申请已提交"

    # ── left and resumed ─────────────────────────────────────────────────────
    def begin_with(self, draft: Draft) -> dict[str, Any]:
        quoted = quoted_terms(draft)
        saved = unfinished(draft, quoted.get("loan_product"))
        if saved is None:
            return quoted
        title = next((p.name for p in products(draft) if p.id == saved.product_id), "贷款")
        amount = f"，{yuan(saved.amount)}" if saved.amount is not None else ""
        draft.turn.say(
            f"您有一笔没有填完的{title}申请（编号 {saved.number}{amount}），我们接着填，已填的不用再说。"
            "想另外申请一笔，请说“重新申请贷款”。"
        )
        values = {slot: getattr(saved, name) for slot, name in KEPT.items()}
        same = all(quoted.get(slot) in (None, values[slot]) for slot in ("loan_product", "amount"))
        consent = YES if saved.credit_consent and same else None
        return {**values, "credit_consent": consent, "loan_number": saved.number, **quoted}

    def keep(self, draft: Draft) -> None:
        if draft.get("loan_product") is None:
            return
        values = {name: draft.get(slot) for slot, name in KEPT.items()}
        number = draft.get("loan_number")
        saved = application(draft, number) if number is not None else None
        values["credit_consent"] = CONSENTS[draft.get("credit_consent")]
        if values["credit_consent"] is None and saved is not None and saved.credit_consent:
            # It was given for another loan than this is now.
            values["credit_consent"] = False
            draft.remarks.append("申请内容有变，征信授权需要您重新确认。")
        if is_saved(saved, values):
            return
        key = f"{draft.turn.operation_key}:save"
        request = SaveApplication(number=number, **values)
        receipt = draft.turn.services.operations.carry_out(draft.customer_id, request, key=key)
        draft.values["loan_number"] = number or receipt.number

    def pointless(self, draft: Draft) -> str | None:
        if draft.get("credit_consent") != NO:
            return None
        return (
            "好的，没有您的授权，我们不会查询您的征信，这笔申请也就不能受理。"
            f"{SAVED_TEXT}如需了解其他办法，可以由人工客服为您介绍。"
        )

    # ── what is asked for ────────────────────────────────────────────────────
    def problems(self, draft: Draft) -> Iterator[Problem]:
        product = product_of(draft)
        if product is None:
            return
        amount, months = draft.get("amount"), draft.get("loan_months")
        if amount is not None and not product.least <= amount <= product.most:
            yield Problem(("amount",), f"{yuan(amount)} 不在{product.name}的可贷范围内。")
        if months is not None and months not in product.terms:
            terms = "、".join(map(str, product.terms))
            yield Problem(("loan_months",), f"{product.name}的期限可选 {terms} 个月。")
        method = draft.get("loan_method")
        if method is not None and method not in product.methods:
            yield Problem(("loan_method",), f"{product.name}不支持{METHOD_NAMES[method]}。")

    def request(self, draft: Draft) -> SubmitApplication:
        return SubmitApplication(
            draft.get("loan_number"),
            draft.get("loan_product"),
            draft.get("amount"),
            draft.get("loan_months"),
        )

    def concerns(self, draft: Draft) -> list[str]:
        first = payments(draft)[0].total
        if first <= draft.get("loan_income") * MOST_OF_INCOME:
            return []
        return [
            f"每月要还 {yuan(first)}，超过您月收入 {yuan(draft.get('loan_income'))} 的一半，还款压力会比较大，"
            "也可能影响审批。您可以减少金额或延长期限。"
        ]

    def confirm(self, draft: Draft) -> str:
        plan = plan_text(draft.get("loan_method"), payments(draft))
        return f"请核对申请内容。{plan}以上为试算，实际以贷款合同为准；是否批准由银行审核决定。确认提交申请吗？"

    def rows(self, draft: Draft) -> list[list[str]]:
        product = product_of(draft)
        rate = [["年利率", percent(product.annual_rate)]] if product else []
        return [*super().rows(draft), *rate, *plan_rows(draft.get("loan_method"), payments(draft))]

    def done(self, draft: Draft, receipt: Receipt) -> str:
        return f"您的贷款申请已提交，申请编号 {draft.get('loan_number')}。"


def payments(draft: Draft) -> tuple[Payment, ...]:
    """The whole plan of what is applied for."""
    product = product_of(draft)
    assert product is not None, "a plan before there is a product"
    schedule = SCHEDULES[draft.get("loan_method")]
    return schedule(draft.get("amount"), product.annual_rate, draft.get("loan_months"))


def applications(draft: Draft) -> list[LoanApplication]:
    """The customer's applications, asked for once a turn."""
    if "applications" not in draft.known:
        bank = draft.turn.services.bank
        draft.known["applications"] = bank.loans.applications(draft.customer_id)
    found: list[LoanApplication] = draft.known["applications"]
    return found


def application(draft: Draft, number: str) -> LoanApplication | None:
    return next((each for each in applications(draft) if each.number == number), None)


def is_saved(saved: LoanApplication | None, values: dict[str, Any]) -> bool:
    """Whether the bank has all of these values already; a value not known yet is no news."""
    return saved is not None and all(
        value is None or value == getattr(saved, name) for name, value in values.items()
    )


def unfinished(draft: Draft, quoted: str | None) -> LoanApplication | None:
    """The draft to go on with: the last touched, unless another loan or a new one is meant."""
    turn = draft.turn
    if turn.intent != "resume_loan" and _AFRESH.search(draft.words):
        return None
    names = {each.id: each.name for each in products(draft)}
    asked = {"product": turn.entity("product")}
    drafts = [
        each
        for each in applications(draft)
        if each.status == "draft"
        and fits(names.get(each.product_id, ""), asked)
        and quoted in (None, each.product_id)
    ]
    return next(iter(drafts), None)


def quoted_terms(draft: Draft) -> dict[str, Any]:
    """What was worked out just before, so that it need not be said again."""
    query = draft.turn.slot("last_query") or {}
    if query.get("about") != "loan_quote" or draft.turn.intent == "resume_loan":
        return {}
    rate = query.get("annual_rate")
    named = [
        each.id
        for each in products(draft)
        if (query.get("product") and fits(each.name, query))
        or (not query.get("product") and rate and Decimal(rate) == each.annual_rate)
    ]
    values = {
        "loan_product": named[0] if len(named) == 1 else None,
        "amount": query.get("amount"),
        "loan_months": query.get("instalments"),
        "loan_method": query.get("method"),
    }
    return {slot: value for slot, value in values.items() if value is not None}


class ActionBeginApplyLoan(BeginAction):
    design = ApplyLoan()

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        if turn.intent != "resume_loan":
            return super().serve_customer(turn, customer_id)
        draft = self.design.draft(turn, customer_id)
        if unfinished(draft, None) is not None:
            return super().serve_customer(turn, customer_id)
        waiting = waiting_application(turn, customer_id)
        if waiting is not None:
            say_materials(turn, customer_id, waiting)
        else:
            turn.say("您没有填到一半的贷款申请。", replies={"申请贷款": "/apply_loan"})
        return leave_operation()


class ValidateApplyLoanForm(OperationForm):
    design = ApplyLoan()


class ActionApplyLoan(CarryOutAction):
    design = ApplyLoan()

    def _tell(self, draft: Draft, receipt: Receipt) -> None:
        super()._tell(draft, receipt)
        turn, customer_id = draft.turn, draft.customer_id
        try:
            sent = application(draft, draft.get("loan_number"))
            if sent is not None:
                say_materials(turn, customer_id, sent)
        except BankUnavailable:
            turn.say("材料清单暂时查不到，稍后对我说“上传贷款材料”就能看到。")
