"""Lifting what stops an account or a card: a lock by wrong passwords, the customer's own freeze,
a loss reported for some days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from actions.choices import Choice, Target
from actions.draft import Draft
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import Field, OperationDesign, Question
from actions.operation_form import OperationForm
from bot.banking.models import Account, Card, Receipt
from bot.banking.requests import LiftLoss, Request, UnfreezeAccount, UnlockAccount


class Stop(NamedTuple):
    """A way to be stopped: the note behind the name, the business that lifts it, how it is
    confirmed and told, and what the bank is asked."""

    note: str
    lifted_by: str
    confirm: str
    done: str
    request: Callable[[str], Request]


STOPS: dict[str, Stop] = {
    "locked": Stop(
        "（密码锁定）", "解锁", "{} 因密码多次输错被锁定，确认解锁吗？",
        "{} 已解锁，现在可以正常使用。连续输错密码会再次锁定；记不清密码的，请先在手机银行或网点重置。", UnlockAccount,
    ),
    "paused": Stop(
        "（临时冻结）", "解除临时冻结",
        "确认解除{} 的临时冻结吗？解除后取款、消费和转账即刻恢复。",
        "{} 已解除冻结，现在可以正常使用。", UnfreezeAccount,
    ),
    "suspended": Stop(
        "（临时挂失）", "解除挂失", "请先确认卡片已在您手中。确认解除{} 的挂失吗？",
        "{} 已解除挂失，现在可以正常使用。如果发现卡片被人用过，请马上告诉我。", LiftLoss,
    ),
}  # fmt: skip
WHY_NOT = {
    "frozen": "处于冻结状态，不是密码锁定，需要由人工客服核实后处理",
    "lost": "已正式挂失，解除要本人带身份证和卡到网点办理",
    "inactive": "还没有激活，可以对我说“激活银行卡”",
}


def held(draft: Draft) -> list[Account | Card]:
    """What the customer has: accounts, then cards."""
    return [*draft.accounts, *draft.cards]


class Stopped(Target):
    """An account or a card that the customer can open again."""

    dependents = ("lift",)

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(each.id, each.label, each.tail, each.kind, STOPS[each.status].note)
            for each in held(draft)
            if each.status in STOPS
        ]

    def ask(self, draft: Draft) -> str:
        return "请选择要恢复使用的卡或账户："

    def unknown(self, draft: Draft, tail: str) -> str:
        named = [each for each in held(draft) if each.tail == tail]
        for each in named:
            if each.status in WHY_NOT:
                return f"您的{each.label} {WHY_NOT[each.status]}。"
        if named:
            return f"您的{named[0].label} 没有被锁定、冻结或挂失，可以正常使用。"
        return super().unknown(draft, tail)


class Lift(Field):
    """What stops it, which follows from the choice and is kept: once it is lifted, a repeated turn
    could not tell any more."""

    slot = "lift"
    label = ""
    words = r"(?!)"

    def read(self, draft: Draft) -> dict[str, Any]:
        return {}

    def default(self, draft: Draft) -> str | None:
        target = draft.get("operation_target")
        return next((each.status for each in held(draft) if each.id == target), None)

    def question(self, draft: Draft) -> Question:
        raise AssertionError("it follows from what is chosen")

    def show(self, draft: Draft) -> str:
        return ""  # the first line of the card, as nothing of it can be changed


class Reopen(OperationDesign):
    """A freeze by order and a loss for good are a person's and a branch's matter."""

    name = "unfreeze_account"
    verb = "恢复使用"
    fields = (Stopped(), Lift())

    def why_not(self, draft: Draft) -> str | None:
        field = Stopped()
        if field.choices(draft):
            return None
        tail = draft.turn.entity("card_tail")
        if tail:
            return field.unknown(draft, tail)
        for each in held(draft):
            if each.status in ("frozen", "lost"):
                return f"您的{each.label} {WHY_NOT[each.status]}。"
        return (
            "您名下没有被密码锁定、临时冻结或临时挂失的卡和账户。"
            "如果是长期不用的睡眠户，请本人带身份证到任一网点激活；仍不能使用的，可以找人工客服。"
        )

    def instead(self, draft: Draft) -> dict[str, str]:
        lost = any(each.status == "lost" for each in draft.cards)
        return {"补办新卡": "/replace_card"} if lost else {}

    def request(self, draft: Draft) -> Request:
        return STOPS[draft.get("lift")].request(draft.get("operation_target"))

    def rows(self, draft: Draft) -> list[list[str]]:
        return [["业务", STOPS[draft.get("lift")].lifted_by], *super().rows(draft)[1:]]

    def confirm(self, draft: Draft) -> str:
        return STOPS[draft.get("lift")].confirm.format(self.fields[0].show(draft))

    def done(self, draft: Draft, receipt: Receipt) -> str:
        fact = receipt.fact("账户") or receipt.fact("卡片")
        return STOPS[draft.get("lift")].done.format(fact.text if fact else "")


class ActionBeginUnfreezeAccount(BeginAction):
    design = Reopen()


class ValidateUnfreezeAccountForm(OperationForm):
    design = Reopen()


class ActionUnfreezeAccount(CarryOutAction):
    design = Reopen()
