"""A new card for one that is lost or damaged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from actions.card_loss import formal_loss
from actions.draft import Draft, button
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import Field, OperationDesign, Problem, Question
from actions.operation_form import OperationForm
from actions.own_cards import OwnCard
from actions.wording import day
from bot.banking.errors import BankRefused
from bot.banking.models import Card, Receipt, ReplacementTerms, yuan
from bot.banking.requests import OrderReplacement
from bot.text.clauses import is_denied


class OldCard(OwnCard):
    """A card reported lost for good, or one in use that is damaged."""

    states = {"lost": "（已挂失）", "normal": ""}
    whys = {
        "inactive": "是还没有激活的新卡，没有收到请先正式挂失",
        "suspended": "是临时挂失，要先转为正式挂失才能补办",
    }

    def default(self, draft: Draft) -> str | None:
        """The one reported lost is the one that is missing; a damaged one is in use."""
        meant = "normal" if draft.get("replacement_reason") == "damaged" else "lost"
        fitting = [each.id for each in draft.cards if each.status == meant]
        return fitting[0] if len(fitting) == 1 else super().default(draft)

    def ask(self, draft: Draft) -> str:
        return "请选择要补办的卡："

    def question(self, draft: Draft) -> Question:
        asked = super().question(draft)
        return asked._replace(replies={**asked.replies, "先正式挂失": formal_loss()})


OLD = OldCard()


class Reason(Field):
    """Why a new one is wanted: a card reported lost is lost, another one must be damaged."""

    slot = "replacement_reason"
    label = "补办原因"
    words = r"原因"
    names = {"lost": "遗失补办", "damaged": "损坏换新"}
    _DAMAGED = re.compile(
        r"[坏损裂断]|消磁|折了|弯了|弯折|磨[花没掉]|掉漆|变形|芯片|磁条|[刷读插]不[出了进上]|不读卡"
    )
    _LOST = re.compile(r"(?<!没)(?<!没有)[丢偷]|掉[了在]|落在|不见|遗失|找不[到着]|没了|弄没|挂失")

    def read(self, draft: Draft) -> dict[str, Any]:
        for reason, pattern in (("damaged", self._DAMAGED), ("lost", self._LOST)):
            for each in pattern.finditer(draft.words):
                if not is_denied(draft.words, each.start()):
                    return {self.slot: reason}
        return {}

    def default(self, draft: Draft) -> str | None:
        card = OLD.card(draft)
        return "lost" if card and card.status == "lost" else None

    def question(self, draft: Draft) -> Question:
        return Question(
            f"{OLD.show(draft)}是损坏了要换，还是丢了？",
            {"损坏了": button(self.slot, "damaged"), "丢了": self._lost(draft)},
        )

    def _lost(self, draft: Draft) -> str:
        """A card that is not reported yet has to be, first."""
        card = OLD.card(draft)
        lost = card is None or card.status == "lost"
        return button(self.slot, "lost") if lost else formal_loss(card)

    def show(self, draft: Draft) -> str:
        return self.names[draft.get(self.slot)]


class Replacement(OperationDesign):
    """Sent to the address that the bank has; whoever has stolen an account cannot have it sent
    elsewhere."""

    name = "replace_card"
    verb = "补办新卡"
    fields = (OLD, Reason())

    def why_not(self, draft: Draft) -> str | None:
        tail = draft.turn.entity("card_tail")
        states = [card.status for card in draft.cards]
        missing = Reason().read(draft).get("replacement_reason") == "lost" and "lost" not in states
        if OLD.choices(draft) and not missing:
            return None
        meant = self._meant(draft)
        if tail and meant is None or meant and meant.status in OLD.whys:
            return OLD.unknown(draft, meant.tail if meant else tail)
        if missing and states:
            return "丢失的卡要先正式挂失，才能补办新卡。挂失立即生效，办完就可以接着补办。"
        return "您名下没有可以补办的卡。新办的卡还没收到、或要补存折存单，可以找人工客服。"

    def _meant(self, draft: Draft) -> Card | None:
        """The card that is named, or the one reported lost for some days."""
        tail = draft.turn.entity("card_tail")
        fitting = [
            card
            for card in draft.cards
            if (card.tail == tail if tail else card.status == "suspended")
        ]
        return fitting[0] if len(fitting) == 1 else None

    def instead(self, draft: Draft) -> dict[str, str]:
        if all(card.status == "lost" for card in draft.cards):
            return {}
        return {"先正式挂失": formal_loss(self._meant(draft))}

    def problems(self, draft: Draft) -> Iterator[Problem]:
        """What the bank would refuse: the reason does not fit the card, the fee is not there."""
        if draft.get("operation_target") and draft.get("replacement_reason"):
            try:
                self.terms(draft)
            except BankRefused as refusal:
                poor = refusal.code == "insufficient"
                slot = "operation_target" if poor else "replacement_reason"
                yield Problem((slot,), str(refusal))

    def terms(self, draft: Draft) -> ReplacementTerms:
        """What the new card costs and where it goes, asked for once a turn."""
        request = self.request(draft)
        if request not in draft.known:
            cards = draft.turn.services.bank.cards
            draft.known[request] = cards.replacement_terms(draft.customer_id, request)
        found: ReplacementTerms = draft.known[request]
        return found

    def request(self, draft: Draft) -> OrderReplacement:
        return OrderReplacement(draft.get("operation_target"), draft.get("replacement_reason"))

    def confirm(self, draft: Draft) -> str:
        if self.terms(draft).same_number:
            number = "卡号不变，旧卡随即停用，已绑定的线上支付不受影响"
        else:
            number = "旧卡号不再使用，新卡会有新的卡号"
        return f"确认补办{OLD.show(draft)}吗？{number}。新卡寄往您登记的地址；地址有变，请先到网点更新。"

    def rows(self, draft: Draft) -> list[list[str]]:
        terms, card = self.terms(draft), OLD.card(draft)
        from_ = "计入信用卡账单" if card and card.kind == "credit" else "从这张卡的账户扣收"
        today = draft.turn.today
        return [
            *super().rows(draft),
            ["寄送地址", terms.address],
            ["工本费", f"{yuan(terms.fee)}（{from_}）" if terms.fee else "免费"],
            ["预计送达", day(terms.arrives_on, today)],
        ]

    def done(self, draft: Draft, receipt: Receipt) -> str:
        card, by = receipt.fact("新卡"), receipt.fact("预计送达")
        new = f"新卡（{card.text}）" if card else "新卡"
        text = f"已受理，{new}预计{by.text}前寄到。" if by else f"已受理，{new}会寄到您登记的地址。"
        if draft.get("replacement_reason") == "lost":
            text += "卡号变了，微信、支付宝和代扣请在收到新卡后重新绑定。"
        return text + "收到后对我说“激活银行卡”就能使用。"


class ActionBeginReplaceCard(BeginAction):
    design = Replacement()


class ValidateReplaceCardForm(OperationForm):
    design = Replacement()


class ActionReplaceCard(CarryOutAction):
    design = Replacement()
