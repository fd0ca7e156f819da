"""Opening an account again that wrong passwords have locked."""

from __future__ import annotations

from actions.operations import (
    BeginAction,
    CarryOutAction,
    OperationDesign,
    OperationValidation,
    Target,
)
from actions.turn import Turn
from bot.banking.models import Receipt
from bot.banking.requests import UnlockAccount


class Unlock(OperationDesign):
    """Only a lock by wrong passwords; a freeze by order is a person's matter."""

    name = "unfreeze_account"
    verb = "解锁"
    which = "请选择要解锁的账户："
    confirm = "{target}因密码多次输错被锁定，确认解锁吗？"

    def request(self, target_id: str) -> UnlockAccount:
        return UnlockAccount(target_id)

    def targets(self, turn: Turn, customer_id: str) -> list[Target]:
        return [
            Target(account.id, account.label, account.tail, account.kind)
            for account in turn.services.bank.accounts.list(customer_id)
            if account.status == "locked"
        ]

    def nothing(self, turn: Turn, customer_id: str) -> str:
        accounts = turn.services.bank.accounts.list(customer_id)
        if any(account.status == "frozen" for account in accounts):
            return "您有账户处于冻结状态，不是密码锁定，需要由人工客服核实后处理。"
        return "您名下没有被密码锁定的账户，都可以正常使用。如果仍有问题，可以找人工客服。"

    def done(self, target: Target, receipt: Receipt) -> str:
        return f"{target.label}已解锁，现在可以正常使用。请用正确的密码，再次连续输错还会被锁定。"


class ActionBeginUnfreezeAccount(BeginAction):
    design = Unlock()


class ValidateUnfreezeAccountForm(OperationValidation):
    design = Unlock()


class ActionUnfreezeAccount(CarryOutAction):
    design = Unlock()
