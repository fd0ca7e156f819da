"""Taking a loan application back, as long as it is not decided."""

from __future__ import annotations

import re
from typing import Any

from actions.draft import Draft, button
from actions.loan_materials import title_of
from actions.loan_queries import fits
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import Field, OperationDesign, Question
from actions.operation_form import OperationForm
from bot.banking.models import APPLICATION_MOVES, APPLICATION_NAMES, LoanApplication, Receipt, yuan
from bot.banking.requests import WithdrawApplication

_YES = re.compile(r"(?:对|是的?|嗯|好的?|确认|确定|[,，])*撤[回销]了?(?:申请|吧|[。!！])*")


def open_applications(draft: Draft) -> list[LoanApplication]:
    """What may be taken back, asked for once a turn."""
    if "applications" not in draft.known:
        every = draft.turn.services.bank.loans.applications(draft.customer_id)
        draft.known["applications"] = [
            each
            for each in every
            if (each.status, WithdrawApplication.operation) in APPLICATION_MOVES
        ]
    found: list[LoanApplication] = draft.known["applications"]
    return found


def label_of(draft: Draft, application: LoanApplication) -> str:
    """``云杉购车贷 ¥150,000.00（审核中）``."""
    if "products" not in draft.known:
        every = draft.turn.services.bank.loans.products(draft.customer_id)
        draft.known["products"] = {each.id: each for each in every}
    title = title_of(application, draft.known["products"])
    amount = f" {yuan(application.amount)}" if application.amount is not None else ""
    return f"{title}{amount}（{APPLICATION_NAMES[application.status]}）"


class Application(Field):
    """Which one, by number, product, or pressing it."""

    slot = "loan_number"
    label = "贷款申请"
    words = r"申请|哪一?笔"

    def read(self, draft: Draft) -> dict[str, Any]:
        every = open_applications(draft)
        named = [each for each in every if each.number in draft.words.upper()]
        if not named and (kinds := draft.entities("product")):
            kind = {"product": kinds[-1]["value"]}
            named = [each for each in every if fits(label_of(draft, each), kind)]
        if not named and draft.asked == self.slot and draft.words:
            said = re.sub(r"贷款?|申请|那笔|的|撤[回销]", "", draft.words)
            named = [each for each in every if said and said in label_of(draft, each)]
        return {self.slot: named[0].number} if len(named) == 1 else {}

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        known = any(each.number == value for each in open_applications(draft))
        return {self.slot: value} if known else {}

    def default(self, draft: Draft) -> str | None:
        every = open_applications(draft)
        return every[0].number if len(every) == 1 else None

    def question(self, draft: Draft) -> Question:
        replies = {
            label_of(draft, each): button(self.slot, each.number)
            for each in open_applications(draft)
        }
        return Question("您要撤回哪一笔申请？", replies)

    def show(self, draft: Draft) -> str:
        chosen = chosen_of(draft)
        return f"{label_of(draft, chosen)} {chosen.number}" if chosen else ""


def chosen_of(draft: Draft) -> LoanApplication | None:
    number = draft.get("loan_number")
    return next((each for each in open_applications(draft) if each.number == number), None)


class WithdrawLoan(OperationDesign):
    """Protects the customer from a loan: confirmed, but without a code."""

    name = "withdraw_loan"
    verb = "撤回申请"
    fields = (Application(),)

    def why_not(self, draft: Draft) -> str | None:
        if open_applications(draft):
            return None
        return "您没有可以撤回的贷款申请；已经有审批结果的申请请联系人工客服。"

    def request(self, draft: Draft) -> WithdrawApplication:
        return WithdrawApplication(draft.get("loan_number"))

    def confirm(self, draft: Draft) -> str:
        return (
            "撤回后这笔申请不再审核，已填的内容和材料也不能恢复；以后需要可以重新申请。确认撤回吗？"
        )

    def is_yes(self, words: str) -> bool:
        """By itself 撤回 is a wish to leave; as an answer to 确认撤回吗 it is a yes."""
        return _YES.fullmatch(words) is not None or super().is_yes(words)

    def done(self, draft: Draft, receipt: Receipt) -> str:
        return f"贷款申请 {draft.get('loan_number')} 已撤回。以后需要时，随时可以重新申请。"


class ActionBeginWithdrawLoan(BeginAction):
    design = WithdrawLoan()


class ValidateWithdrawLoanForm(OperationForm):
    design = WithdrawLoan()


class ActionWithdrawLoan(CarryOutAction):
    design = WithdrawLoan()
