"""Reporting a card lost."""

from __future__ import annotations

from actions.choices import Choice, Target
from actions.draft import Draft
from actions.operation_form import OperationForm
from actions.operations import BeginAction, CarryOutAction, OperationDesign
from bot.banking.models import Card, Receipt
from bot.banking.requests import ReportLoss


class LostCard(Target):
    """A card that is in use."""

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(card.id, card.label, card.tail, card.kind)
            for card in draft.cards
            if card.status == "normal"
        ]

    def ask(self, draft: Draft) -> str:
        return "请选择要挂失的是哪张卡："


class CardLoss(OperationDesign):
    """Stops a card at once; lifting it again needs a branch."""

    name = "report_card_loss"
    verb = "挂失"
    fields = (LostCard(),)

    def why_not(self, draft: Draft) -> str | None:
        tail = draft.turn.entity("card_tail")
        stopped = [card for card in draft.cards if card.stopped]
        named = [card for card in stopped if card.tail == tail]
        if named:
            return already_lost(named[0])
        if self.fields[0].choices(draft):
            return None
        if stopped:
            return "".join(already_lost(card) for card in stopped)
        return "您名下目前没有银行卡。存折、存单挂失请找人工客服或到网点办理。"

    def request(self, draft: Draft) -> ReportLoss:
        return ReportLoss(draft.get("operation_target"))

    def confirm(self, draft: Draft) -> str:
        card = self.fields[0].show(draft)
        return f"确认挂失{card}吗？挂失立即生效，这张卡将不能取款和消费。"

    def done(self, draft: Draft, receipt: Receipt) -> str:
        fact = receipt.fact("卡片")
        return (
            f"{fact.text if fact else '您的卡'}已挂失，即刻停止支付。请在 5 天内携带有效身份证件到网点"
            "办理书面挂失；如发现可疑交易，请马上告诉我。"
        )


def already_lost(card: Card) -> str:
    return f"您的{card.label}已经挂失（受理编号 {card.loss_receipt}），无需重复办理。"


class ActionBeginReportCardLoss(BeginAction):
    design = CardLoss()


class ValidateReportCardLossForm(OperationForm):
    design = CardLoss()


class ActionReportCardLoss(CarryOutAction):
    design = CardLoss()
