"""Opening an account again that wrong passwords have locked."""

from __future__ import annotations

from actions.choices import Choice, Target
from actions.draft import Draft
from actions.operation_form import OperationForm
from actions.operations import BeginAction, CarryOutAction, OperationDesign
from bot.banking.models import Receipt
from bot.banking.requests import UnlockAccount


class LockedAccount(Target):
    """An account that wrong passwords have locked."""

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(each.id, each.label, each.tail, each.kind)
            for each in draft.accounts
            if each.status == "locked"
        ]

    def ask(self, draft: Draft) -> str:
        return "请选择要解锁的账户："


class Unlock(OperationDesign):
    """Only a lock by wrong passwords; a freeze by order is a person's matter."""

    name = "unfreeze_account"
    verb = "解锁"
    fields = (LockedAccount(),)

    def why_not(self, draft: Draft) -> str | None:
        if self.fields[0].choices(draft):
            return None
        if any(account.status == "frozen" for account in draft.accounts):
            return "您有账户处于冻结状态，不是密码锁定，需要由人工客服核实后处理。"
        return "您名下没有被密码锁定的账户，都可以正常使用。如果仍有问题，可以找人工客服。"

    def request(self, draft: Draft) -> UnlockAccount:
        return UnlockAccount(draft.get("operation_target"))

    def confirm(self, draft: Draft) -> str:
        return f"{self.fields[0].show(draft)}因密码多次输错被锁定，确认解锁吗？"

    def done(self, draft: Draft, receipt: Receipt) -> str:
        fact = receipt.fact("账户")
        return (
            f"{fact.text if fact else '您的账户'}已解锁，现在可以正常使用。请用正确的密码，"
            "再次连续输错还会被锁定。"
        )


class ActionBeginUnfreezeAccount(BeginAction):
    design = Unlock()


class ValidateUnfreezeAccountForm(OperationForm):
    design = Unlock()


class ActionUnfreezeAccount(CarryOutAction):
    design = Unlock()
