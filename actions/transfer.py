"""Transfers: to a saved payee or a new one, with fee, limits, risk and a receipt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from actions.choices import PayFrom, payable, why_no_payer
from actions.draft import Draft, Unfit, button
from actions.operation_form import OperationForm
from actions.operations import (
    BeginAction,
    CarryOutAction,
    Field,
    OperationDesign,
    Problem,
    Question,
)
from actions.payee_fields import PayeeBank, PayeeName, PayeeNumber
from actions.sums import Amount
from bot.banking.errors import BankRefused
from bot.banking.models import Quote, Receipt, yuan
from bot.banking.requests import Transfer
from bot.text.clock import shanghai
from bot.text.repairs import wants_change

LONGEST_MEMO = 20
_MEMO = re.compile(
    r"(?:备注|附言|留言|用途)(?:一下|改成|改为|换成|写上?|填|是|为|:|：|就)*(?P<memo>[^,，。;；!！?？]+)"
)
_NO_MEMO_WANTED = re.compile(r"(?:不用|不要|不需要|没有|无|不写|不填|不留|算了).{0,3}")
# What is no remark, though one is asked for: 从2001转, 转给李四, 改成三百.
_NO_MEMO = re.compile(r"转给|转到|转账给|付款|那张|[从用].{0,6}\d{4}")
PAYEE = ("payee_name", "payee_number", "payee_bank")
# What can be probed without the customer's word on the rest; fen.
PROBE = 1


class TransferAmount(Amount):
    """A sum in the remark to the payee is not the one to be transferred."""

    def is_aside(self, draft: Draft, entity: dict[str, Any]) -> bool:
        memo = _MEMO.search(draft.words)
        return memo is not None and memo.start() <= (entity.get("start") or 0) < memo.end()


class TransferFrom(PayFrom):
    """Not the account that the money goes to."""

    verb = "转出"

    def choices(self, draft: Draft) -> list[Any]:
        goal = draft.get("payee_number")
        own = {account.id: account.number for account in draft.accounts}
        return [each for each in super().choices(draft) if own[each.id] != goal]


class Memo(Field):
    """A few words for the payee; may be skipped."""

    slot = "memo"
    label = "附言"
    words = r"备注|附言|留言|用途"
    optional = True

    def claims(self, draft: Draft) -> bool:
        """What is written where a remark is asked for is one: a sum or a name in it is no value."""
        changes = draft.turn.intent == "correct" or wants_change(draft.words)
        asked = draft.asked == self.slot and draft.may_be_text
        return asked and not changes and not _NO_MEMO.search(draft.words)

    def read(self, draft: Draft) -> dict[str, Any]:
        match = _MEMO.search(draft.words)
        said = match["memo"].strip() if match else ""
        if not said and self.claims(draft):
            said = draft.words.strip()
        if len(said) > LONGEST_MEMO:
            raise Unfit(f"附言最多 {LONGEST_MEMO} 个字，请写短一些。")
        if _NO_MEMO_WANTED.fullmatch(said):
            return {self.slot: ""}
        return {self.slot: said} if said else {}

    def question(self, draft: Draft) -> Question:
        return Question(
            "要给收款人留言吗？可以直接写，也可以跳过。", {"跳过": button(self.slot, "")}
        )

    def show(self, draft: Draft) -> str:
        return draft.get(self.slot) or ""


class Speed(Field):
    """At once unless the customer wants a day to think better of it."""

    slot = "speed"
    label = "到账方式"
    words = r"到账"
    plain = r".{0,4}(?:次日|隔日|第二天|明天|24小时|实时|马上|立即|立刻|普通)(?:后|内)?到账?.{0,3}"
    _LATER = re.compile(r"(?:次日|隔日|第二天|明天|24小时后?|普通)(?:再|后)?到账?")
    _NOW = re.compile(r"(?:实时|马上|立即|立刻|现在就?)到账?")
    names = {"instant": "实时到账", "next_day": "24 小时后到账，到账前可以撤销"}

    def read(self, draft: Draft) -> dict[str, Any]:
        if self._LATER.search(draft.words):
            return {self.slot: "next_day"}
        return {self.slot: "instant"} if self._NOW.search(draft.words) else {}

    def default(self, draft: Draft) -> str:
        return "instant"

    def question(self, draft: Draft) -> Question:
        replies = {name: button(self.slot, value) for value, name in self.names.items()}
        return Question("希望什么时候到账？", replies)

    def show(self, draft: Draft) -> str:
        return self.names[draft.get(self.slot)]


class TransferMoney(OperationDesign):
    """Money to somebody, or to another account of one's own."""

    name = "transfer_money"
    verb = "转账"
    watched = True
    fields = (
        PayeeName(), PayeeNumber(), PayeeBank(), TransferAmount(), TransferFrom(), Memo(), Speed(),
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
        )

    def foreseen(self, draft: Draft) -> Transfer | None:
        account = self._account(draft)
        if account is None or not all(draft.get(slot) for slot in (*PAYEE, "amount")):
            return None
        return self._request(draft, account, draft.get("amount"))

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
            yield from self._refused(draft, account, amount or PROBE)
        elif amount:
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
            text = f"超过单笔限额 {yuan(limits.single)}，请减少金额。"
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

    def rows(self, draft: Draft) -> list[list[str]]:
        quote = self.quote(draft)
        fee = yuan(quote.fee) if quote.fee else "免手续费"
        rows = super().rows(draft)
        if draft.get("speed") == "next_day":
            at = shanghai(quote.arrives_at)
            rows.append(["预计到账", f"{at.month}月{at.day}日 {at:%H:%M}"])
        return [*rows, ["手续费", fee]]

    def done(self, draft: Draft, receipt: Receipt) -> str:
        to, sum_ = draft.get("payee_name"), yuan(draft.get("amount"))
        arrives = receipt.fact("预计到账")
        if draft.get("speed") == "next_day" and arrives:
            return f"已受理：向{to}转账 {sum_}，预计 {arrives.text} 到账，到账前可以撤销。"
        return f"转账成功：已向{to}转出 {sum_}。对方入账时间以收款银行为准。"


class ActionBeginTransferMoney(BeginAction):
    design = TransferMoney()


class ValidateTransferMoneyForm(OperationForm):
    design = TransferMoney()


class ActionTransferMoney(CarryOutAction):
    design = TransferMoney()
