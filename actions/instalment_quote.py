"""What paying a credit card's bill, or one purchase, in instalments would cost."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk.events import EventType

from actions.credit_card import credit_card
from actions.query import Query, QueryAction, again, asked, figures, merged, words
from actions.turn import Turn
from actions.wording import percent
from bot.banking.finance import InstalmentPlan
from bot.banking.models import Card, InstalmentOffer, Transaction, TransactionFilter, yuan
from bot.text.amounts import find_amounts
from bot.text.instalments import find_purchase_sum

# 银保监规〔2022〕13号: what instalments cost is shown as interest, with the year's rate.
RATE_NAME = "近似折算年化利率（单利）"
# In place of a purchase: the bill.
BILL = "bill"
MOST_PURCHASES = 2


class ActionQuoteInstalments(QueryAction):
    """The plans, or the one that is asked for; nothing is taken by it."""

    def name(self) -> str:
        return "action_quote_instalments"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        return answer_instalments(turn, customer_id, {})


def answer_instalments(turn: Turn, customer_id: str, last: Query) -> list[EventType]:
    """Say what instalments cost: all periods, or the number that is asked for."""
    query = merged(turn, last, "instalments")
    card = credit_card(turn, customer_id, query)
    if card is None:
        return asked(query)
    purchase = purchase_of(turn, customer_id, card)
    if purchase is not None:
        query["purchase"] = purchase.id
    offer = turn.services.bank.cards.instalments(customer_id, card.id, query.get("purchase"))
    plan = next((each for each in offer.plans if each.periods == query.get("instalments")), None)
    if plan is not None:
        say_plan(turn, card, query.get("purchase"), plan)
    else:
        say_plans(turn, card, named(query.get("purchase")), offer, query.get("instalments"))
    return asked(query)


def purchase_of(turn: Turn, customer_id: str, card: Card) -> Transaction | None:
    """The one purchase since the last bill whose amount the message names."""
    sums = [each.value for each in find_amounts(figures(turn))]
    fen = sums[0] if len(sums) == 1 else find_purchase_sum(words(turn))
    if fen is None:
        return None
    bill = turn.services.bank.cards.bill(customer_id, card.id)
    where = TransactionFilter(frozenset({"purchase"}), "out", fen, fen)
    page = turn.services.bank.accounts.transactions(
        customer_id, card.account_id, bill.statement_on, turn.today, MOST_PURCHASES, where=where
    )
    return page.items[0] if len(page.items) == 1 else None


def say_plans(
    turn: Turn, card: Card, what: str, offer: InstalmentOffer, asked_for: int | None
) -> None:
    text = f"{what}可以分期 {yuan(offer.amount)}。{costs(offer)}"
    if asked_for is not None:
        text = f"没有 {asked_for} 期的方案。{text}"
    turn.say(
        text,
        card=plans_card(f"{card.label} 分期试算", offer),
        replies={f"{p.periods} 期": again(instalments=p.periods) for p in offer.plans},
    )


def costs(offer: InstalmentOffer) -> str:
    """What each number of periods costs, in words."""
    each = "；".join(
        f"{plan.periods} 期每期还 {yuan(plan.payments[0].total)}，利息合计 {yuan(plan.total_fee)}，"
        f"年化 {percent(plan.annual_rate)}"
        for plan in offer.plans
    )
    return f"{each}。年化指{RATE_NAME}。"


def plans_card(title: str, offer: InstalmentOffer) -> dict[str, Any]:
    """What each number of periods costs: by period, in all, and a year's rate."""
    items = [
        {
            "title": f"{plan.periods} 期",
            "balance": f"首期 {yuan(plan.payments[0].total)}",
            "note": f"利息每期 {yuan(plan.fee_per_period)}，合计 {yuan(plan.total_fee)}；"
            f"{RATE_NAME}{percent(plan.annual_rate)}",
        }
        for plan in offer.plans
    ]
    return {"type": "list", "title": title, "items": items}


def plan_rows(plan: InstalmentPlan) -> list[list[str]]:
    """The payments of one plan and what they cost."""
    first, last = plan.payments[0].total, plan.payments[-1].total
    final = [["最后一期", yuan(last)]] if last != first else []
    return [
        ["每期应还", yuan(first)],
        *final,
        ["每期利息", yuan(plan.fee_per_period)],
        ["利息合计", yuan(plan.total_fee)],
        [RATE_NAME, percent(plan.annual_rate)],
    ]


def say_plan(turn: Turn, card: Card, purchase: str | None, plan: InstalmentPlan) -> None:
    what = named(purchase)
    rows = [["分期金额", yuan(plan.amount)], ["期数", f"{plan.periods} 期"], *plan_rows(plan)]
    wish = {"card_tail": card.tail, "split": purchase or BILL, "instalments": plan.periods}
    turn.say(
        f"{what} {yuan(plan.amount)} 分 {plan.periods} 期，每期还 {yuan(plan.payments[0].total)}，"
        f"利息合计 {yuan(plan.total_fee)}，{RATE_NAME}{percent(plan.annual_rate)}。",
        card={"type": "facts", "title": f"{card.label} 分期试算", "rows": rows},
        replies={
            f"办理 {plan.periods} 期": "/apply_installment" + json.dumps(wish),
            "看其他期数": "/quote_instalments",
        },
    )


def named(purchase: str | None) -> str:
    return "这笔消费" if purchase else "本期账单"
