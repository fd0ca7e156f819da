"""Calling a transfer back that has not arrived yet."""

from __future__ import annotations

from actions.choices import Choice, Target
from actions.draft import Draft
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import OperationDesign
from actions.operation_form import OperationForm
from actions.wording import moment
from bot.banking.models import Receipt, TransferRecord, yuan
from bot.banking.requests import CancelTransfer
from bot.text.clock import shanghai


class PendingTransfer(Target):
    """One that is still under way. The tail is the payee's account's."""

    label = "转账"
    words = r"哪笔|这笔|那笔"

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(each.number, _label(each), each.payee_number[-4:], "", _arrival(each))
            for each in pending(draft)
        ]

    def ask(self, draft: Draft) -> str:
        return "请选择要撤销的是哪一笔转账："

    def unknown(self, draft: Draft, tail: str) -> str:
        return f"没有转往尾号 {tail}、还可以撤销的转账。"

    def read(self, draft: Draft) -> dict[str, str]:
        """By the payee's name or the sum, too, where that tells one from the others."""
        sums = {int(each["value"]) for each in draft.entities("amount")}
        names = {each.payee_name for each in pending(draft) if each.payee_name in draft.words}
        meant = [
            each.number
            for each in pending(draft)
            if (each.amount in sums or not sums) and (each.payee_name in names or not names)
        ]
        if (sums or names) and len(meant) == 1:
            return {self.slot: meant[0]}
        return super().read(draft)


class CancelTransferDesign(OperationDesign):
    """Only a transfer that arrives the next day can be called back, and only till then."""

    name = "cancel_transfer"
    verb = "撤销转账"
    protects = True
    fields = (PendingTransfer(),)

    def why_not(self, draft: Draft) -> str | None:
        if pending(draft):
            return None
        return (
            "您目前没有可以撤销的转账：只有选择“24 小时后到账”、还没有到账的才能撤销，实时转账到账后"
            "无法撤回。如果转错了人或怀疑被骗，请马上转人工。"
        )

    def request(self, draft: Draft) -> CancelTransfer:
        return CancelTransfer(draft.get("operation_target"))

    def confirm(self, draft: Draft) -> str:
        return f"确认撤销{self.fields[0].show(draft)}的转账吗？撤销后款项立即退回原账户。"

    def rows(self, draft: Draft) -> list[list[str]]:
        [chosen] = [e for e in pending(draft) if e.number == draft.get("operation_target")]
        return [
            ["业务", self.verb],
            ["收款人", chosen.payee_name],
            ["收款账户", f"{chosen.payee_bank} 尾号 {chosen.payee_number[-4:]}"],
            ["金额", yuan(chosen.amount)],
            ["预计到账", _moment(chosen)],
        ]

    def done(self, draft: Draft, receipt: Receipt) -> str:
        sum_, account = receipt.fact("退回金额"), receipt.fact("退回账户")
        assert sum_ and account
        return f"已撤销，{sum_.text} 已退回{account.text}。"


def pending(draft: Draft) -> list[TransferRecord]:
    """The transfers that can still be called back, asked for once a turn."""
    if "pending" not in draft.known:
        records = draft.turn.services.bank.transfers.records(draft.customer_id)
        draft.known["pending"] = [each for each in records if each.status == "pending"]
    found: list[TransferRecord] = draft.known["pending"]
    return found


def _label(record: TransferRecord) -> str:
    return f"向{record.payee_name}转出 {yuan(record.amount)}"


def _arrival(record: TransferRecord) -> str:
    return f"（{_moment(record)} 到账）"


def _moment(record: TransferRecord) -> str:
    return moment(record.arrives_at, shanghai(record.arrives_at).date())


class ActionBeginCancelTransfer(BeginAction):
    design = CancelTransferDesign()


class ValidateCancelTransferForm(OperationForm):
    design = CancelTransferDesign()


class ActionCancelTransfer(CarryOutAction):
    design = CancelTransferDesign()
