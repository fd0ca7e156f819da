"""Reporting a card lost: for some days, or for good."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from actions.draft import Draft, button
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import Field, OperationDesign, Problem, Question
from actions.operation_form import OperationForm
from actions.own_cards import OwnCard
from bot.banking.models import Card, Receipt
from bot.banking.requests import ReportLoss
from bot.text.clauses import is_denied

DISPUTE = {"有可疑交易": "/dispute_transaction"}


def formal_loss(card: Card | None = None) -> str:
    """The payload that reports a card lost for good; without one it is asked for."""
    named = {"card_tail": card.tail} if card else {}
    return "/report_card_loss" + json.dumps({"loss_kind": "formal", **named})


def new_card(card: Card | None) -> str:
    """The payload that orders a new one for it."""
    return "/replace_card" + (json.dumps({"card_tail": card.tail}) if card else "")


class LossKind(Field):
    """For some days unless the customer says otherwise; a card that is not in use has to be
    reported for good."""

    slot = "loss_kind"
    label = "挂失类型"
    words = r"挂失类型|挂失方式|哪种挂失"
    names = {"temporary": "临时挂失（到期自动失效）", "formal": "正式挂失（长期有效，可补办新卡）"}
    _FORMAL = re.compile(r"正式|书面|永久")
    _TEMPORARY = re.compile(r"临时|口头|暂时")

    def read(self, draft: Draft) -> dict[str, Any]:
        pressed = draft.turn.entity(self.slot)
        if pressed in self.names:
            return {self.slot: pressed}
        for kind, pattern in (("formal", self._FORMAL), ("temporary", self._TEMPORARY)):
            said = [each for each in pattern.finditer(draft.words)]
            if any(not is_denied(draft.words, each.start()) for each in said):
                return {self.slot: kind}
        return {}

    def default(self, draft: Draft) -> str | None:
        card = LOST.card(draft)
        if card is None:
            return None
        return "temporary" if card.status == "normal" else "formal"

    def question(self, draft: Draft) -> Question:
        card = LOST.card(draft)
        kinds = self.names if card and card.status == "normal" else ("formal",)
        return Question(
            "办理哪种挂失？", {self.names[kind]: button(self.slot, kind) for kind in kinds}
        )

    def show(self, draft: Draft) -> str:
        return self.names[draft.get(self.slot)]


class LostCard(OwnCard):
    """A card in use before others; one that never came, or is reported lost for some days, too."""

    states = {"normal": "", "inactive": "（未激活）", "suspended": "（已临时挂失）"}
    whys = {"lost": "已经正式挂失，无需重复办理，可以补办新卡"}

    def default(self, draft: Draft) -> str | None:
        """What is reported for good was most likely reported for some days before."""
        formal = draft.get("loss_kind") == "formal"
        for status in ("suspended", "normal") if formal else ("normal",):
            fitting = [each.id for each in draft.cards if each.status == status]
            if len(fitting) == 1:
                return fitting[0]
        return super().default(draft)

    def ask(self, draft: Draft) -> str:
        return "请选择要挂失的是哪张卡："


LOST = LostCard()


class CardLoss(OperationDesign):
    """Stops a card at once."""

    name = "report_card_loss"
    verb = "挂失"
    urgent = ReportLoss.operation
    protects = True
    waits = False
    fields = (LOST, LossKind())

    def why_not(self, draft: Draft) -> str | None:
        stopped = self._stopped(draft)
        if stopped:
            return "".join(already_lost(card) for card in stopped)
        if LOST.choices(draft):
            return None
        return "您名下目前没有银行卡。存折、存单挂失请找人工客服或到网点办理。"

    def _stopped(self, draft: Draft) -> list[Card]:
        """What is meant and needs no report: the card that is named, or all there are."""
        formal = LossKind().read(draft).get("loss_kind") == "formal"
        done = ("lost",) if formal else ("lost", "suspended")
        tail = draft.turn.entity("card_tail")
        meant = [card for card in draft.cards if card.tail == tail] if tail else draft.cards
        stopped = [card for card in meant if card.status in done]
        return stopped if len(stopped) == len(meant) else []

    def instead(self, draft: Draft) -> dict[str, str]:
        replies = {}
        for card in self._stopped(draft):
            if card.status == "suspended":
                replies["转为正式挂失"] = formal_loss(card)
            else:
                replies["补办新卡"] = new_card(card)
        return replies

    def problems(self, draft: Draft) -> Iterator[Problem]:
        card = LOST.card(draft)
        if card and card.status != "normal" and draft.get("loss_kind") == "temporary":
            now = "还没有激活" if card.status == "inactive" else "已经临时挂失"
            yield Problem(("loss_kind",), f"{card.label} {now}，只能办理正式挂失。")

    def request(self, draft: Draft) -> ReportLoss:
        return ReportLoss(draft.get("operation_target"), formal=draft.get("loss_kind") == "formal")

    def confirm(self, draft: Draft) -> str:
        card = LOST.show(draft)
        if draft.get("loss_kind") == "formal":
            return (
                f"确认正式挂失{card} 吗？立即生效，这张卡不能再使用；解除要本人带身份证到网点办理。"
            )
        return f"确认挂失{card} 吗？立即生效，这张卡将不能取款和消费；找到了可以随时解除。"

    def done(self, draft: Draft, receipt: Receipt) -> str:
        fact, until = receipt.fact("卡片"), receipt.fact("有效至")
        card = fact.text if fact else "您的卡"
        if until is None:
            return f"{card} 已正式挂失，即刻停止支付。现在就可以补办新卡；如发现可疑交易，请马上告诉我。"
        return (
            f"{card} 已临时挂失，即刻停止支付，有效至 {until.text}，到期自动失效。找到了可以随时解除；"
            "找不到请在到期前转为正式挂失。如发现可疑交易，请马上告诉我。"
        )

    def after(self, draft: Draft) -> dict[str, str]:
        card = LOST.card(draft)
        if draft.get("loss_kind") == "temporary":
            return {"转为正式挂失": formal_loss(card), **DISPUTE}
        return {"补办新卡": new_card(card), **DISPUTE}


def already_lost(card: Card) -> str:
    kind = "临时挂失" if card.status == "suspended" else "挂失"
    return f"您的{card.label} 已经{kind}（受理编号 {card.loss_receipt}），无需重复办理。"


class ActionBeginReportCardLoss(BeginAction):
    design = CardLoss()


class ValidateReportCardLossForm(OperationForm):
    design = CardLoss()


class ActionReportCardLoss(CarryOutAction):
    design = CardLoss()
