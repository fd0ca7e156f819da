"""New cards on their way: where one is, and what can be done where it does not arrive."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

from rasa_sdk.events import EventType

from actions.card_loss import formal_loss, new_card
from actions.draft import Draft
from actions.query import QueryAction
from actions.turn import Turn
from actions.wording import day
from bot.banking.models import Card, CardDelivery

NOTHING = "没有查到正在寄送的新卡，激活过的卡也不再显示寄送进度。"
STATUS_NAMES = {
    "making": "制卡中",
    "under_way": "寄送中",
    "returned": "已退回",
    "delivered": "已签收",
}


class ActionTrackCard(QueryAction):
    """“新卡寄到哪了”, “卡一直没收到”: where each new card is."""

    def name(self) -> str:
        return "action_track_card"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        cards = {card.id: card for card in turn.services.bank.cards.list(customer_id)}
        every = turn.services.bank.cards.deliveries(customer_id)
        tail = turn.entity("card_tail")
        chosen = [each for each in every if cards[each.card_id].tail == tail] or every
        if not chosen:
            turn.say(
                f"{NOTHING}首次申请的信用卡，可以查审批进度。",
                replies={
                    "补办新卡": new_card(None),
                    "查信用卡审批进度": "信用卡申请进度在哪里查？",
                },
            )
            return []
        today = turn.today
        turn.say(
            "".join(where(cards[each.card_id], each, today) for each in chosen),
            card={
                "type": "list",
                "title": "新卡寄送",
                "items": [item(cards[each.card_id], each) for each in chosen],
            },
            replies=next_steps(cards, chosen),
        )
        return []


def deliveries(draft: Draft) -> dict[str, CardDelivery]:
    """New cards on their way by the card's id, asked for once a turn."""
    if CardDelivery not in draft.known:
        found = draft.turn.services.bank.cards.deliveries(draft.customer_id)
        draft.known[CardDelivery] = {each.card_id: each for each in found}
    known: dict[str, CardDelivery] = draft.known[CardDelivery]
    return known


def told(draft: Draft) -> str:
    """Where every new card on its way is, or that there is none."""
    cards, today = {card.id: card for card in draft.cards}, draft.turn.today
    coming = deliveries(draft).values()
    return "".join(where(cards[each.card_id], each, today) for each in coming) or NOTHING


def where(card: Card, delivery: CardDelivery, today: date) -> str:
    """One sentence or two on a new card, for the customer."""
    new, since = f"您{card.label} 的新卡", day(delivery.since, today)
    if delivery.status == "returned":
        return f"{new}无人签收，{since}已退回我行，可以为您免费重新寄出。"
    if delivery.status == "delivered":
        return (
            f"{new}在快递那里显示{since}已签收。如果您和家人都没有收到，为防止被他人使用，"
            "请尽快正式挂失，再补办新卡。"
        )
    by = f"预计{day(delivery.arrives_on, today)}前送达" if delivery.arrives_on else ""
    if delivery.status == "making":
        return f"{new}{since}已受理，正在制作，{by}。"
    return f"{new}{since}已寄出，{by}，请留意快递电话。"


def item(card: Card, delivery: CardDelivery) -> dict[str, str]:
    letter = f"{delivery.carrier} {delivery.waybill}，" if delivery.waybill else ""
    return {
        "title": card.label,
        "balance": STATUS_NAMES[delivery.status],
        "note": f"{letter}寄往 {delivery.address}",
    }


def next_steps(cards: Mapping[str, Card], chosen: Sequence[CardDelivery]) -> dict[str, str]:
    """Quick replies to what can be done about them now."""
    replies: dict[str, str] = {}
    for each in chosen:
        card = cards[each.card_id]
        if each.status == "returned":
            said = {"card_tail": card.tail, "replacement_reason": "returned"}
            replies["重新寄出"] = "/replace_card" + json.dumps(said)
        elif each.status == "delivered":
            replies["激活新卡"] = "/activate_card" + json.dumps({"card_tail": card.tail})
            replies["没有收到，正式挂失"] = formal_loss(card)
    return replies
