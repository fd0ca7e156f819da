"""The customer's own cards, to be chosen from by the state that they are in."""

from __future__ import annotations

from typing import ClassVar

from actions.choices import Choice, Target
from actions.draft import Draft
from bot.banking.models import CARD_STATUS_NAMES, Card, CardStatus


class OwnCard(Target):
    """A card in one of some states.

    ``states`` maps those in which it may be chosen to a note behind its name, ``whys`` the others
    to what is said of it.
    """

    label = "卡片"
    states: ClassVar[dict[CardStatus, str]]
    whys: ClassVar[dict[CardStatus, str]] = {}

    def cards(self, draft: Draft) -> list[Card]:
        """The cards that it may be, whatever their state."""
        return draft.cards

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(each.id, each.label, each.tail, each.kind, self.states[each.status])
            for each in self.cards(draft)
            if each.status in self.states
        ]

    def card(self, draft: Draft) -> Card | None:
        """The card chosen."""
        return next((each for each in draft.cards if each.id == draft.get(self.slot)), None)

    def unknown(self, draft: Draft, tail: str) -> str:
        for each in draft.cards:
            if each.tail == tail and each.status in self.whys:
                return f"您的{each.label} {self.whys[each.status]}。"
        return f"您名下没有尾号 {tail} 的卡。"


class CreditCard(OwnCard):
    """A credit card in use."""

    label = "信用卡"
    words = r"信用卡|哪张卡|卡片"
    states = {"normal": ""}

    def cards(self, draft: Draft) -> list[Card]:
        return [card for card in draft.cards if card.kind == "credit"]

    def ask(self, draft: Draft) -> str:
        return "请选择信用卡："

    def unknown(self, draft: Draft, tail: str) -> str:
        return no_credit_card(draft, tail) or f"您名下没有尾号 {tail} 的信用卡。"


def no_credit_card(draft: Draft, tail: str | None) -> str | None:
    """Why there is no credit card in use to do something with: none at all, or the one of this
    tail is something else. ``None`` if nothing stands against it."""
    credit = [card for card in draft.cards if card.kind == "credit"]
    named = next((card for card in draft.cards if card.tail == tail), None)
    if named is not None and named.kind != "credit":
        return f"{named.label} 不是信用卡，不能办理这项业务。"
    meant = [named] if named else credit
    if meant and all(card.status != "normal" for card in meant):
        return f"您的{meant[0].label}（{CARD_STATUS_NAMES[meant[0].status]}）暂时不能办理这项业务。"
    return None if credit else "您名下没有信用卡。"
