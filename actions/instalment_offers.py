"""What the bank offers to be paid in instalments, asked for once a turn."""

from __future__ import annotations

from typing import Any

from actions.choices import Choice
from actions.draft import Draft
from actions.instalment_quote import BILL
from actions.wording import day
from bot.banking.errors import BankRefused
from bot.banking.finance import InstalmentPlan
from bot.banking.models import InstalmentOffer, Transaction, yuan
from bot.text.clock import shanghai


class Refused:
    """What the bank says instead of an offer."""

    def __init__(self, refusal: BankRefused) -> None:
        self.code, self.text = refusal.code, str(refusal)


def offer_of(
    draft: Draft, card: str, split: str, amount: int | None = None
) -> InstalmentOffer | Refused:
    """What the bank offers, asked for once a turn."""
    key = ("offer", card, split, amount)
    if key not in draft.known:
        cards, purchase = draft.turn.services.bank.cards, None if split == BILL else split
        try:
            found: Any = cards.instalments(draft.customer_id, card, purchase, amount)
        except BankRefused as refusal:
            found = Refused(refusal)
        draft.known[key] = found
    known: InstalmentOffer | Refused = draft.known[key]
    return known


def present_offer(draft: Draft) -> InstalmentOffer | Refused | None:
    """What the bank offers for what is known so far; ``None`` until it is known what is split."""
    card, split = draft.get("operation_target"), draft.get("split")
    return offer_of(draft, card, split, draft.get("amount")) if card and split else None


def purchases_of(draft: Draft, card: str) -> list[Transaction]:
    """Purchases that may be split, asked for once a turn."""
    if ("purchases", card) not in draft.known:
        found = draft.turn.services.bank.cards.splittable(draft.customer_id, card)
        draft.known["purchases", card] = found
    known: list[Transaction] = draft.known["purchases", card]
    return known


def choices_of(draft: Draft, card: str) -> list[Choice]:
    """The bill, if it may be split, and the newest purchases that may be."""
    bill, today = offer_of(draft, card, BILL), draft.turn.today
    choices = [
        Choice(each.id, each.counterparty or each.summary, "", "",
               f" {yuan(-each.amount)}（{day(shanghai(each.at).date(), today)}）")
        for each in purchases_of(draft, card)
    ]  # fmt: skip
    if isinstance(bill, InstalmentOffer):
        choices.insert(0, Choice(BILL, "本期账单", "", "", f"（可分 {yuan(bill.amount)}）"))
    return choices


def plan_of(offer: InstalmentOffer | Refused | None, periods: int | None) -> InstalmentPlan | None:
    """The plan with so many periods, if it is offered."""
    plans = offer.plans if isinstance(offer, InstalmentOffer) else ()
    return next((plan for plan in plans if plan.periods == periods), None)
