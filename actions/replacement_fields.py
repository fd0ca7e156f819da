"""What is asked before a new card is ordered: for which one, and why."""

from __future__ import annotations

import re
from typing import Any

from actions.card_delivery import deliveries, where
from actions.card_loss import formal_loss
from actions.draft import Draft, button
from actions.operation_design import Field, Question
from actions.own_cards import OwnCard
from bot.banking.models import Card
from bot.text.clauses import is_denied

# A card that expires within so many days is the one meant by 到期换卡.
SOON_DAYS = 92


class OldCard(OwnCard):
    """A card reported lost for good, one in use that is damaged or expires, or a new one that came
    back."""

    states = {"lost": "（已挂失）", "normal": "", "inactive": "（新卡被退回）"}
    whys = {"suspended": "是临时挂失，要先转为正式挂失才能补办"}

    def cards(self, draft: Draft) -> list[Card]:
        return [c for c in draft.cards if c.status != "inactive" or self.came_back(draft, c)]

    def came_back(self, draft: Draft, card: Card) -> bool:
        """Whether a new card in its place, or it itself, could not be handed over."""
        found = deliveries(draft).get(card.id)
        return found is not None and found.status == "returned"

    def default(self, draft: Draft) -> str | None:
        """The one reported lost is the one that is missing; another one has to fit the reason."""
        fits = {
            "damaged": lambda card: card.status == "normal",
            "expiring": lambda card: card.status == "normal" and expires_soon(draft, card),
            "returned": lambda card: self.came_back(draft, card),
        }.get(draft.get("replacement_reason") or "", lambda card: card.status == "lost")
        fitting = [each.id for each in draft.cards if fits(each)]
        return fitting[0] if len(fitting) == 1 else super().default(draft)

    def unknown(self, draft: Draft, tail: str) -> str:
        for each in draft.cards:
            if each.tail == tail and each.status == "inactive":
                found = deliveries(draft).get(each.id)
                lost = f"您的{each.label} 是还没有激活的新卡，没有收到请先正式挂失。"
                return where(each, found, draft.turn.today) if found else lost
        return super().unknown(draft, tail)

    def ask(self, draft: Draft) -> str:
        return "请选择要补办的卡："

    def question(self, draft: Draft) -> Question:
        asked = super().question(draft)
        return asked._replace(replies={**asked.replies, "先正式挂失": formal_loss()})


OLD = OldCard()


def expires_soon(draft: Draft, card: Card) -> bool:
    """Whether a card is of no use any more in some weeks, or is already."""
    until = card.expires_on
    return until is not None and (until - draft.turn.today).days <= SOON_DAYS


class Reason(Field):
    """Why a new one is wanted: a card reported lost is lost, one that came back is sent again."""

    slot = "replacement_reason"
    label = "补办原因"
    words = r"原因"
    names = {
        "lost": "遗失补办",
        "damaged": "损坏换新",
        "expiring": "到期换新",
        "returned": "重新寄送",
    }
    _SAID = {
        "returned": re.compile(
            r"[没未](?:有)?(?:收到|寄到|送到|拿到)|收不到|退[回件]|重新?寄|再(?:给我)?寄|[重再]发|补寄|寄丢|寄一次"
        ),
        "expiring": re.compile(
            r"(?<!未)到期|[快要已]?过期|有效期|期满|续[卡发上一张]|(?:快|要|已)?失效|renew"
        ),
        "damaged": re.compile(
            r"[坏损裂断]|消磁|折了|弯了|弯折|磨[花没掉]|掉漆|变形|芯片|磁条|[刷读插]不[出了进上]|不读卡"
        ),
        "lost": re.compile(
            r"(?<!没)(?<!没有)[丢偷]|掉[了在]|落在|不见|遗失|找不[到着]|没了|弄没|挂失"
        ),
    }

    def read(self, draft: Draft) -> dict[str, Any]:
        pressed = draft.turn.entity(self.slot)
        if pressed in self.names:
            return {self.slot: pressed}
        for reason, pattern in self._SAID.items():
            for each in pattern.finditer(draft.words):
                if not is_denied(draft.words, each.start()):
                    return {self.slot: reason}
        return {}

    def default(self, draft: Draft) -> str | None:
        card = OLD.card(draft)
        return {"lost": "lost", "inactive": "returned"}.get(card.status) if card else None

    def question(self, draft: Draft) -> Question:
        card = OLD.card(draft)
        expiring = card is not None and expires_soon(draft, card)
        replies = {"损坏了": button(self.slot, "damaged"), "丢了": self._lost(draft)}
        if expiring:
            replies = {"快到期了": button(self.slot, "expiring"), **replies}
        text = "快到期了、损坏了，还是丢了" if expiring else "损坏了要换，还是丢了"
        return Question(f"{OLD.show(draft)}是{text}？", replies)

    def _lost(self, draft: Draft) -> str:
        """A card that is not reported yet has to be, first."""
        card = OLD.card(draft)
        lost = card is None or card.status == "lost"
        return button(self.slot, "lost") if lost else formal_loss(card)

    def show(self, draft: Draft) -> str:
        return self.names[draft.get(self.slot)]
