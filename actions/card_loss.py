"""Reporting a card lost."""

from __future__ import annotations

from actions.operations import (
    BeginAction,
    CarryOutAction,
    OperationDesign,
    OperationValidation,
    Target,
)
from actions.turn import Turn
from bot.banking.models import Card, Receipt
from bot.banking.requests import ReportLoss


class CardLoss(OperationDesign):
    """Stops a card at once; lifting it again needs a branch."""

    name = "report_card_loss"
    verb = "挂失"
    which = "请选择要挂失的是哪张卡："
    confirm = "确认挂失{target}吗？挂失立即生效，这张卡将不能取款和消费。"

    def request(self, target_id: str) -> ReportLoss:
        return ReportLoss(target_id)

    def targets(self, turn: Turn, customer_id: str) -> list[Target]:
        return [
            Target(card.id, card.label, card.tail, card.kind)
            for card in turn.services.bank.cards.list(customer_id)
            if card.status == "normal"
        ]

    def impossible(self, turn: Turn, customer_id: str) -> str | None:
        tail = turn.entity("card_tail")
        for card in turn.services.bank.cards.list(customer_id):
            if card.stopped and card.tail == tail:
                return already_lost(card)
        return None

    def nothing(self, turn: Turn, customer_id: str) -> str:
        lost = [c for c in turn.services.bank.cards.list(customer_id) if c.stopped]
        if lost:
            return "".join(already_lost(card) for card in lost)
        return "您名下目前没有银行卡。存折、存单挂失请找人工客服或到网点办理。"

    def done(self, target: Target, receipt: Receipt) -> str:
        return (
            f"{target.label}已挂失，即刻停止支付。请在 5 天内携带有效身份证件到网点办理书面挂失；"
            "如发现可疑交易，请马上告诉我。"
        )


def already_lost(card: Card) -> str:
    return f"您的{card.label}已经挂失（受理编号 {card.loss_receipt}），无需重复办理。"


class ActionBeginReportCardLoss(BeginAction):
    design = CardLoss()


class ValidateReportCardLossForm(OperationValidation):
    design = CardLoss()


class ActionReportCardLoss(CarryOutAction):
    design = CardLoss()
