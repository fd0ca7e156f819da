"""Stopping an account for a while, by the customer's own wish."""

from __future__ import annotations

from actions.card_loss import DISPUTE
from actions.choices import Choice, Target
from actions.draft import Draft
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import OperationDesign
from actions.operation_form import OperationForm
from bot.banking.models import Account, Receipt
from bot.banking.requests import FreezeAccount

WHY_NOT = {
    "credit": "不能临时冻结；要停止使用可以办理挂失，立即生效",
    "paused": "已经临时冻结，无需重复办理",
    "frozen": "已经处于冻结状态，钱转不出去",
    "locked": "因密码多次输错已被锁定，钱转不出去，无需再冻结",
}


class OpenAccount(Target):
    """A deposit account that money can leave."""

    label = "账户"

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(each.id, each.label, each.tail, each.kind)
            for each in draft.accounts
            if each.kind != "credit" and each.status == "normal"
        ]

    def ask(self, draft: Draft) -> str:
        return "请选择要临时冻结的账户："

    def unknown(self, draft: Draft, tail: str) -> str:
        named = [each for each in draft.accounts if each.tail == tail]
        return why(named[0]) if named else f"您名下没有尾号 {tail} 的账户。"


class Freeze(OperationDesign):
    """No code is asked for: it only protects, and the customer lifts it with one."""

    name = "freeze_account"
    verb = "临时冻结"
    urgent = FreezeAccount.operation
    protects = True
    waits = False
    fields = (OpenAccount(),)

    def why_not(self, draft: Draft) -> str | None:
        meant = self._meant(draft)
        if any(each.kind != "credit" and each.status == "normal" for each in meant):
            return None
        return "".join(why(each) for each in meant) or "您名下没有可以冻结的账户。"

    def _meant(self, draft: Draft) -> list[Account]:
        """The accounts named by tail or kind, all where none is named."""
        tail, kind = draft.turn.entity("card_tail"), draft.turn.entity("account_kind")
        if tail:
            return [each for each in draft.accounts if each.tail == tail] or draft.accounts
        return [each for each in draft.accounts if each.kind == kind] or draft.accounts

    def instead(self, draft: Draft) -> dict[str, str]:
        meant = self._meant(draft)
        credit = any(each.kind == "credit" for each in meant)
        paused = any(each.status == "paused" for each in meant)
        return {
            **({"挂失信用卡": '/report_card_loss{"account_kind": "credit"}'} if credit else {}),
            **({"解除冻结": "/unfreeze_account"} if paused else {}),
        }

    def request(self, draft: Draft) -> FreezeAccount:
        return FreezeAccount(draft.get("operation_target"))

    def confirm(self, draft: Draft) -> str:
        account = self.fields[0].show(draft)
        return (
            f"确认临时冻结{account} 吗？取款、消费、转出和自动扣款（房贷、信用卡、水电费等）"
            "会立即停止，别人仍可以转入；您可以随时解除。"
        )

    def done(self, draft: Draft, receipt: Receipt) -> str:
        fact = receipt.fact("账户")
        return (
            f"{fact.text if fact else '您的账户'} 已临时冻结，钱转不出去了。想恢复时对我说“解除冻结”；"
            "如有不是您本人做的交易，请马上告诉我。"
        )

    def after(self, draft: Draft) -> dict[str, str]:
        return {"解除冻结": "/unfreeze_account", **DISPUTE}


def why(account: Account) -> str:
    """Why this one cannot be frozen, as a sentence."""
    state = "credit" if account.kind == "credit" else account.status
    return f"您的{account.label} {WHY_NOT[state]}。"


class ActionBeginFreezeAccount(BeginAction):
    design = Freeze()


class ValidateFreezeAccountForm(OperationForm):
    design = Freeze()


class ActionFreezeAccount(CarryOutAction):
    design = Freeze()
