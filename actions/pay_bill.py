"""Bills of utilities and the like, and phones topped up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from actions.bill_fields import BillAmount, BillerField, BillNumber
from actions.billers import biller_of, due_of, name_of, shown_number, unknown_number
from actions.draft import Draft
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import OperationDesign, Problem
from actions.operation_form import OperationForm
from actions.payers import PayFrom, payable, uncovered, why_no_payer
from actions.wording import day, month
from bot.banking.models import AmountDue, Receipt, yuan
from bot.banking.requests import PayBill
from bot.text.clock import shanghai


class BillPayment(OperationDesign):
    """What is due is paid in full; a phone is topped up by what the customer chooses."""

    name = "pay_bill"
    verb = "缴费"
    watched = True
    fields = (BillerField(), BillNumber(), BillAmount(), PayFrom())

    def why_not(self, draft: Draft) -> str | None:
        return why_no_payer(draft, self.verb)

    def request(self, draft: Draft) -> PayBill:
        return PayBill(
            draft.get("pay_from"),
            draft.get("biller"),
            draft.get("bill_number"),
            draft.get("amount"),
        )

    def problems(self, draft: Draft) -> Iterator[Problem]:
        unknown, due, amount = unknown_number(draft), due_of(draft), draft.get("amount")
        if unknown:
            yield Problem(("bill_number",), str(unknown))
        if not amount:
            return
        biller = biller_of(draft)
        if due and not due.biller.prepaid:
            if due.amount and amount != due.amount:
                yield Problem(("amount",), f"这项费用要按应缴金额缴，不能缴 {yuan(amount)}。")
        elif biller and biller.amounts and amount not in biller.amounts:
            sold = "、".join(map(yuan, biller.amounts))
            yield Problem(("amount",), f"不能充 {yuan(amount)}，可以充的金额是 {sold}。")
        if biller and biller.prepaid or (due and not _beyond_all(draft, due)):
            yield from uncovered(draft, amount, ("amount",))

    def pointless(self, draft: Draft) -> str | None:
        due = due_of(draft)
        if due is None or due.biller.prepaid:
            return None
        if due.amount == 0:
            return (
                f"{due.biller.number_name} {due.number} 目前没有待缴的{name_of(due.biller)}，不用缴费。"
                "如果想缴的是别的户，把号码一起告诉我就可以。"
            )
        if _beyond_all(draft, due):
            most = yuan(max(each.available for each in payable(draft)))
            return (
                f"{_bill(draft, due)}应缴 {yuan(due.amount)}，您的账户最多可用 {most}，余额不足，"
                "这次没有缴费。"
            )
        return None

    def concerns(self, draft: Draft) -> list[str]:
        payments = draft.turn.services.bank.payments
        found = payments.duplicates(draft.customer_id, self.request(draft))
        if not found:
            return []
        at, sum_ = shanghai(found[0].at), yuan(draft.get("amount"))
        number, name = shown_number(draft, draft.get("bill_number")), name_of(biller_of(draft))
        return [f"您今天 {at:%H:%M} 已经给 {number} 缴过一笔{name} {sum_}，请确认这不是重复缴费。"]

    def confirm(self, draft: Draft) -> str:
        due, sum_ = due_of(draft), yuan(draft.get("amount"))
        if due and due.biller.prepaid:
            number = shown_number(draft, due.number)
            return f"请核对卡片上的号码。确认给 {number} 充{name_of(due.biller)} {sum_} 吗？"
        return f"请核对缴费信息。确认缴{_bill(draft, due)} {sum_} 吗？"

    def rows(self, draft: Draft) -> list[list[str]]:
        due = due_of(draft)
        if due is None:
            return super().rows(draft)
        today = draft.turn.today
        rows = [
            ["业务", self.verb],
            ["缴费项目", name_of(due.biller)],
            ["收费单位", "" if due.biller.prepaid else due.biller.name],
            [due.biller.number_name, due.number],
            ["户名", due.owner],
            ["账期", _period(due, today)],
            ["缴费期限", day(due.due_on, today) if due.due_on else ""],
            ["金额", yuan(draft.get("amount"))],
            ["付款账户", self.fields[-1].show(draft)],
        ]
        return [row for row in rows if row[1]]

    def done(self, draft: Draft, receipt: Receipt) -> str:
        # It is done whatever the bank answers now: nothing more is asked of it.
        paid, number = receipt.fact("缴费项目"), draft.get("bill_number")
        shown = [fact.text for fact in receipt.facts if fact.value == number] or [number]
        return (
            f"缴费成功：{paid.text if paid else self.verb} {yuan(draft.get('amount'))}，"
            f"号码 {shown[0]}。"
        )


def _beyond_all(draft: Draft, due: AmountDue) -> bool:
    """Whether no account has what is due: it cannot be paid in part."""
    return all(each.available < due.amount for each in payable(draft))


def _bill(draft: Draft, due: AmountDue | None) -> str:
    """``2月电费``."""
    today = draft.turn.today
    return f"{_period(due, today) if due else ''}{name_of(biller_of(draft))}"


def _period(due: AmountDue, today: date) -> str:
    """``2月`` for 2026-02; other periods as the biller writes them."""
    try:
        return month(date.fromisoformat(f"{due.period}-01"), today)
    except ValueError:
        return due.period


class ActionBeginPayBill(BeginAction):
    design = BillPayment()


class ValidatePayBillForm(OperationForm):
    design = BillPayment()


class ActionPayBill(CarryOutAction):
    design = BillPayment()
