"""The account that money leaves, and what stands against paying from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from actions.choices import Choice, ChoiceField
from actions.draft import Draft
from actions.operation_design import Problem
from bot.banking.models import Account, yuan
from bot.text.cards import Direction


class PayFrom(ChoiceField):
    """The account that money leaves."""

    slot = "pay_from"
    label = "付款账户"
    words = r"付款|扣款|从哪|哪张卡|付款卡|账户"
    verb: ClassVar[str] = "付款"

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(each.id, each.label, each.tail, each.kind, f"（可用 {yuan(each.available)}）")
            for each in payable(draft)
        ]

    def ask(self, draft: Draft) -> str:
        return f"从哪个账户{self.verb}？"

    def is_meant(self, draft: Draft, direction: Direction | None) -> bool:
        """从8866转: said so; a tail by itself where it is asked for or something is corrected."""
        if direction is None and draft.asked != "amount":
            return bool(draft.words) and draft.asked in (self.slot, *AFTER_FIELDS)
        return direction == "from"

    def _spelt(self, draft: Draft, choices: list[Choice]) -> dict[str, Any]:
        """用8866全额还款: behind such a word an own tail is one, whatever follows."""
        named = {m["tail"] for m in USED.finditer(draft.words)}
        chosen = [each for each in choices if each.tail in named]
        return {self.slot: chosen[0].id} if len(chosen) == 1 else super()._spelt(draft, choices)

    def unknown(self, draft: Draft, tail: str) -> str:
        for account in draft.accounts:
            if account.tail == tail:
                return f"{account.label} {_why_not(account)}"
        return f"您名下没有尾号 {tail} 的账户。"


USED = re.compile(r"[从用由拿](?P<tail>\d{4})(?![\d.,])")
LATER = re.compile(r"明[天早晚日]|后天|下(?:周|个?月|个?星期)|到期(?:那天|时|再)|每个?月|自动")
# Questions at which a card named without direction can only be the one that is paid from.
AFTER_FIELDS = ("memo", "operation_warned", "operation_confirmed", "code_ref")
WHY_NOT = {
    "locked": "因密码多次输错被锁定，请先解锁。",
    "frozen": "处于冻结状态，需要由人工客服核实后处理。",
    "paused": "已由您临时冻结，请先解除冻结。",
}


def payable(draft: Draft) -> list[Account]:
    """The accounts that money can be paid from, the fullest first; not where every card of one is
    reported lost."""
    held = {card.account_id for card in draft.cards}
    held -= {card.account_id for card in draft.cards if not card.stopped}
    usable = [
        each
        for each in draft.accounts
        if each.kind != "credit" and each.status == "normal" and each.id not in held
    ]
    return sorted(usable, key=lambda each: -each.available)


def why_no_payer(draft: Draft, verb: str) -> str | None:
    """Why nothing can be paid at all, if nothing can."""
    if payable(draft):
        return None
    stopped = [each for each in draft.accounts if each.kind != "credit"]
    if any(account.status == "locked" for account in stopped):
        return (
            f"您的账户因密码多次输错被锁定，暂时不能{verb}。可以对我说“解锁账户”，解锁后再{verb}。"
        )
    if stopped:
        return f"您的账户目前处于冻结或挂失状态，暂时不能{verb}，可以由人工客服协助您核实。"
    return f"您名下没有可以{verb}的储蓄卡或存款账户。"


def only_now(draft: Draft, verb: str) -> None:
    """Say that it cannot be put off or repeated, where the message that begins it asks for that."""
    if draft.asked is None and LATER.search(draft.words):
        draft.remarks.append(f"这里只能马上{verb}，预约或自动{verb}请在手机银行设置。")


def uncovered(draft: Draft, amount: int, sum_: tuple[str, ...]) -> Iterator[Problem]:
    """What cannot be paid: by any account, then the slots ``sum_`` are wrong, or by the chosen
    one. ``amount`` in fen."""
    fullest = next(iter(payable(draft)), None)
    chosen = next((each for each in draft.accounts if each.id == draft.get("pay_from")), None)
    if fullest and amount > fullest.available:
        text = f"您的账户最多可用 {yuan(fullest.available)}，不够 {yuan(amount)}，请减少金额。"
        yield Problem(sum_, text)
    elif chosen and amount > chosen.available:
        text = f"{chosen.label} 可用 {yuan(chosen.available)}，余额不足，请换一个账户。"
        yield Problem(("pay_from",), text)


def _why_not(account: Account) -> str:
    if account.kind == "credit":
        return "不能用来付款，请选择储蓄卡或存款账户。"
    return WHY_NOT.get(account.status, "已挂失，不能付款。")
