"""Paying the debt of an own credit card: the whole statement, the minimum, all of it, or a sum."""

from __future__ import annotations

from collections.abc import Iterator

from actions.draft import Draft
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import OperationDesign, Problem
from actions.operation_form import OperationForm
from actions.payers import uncovered, why_no_payer
from actions.repay_fields import (
    RepaidCard,
    RepayFrom,
    RepayPart,
    RepaySum,
    bill_of,
    credit_cards,
    today,
)
from actions.wording import day
from bot.banking.models import Receipt, yuan
from bot.banking.requests import RepayCard


class CardRepayment(OperationDesign):
    """Never more than is owed: the bank keeps no credit for the customer."""

    name = "repay_card"
    verb = "还款"
    fields = (RepaidCard(), RepayPart(), RepaySum(), RepayFrom())

    def why_not(self, draft: Draft) -> str | None:
        cards = credit_cards(draft)
        if not cards:
            return "您名下没有信用卡。"
        if not self.fields[0].choices(draft):
            return f"您的{'、'.join(card.label for card in cards)} 目前没有欠款，不用还款。"
        return why_no_payer(draft, self.verb)

    def request(self, draft: Draft) -> RepayCard:
        return RepayCard(draft.get("operation_target"), draft.get("pay_from"), draft.get("amount"))

    def problems(self, draft: Draft) -> Iterator[Problem]:
        card, part = draft.get("operation_target"), draft.get("repay_part")
        if card is None or part is None:
            return
        bill, amount = bill_of(draft, card), draft.get("amount")
        wrong = ("repay_part", "amount")
        if amount is None:
            done = "最低还款额已经还够了" if part == "minimum" else "账单已经还清了"
            yield Problem(wrong, f"本期{done}。")
        elif amount > bill.owed:
            more = yuan(amount - bill.owed)
            yield Problem(
                wrong,
                f"这张卡一共欠 {yuan(bill.owed)}（含未出账单），还 {yuan(amount)} 会多出 {more}，"
                "不能多还。",
            )
        else:
            yield from uncovered(draft, amount, wrong)

    def confirm(self, draft: Draft) -> str:
        card, sum_ = self.fields[0].show(draft), yuan(draft.get("amount"))
        return f"请核对还款信息。{_short_of_minimum(draft)}确认为{card} 还款 {sum_} 吗？"

    def rows(self, draft: Draft) -> list[list[str]]:
        bill = bill_of(draft, draft.get("operation_target"))
        due = [["到期还款日", day(bill.due_on, today(draft))]] if bill.due else []
        return [*super().rows(draft), *due]

    def done(self, draft: Draft, receipt: Receipt) -> str:
        left = receipt.fact("剩余欠款")
        reached = {"minimum": "已达到本期最低还款额。", "statement": "本期账单已还清。"}
        text = f"还款成功：已还 {yuan(draft.get('amount'))}。"
        text += reached.get(draft.get("repay_part"), "")
        if left is None:
            return text
        if not left.value:
            return f"{text}这张卡已没有欠款。"
        return f"{text}这张卡剩余欠款 {left.text}（含未出账单）。"


def _short_of_minimum(draft: Draft) -> str:
    """A word on a sum that does not reach the minimum: what is missing costs interest and fees."""
    bill = bill_of(draft, draft.get("operation_target"))
    short = bill.minimum_due - draft.get("amount")
    if short <= 0:
        return ""
    if bill.overdue:
        return f"这次还款后，最低还款额还差 {yuan(short)}，仍算逾期，请尽快补足。"
    in_grace = today(draft) > bill.due_on
    until = "在宽限期内" if in_grace else f"在{day(bill.due_on, today(draft))}前"
    return f"这次还款后，最低还款额还差 {yuan(short)}，请{until}补足，以免逾期。"


class ActionBeginRepayCard(BeginAction):
    design = CardRepayment()


class ValidateRepayCardForm(OperationForm):
    design = CardRepayment()


class ActionRepayCard(CarryOutAction):
    design = CardRepayment()
