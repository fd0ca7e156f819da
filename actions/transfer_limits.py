"""How much may be transferred, and what of today's is used."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType

from actions.query import Query, QueryAction, accounts_asked, asked, merged
from actions.turn import Turn
from bot.banking.models import Account, TransferLimits, yuan

NOTE = "实际可转金额还要看账户可用余额。"


class ActionQueryLimits(QueryAction):
    """The limits of an account's transfers."""

    def name(self) -> str:
        return "action_query_limits"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        return answer_limits(turn, customer_id, {})


def answer_limits(turn: Turn, customer_id: str, last: Query) -> list[EventType]:
    """Say the limits of the account named, or of all that money can be transferred from."""
    query = merged(turn, last, "limits")
    chosen = accounts_asked(turn, customer_id, query)
    payers = [account for account in chosen if account.kind != "credit"]
    if chosen and not payers:
        turn.say("信用卡不能向外转账。您可以查储蓄卡或存款账户的转账限额。")
    found = [(a, turn.services.bank.transfers.limits(customer_id, a.id)) for a in payers]
    if len(found) == 1:
        say_one(turn, *found[0])
    elif found:
        items = [limit_item(account, limits) for account, limits in found]
        card = {"type": "list", "title": "转账限额", "items": items, "note": NOTE}
        turn.say("您各账户今天的转账限额如下。", card=card)
    return asked(query)


def say_one(turn: Turn, account: Account, limits: TransferLimits) -> None:
    rows = [
        ["单笔最多", yuan(limits.single)],
        ["每日累计", yuan(limits.daily)],
        ["新收款人单笔", yuan(limits.new_payee)],
        ["今天已转", yuan(limits.used)],
        ["今天还可转", yuan(limits.left)],
    ]
    card = {"type": "facts", "title": f"{account.label} 转账限额", "rows": rows, "note": NOTE}
    turn.say(f"您的{account.label} 今天还可以转 {yuan(limits.left)}。", card=card)


def limit_item(account: Account, limits: TransferLimits) -> dict[str, Any]:
    return {
        "title": account.label,
        "balance": f"还可转 {yuan(limits.left)}",
        "note": f"单笔 {yuan(limits.single)}，每日 {yuan(limits.daily)}，"
        f"新收款人单笔 {yuan(limits.new_payee)}；今天已转 {yuan(limits.used)}",
    }
