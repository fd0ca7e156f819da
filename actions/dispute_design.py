"""What tells the dispute of a transaction from other operations, and what a customer is told of it."""

from __future__ import annotations

from collections.abc import Iterator

from actions.dispute_fields import Entry, Reason, Statement, Stop, facts_of
from actions.draft import Draft
from actions.operation_design import OperationDesign, Problem
from actions.turn import Turn
from actions.wording import day
from bot.banking.models import Receipt
from bot.banking.requests import OpenDispute

NEXT_STEPS = {
    "unknown": "我们会向商户和收款机构调取交易凭证核实，需要时会联系您。结果要等核实后才能确定。",
    "duplicate": "我们会和商户、收款机构核对，确属重复的会退回原账户。",
    "wrong_amount": "我们会调取交易凭证核对金额，确有差错的会更正并退回差额。",
    "not_received": "我们会联系商户核实。请留好订单和与商户的沟通记录，专员可能会请您提供。",
    "no_refund": "我们会联系商户核实退款去向。请留好退货或退款凭证，专员可能会请您提供。",
    "wrong_transfer": "我们会请收款银行联系收款人协商退回。钱已到对方账户，银行不能直接扣回，也不能保证退回；对方不同意的，您可以凭转账凭证向法院起诉。",
}


class DisputeTransaction(OperationDesign):
    """Protects the customer: confirmed, but without a code, as the bank's port says."""

    name = "dispute_transaction"
    verb = "争议登记"
    protects = True
    waits = False
    fields = (Reason(), Entry(), Stop(), Statement())

    def draft(self, turn: Turn, customer_id: str) -> Draft:
        slots = [*(field.slot for field in self.fields), "dispute_search"]
        return Draft(turn, customer_id, self.name, slots)

    def problems(self, draft: Draft) -> Iterator[Problem]:
        entry = draft.get("dispute_entry")
        if entry is None:
            return
        if draft.get("dispute_reason") == "wrong_transfer" and entry["kind"] != "transfer":
            text = "这笔不是转账。登记转错账户，请选择那笔转账。"
            yield Problem((Entry.slot,), text)
            return
        for each in draft.turn.services.bank.disputes.list(draft.customer_id):
            if each.status == "open" and each.transaction.id == entry["id"]:
                today = draft.turn.today
                yield Problem(
                    (Entry.slot,),
                    f"这笔交易已经登记过（编号 {each.number}），最晚 {day(each.due_on, today)} 答复您，"
                    "不用重复登记。",
                )

    def request(self, draft: Draft) -> OpenDispute:
        entry = draft.get("dispute_entry")
        return OpenDispute(
            entry["account_id"],
            entry["id"],
            draft.get("dispute_reason"),
            draft.get("dispute_statement") or "",
        )

    def confirm(self, draft: Draft) -> str:
        if draft.get("dispute_reason") == "wrong_transfer":
            return (
                "请核对。登记后，我们会请收款银行联系收款人；已到账的钱银行不能直接扣回，"
                "不能保证退回。确认登记吗？"
            )
        return "请核对，确认登记这笔交易争议吗？"

    def rows(self, draft: Draft) -> list[list[str]]:
        facts = [[label, text] for label, text in facts_of(draft).items()]
        reason, entry, *rest = super().rows(draft)[1:]
        return [["业务", self.verb], reason, entry, *facts, *rest]

    def done(self, draft: Draft, receipt: Receipt) -> str:
        due = receipt.fact("最晚答复")
        until = f"，最晚 {due.text} 答复您" if due else ""
        steps = NEXT_STEPS[draft.get("dispute_reason")]
        return (
            f"争议已登记，编号 {receipt.number}{until}。{steps}"
            "还有别的可疑交易或要补充的，直接写在这里，专员会一并处理。"
        )
