"""Transfers: to a saved payee or a new one, with fee, limits, risk and a receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from actions.draft import Draft
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import OperationDesign, Problem
from actions.operation_form import OperationForm
from actions.payee_fields import PayeeBank, PayeeName, PayeeNumber
from actions.payers import payable, why_no_payer
from actions.transfer_fields import (
    EVERYTHING,
    Memo,
    SavePayee,
    Speed,
    TransferAmount,
    TransferFrom,
)
from bot.banking.errors import BankRefused
from bot.banking.models import Quote, Receipt, yuan
from bot.banking.requests import Transfer
from bot.text.clock import shanghai

PAYEE = ("payee_name", "payee_number", "payee_bank")
# What can be probed without the customer's word on the rest; fen.
PROBE = 1


class TransferMoney(OperationDesign):
    """Money to somebody, or to another account of one's own."""

    name = "transfer_money"
    verb = "转账"
    watched = True
    save = SavePayee()
    fields = (
        PayeeName(), PayeeNumber(), PayeeBank(), TransferAmount(), TransferFrom(), Memo(), Speed(),
        save,
    )  # fmt: skip

    def why_not(self, draft: Draft) -> str | None:
        return why_no_payer(draft, self.verb)

    def request(self, draft: Draft) -> Transfer:
        return self._request(draft, draft.get("pay_from"), draft.get("amount"))

    def _request(self, draft: Draft, account_id: str, amount: int) -> Transfer:
        return Transfer(
            account_id,
            draft.get("payee_name"),
            draft.get("payee_number"),
            draft.get("payee_bank"),
            amount,
            memo=draft.get("memo") or "",
            speed=draft.get("speed") or "instant",
            save_payee=self.save.saves(draft),
        )

    def foreseen(self, draft: Draft) -> Transfer | None:
        account, amount = self._account(draft), draft.get("amount")
        if account is None or not all(draft.get(slot) for slot in (*PAYEE, "amount")):
            return None
        if amount == EVERYTHING:
            amount = self._available(draft, account) or PROBE
        return self._request(draft, account, amount)

    def resolve(self, draft: Draft) -> None:
        """全部余额 is a sum as soon as the account is chosen and the payee decides on the fee."""
        account = draft.get("pay_from")
        if draft.get("amount") != EVERYTHING or not account:
            return
        if all(draft.get(slot) for slot in PAYEE):
            draft.values["amount"] = self._everything(draft, account)

    def _everything(self, draft: Draft, account: str) -> int | None:
        """All that can be transferred once the fee is paid; ``None`` where nothing is left."""
        available = self._available(draft, account)
        if available <= 0:
            draft.remarks.append("这个账户没有可以转出的余额。")
            return None

        def fee_of(amount: int) -> int | None:
            request = self._request(draft, account, amount)
            try:
                return draft.turn.services.bank.transfers.quote(draft.customer_id, request).fee
            except BankRefused as refusal:
                # What else the bank has against it is told as of any other sum.
                return None if refusal.code == "insufficient" else 0

        return most_of(available, fee_of)

    def _available(self, draft: Draft, account: str) -> int:
        return next(each.available for each in draft.accounts if each.id == account)

    def _account(self, draft: Draft) -> str | None:
        """The account that is paid from; until it is chosen, the fullest stands in for it."""
        goal = draft.get("payee_number")
        usable = [each.id for each in payable(draft) if each.number != goal]
        return draft.get("pay_from") or next(iter(usable), None)

    def quote(self, draft: Draft) -> Quote:
        """What it costs and when it arrives, asked for once a turn."""
        request = self.request(draft)
        if request not in draft.known:
            transfers = draft.turn.services.bank.transfers
            draft.known[request] = transfers.quote(draft.customer_id, request)
        found: Quote = draft.known[request]
        return found

    def problems(self, draft: Draft) -> Iterator[Problem]:
        """Let the bank itself look at what is known so far, so that a refusal comes at once."""
        account, amount = self._account(draft), draft.get("amount")
        if account is None:
            yield Problem(("payee_number",), "您没有另一个可以付款的账户，不能在自己的账户间转账。")
        elif all(draft.get(slot) for slot in PAYEE):
            known = amount not in (None, EVERYTHING)
            yield from self._refused(draft, account, amount if known else PROBE)
        elif amount and amount != EVERYTHING:
            yield from self._over_limit(draft, account, amount)

    def _refused(self, draft: Draft, account: str, amount: int) -> Iterator[Problem]:
        request = self._request(draft, account, amount)
        try:
            quote = draft.turn.services.bank.transfers.quote(draft.customer_id, request)
        except BankRefused as refusal:
            yield Problem(self._wrong(draft, refusal.code), str(refusal))
        else:
            draft.known[request] = quote

    def _wrong(self, draft: Draft, code: str) -> tuple[str, ...]:
        """The values that a refusal is about."""
        if code == "insufficient" and draft.get("pay_from") and len(payable(draft)) > 1:
            return ("pay_from",)
        slots = {
            "account_stopped": ("pay_from",), "not_possible": ("pay_from",),
            "name_mismatch": ("payee_name", "payee_number", "payee_bank"),
            "bad_number": ("payee_number", "payee_bank"),
            "same_account": ("payee_number", "payee_bank"),
        }  # fmt: skip
        return slots.get(code, ("amount",))

    def _over_limit(self, draft: Draft, account: str, amount: int) -> Iterator[Problem]:
        limits = draft.turn.services.bank.transfers.limits(draft.customer_id, account)
        if amount > limits.single:
            text = f"超过单笔限额 {yuan(limits.single)}，请减少金额；更大的金额可以到网点办理。"
            yield Problem(("amount",), text)
        elif draft.get("pay_from") and amount > limits.left:
            text = f"超过今日剩余额度 {yuan(limits.left)}，请减少金额或明天再转。"
            yield Problem(("amount",), text)

    def concerns(self, draft: Draft) -> list[str]:
        transfers = draft.turn.services.bank.transfers
        found = transfers.duplicates(draft.customer_id, self.request(draft))
        if not found:
            return []
        at, amount = shanghai(found[0].at), yuan(draft.get("amount"))
        name = draft.get("payee_name")
        return [f"您今天 {at:%H:%M} 已经向{name}转过一笔 {amount}，请确认这不是重复转账。"]

    def confirm(self, draft: Draft) -> str:
        return (
            f"请核对转账信息。确认向{draft.get('payee_name')}转账 {yuan(draft.get('amount'))}吗？"
        )

    def offers(self, draft: Draft) -> dict[str, str]:
        return self.save.offers(draft)

    def rows(self, draft: Draft) -> list[list[str]]:
        quote = self.quote(draft)
        fee = yuan(quote.fee) if quote.fee else "免手续费"
        rows = super().rows(draft)
        if draft.get("speed") == "next_day":
            at = shanghai(quote.arrives_at)
            rows.append(["预计到账", f"{at.month}月{at.day}日 {at:%H:%M}"])
        return [*rows, ["手续费", fee]]

    def after(self, draft: Draft) -> dict[str, str]:
        later = draft.get("speed") == "next_day"
        return {"撤销这笔转账": "/cancel_transfer"} if later else {}

    def done(self, draft: Draft, receipt: Receipt) -> str:
        to, sum_ = draft.get("payee_name"), yuan(draft.get("amount"))
        saved = f"{to}已保存为常用收款人。" if draft.get("save_payee") == "yes" else ""
        arrives = receipt.fact("预计到账")
        if draft.get("speed") == "next_day" and arrives:
            return f"已受理：向{to}转账 {sum_}，预计 {arrives.text} 到账，到账前可以撤销。{saved}"
        return f"转账成功：已向{to}转出 {sum_}。对方入账时间以收款银行为准。{saved}"


def most_of(available: int, fee_of: Callable[[int], int | None]) -> int:
    """The largest sum (fen) that leaves room for its fee in ``available``; ``fee_of`` tells the
    fee, ``None`` where both are more than there is."""
    if fee_of(available) is not None:
        return available
    # A fee grows no faster than the sum, so that of a smaller one tells how much to leave.
    part = available * 99 // 100
    fee = fee_of(part) or 0
    for rest in (available - fee, available - -(-fee * 100 // 99)):
        if rest > part and fee_of(rest) is not None:
            return rest
    return max(part, 1)


class ActionBeginTransferMoney(BeginAction):
    design = TransferMoney()


class ValidateTransferMoneyForm(OperationForm):
    design = TransferMoney()


class ActionTransferMoney(CarryOutAction):
    design = TransferMoney()
