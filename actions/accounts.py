"""Balances and transactions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.turn import CustomerAction, Turn
from bot.banking.models import KIND_NAMES, Account
from bot.text.amounts import format_fen
from bot.text.clock import shanghai
from bot.text.periods import format_interval, parse_interval

STATUS_NAMES = {"normal": None, "locked": "密码锁定", "frozen": "已冻结", "paused": "临时止付"}
# Without a period people mean "lately".
RECENT_DAYS = 30
MOST_TRANSACTIONS = 10
ASK_WHICH = "查哪个账户？"


class ActionCheckBalance(CustomerAction):
    """Balance of all accounts, or of the one that is named."""

    def name(self) -> str:
        return "action_check_balance"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        return answer_balance(turn, customer_id, {})


class ActionQueryTransactions(CustomerAction):
    """Transactions of an account in a period."""

    def name(self) -> str:
        return "action_query_transactions"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        return answer_transactions(turn, customer_id, {})


def answer_balance(turn: Turn, customer_id: str, last: dict[str, Any]) -> list[EventType]:
    """Say the balances; ``last`` is the query that this one follows up, if any."""
    query = merged(turn, last, "balance")
    accounts = turn.services.bank.accounts.list(customer_id)
    chosen = named(accounts, query)
    if not accounts:
        turn.say("您名下目前没有账户。")
    elif not chosen:
        turn.say(not_found(query, accounts))
    else:
        text = "您的账户余额如下。" if len(chosen) > 1 else f"您的{chosen[0].label}余额如下。"
        turn.say(text, card={"type": "accounts", "items": [balance_item(a) for a in chosen]})
    return [SlotSet("last_query", query)]


def answer_transactions(turn: Turn, customer_id: str, last: dict[str, Any]) -> list[EventType]:
    """Say the transactions, asking which account where it isn't clear."""
    query = merged(turn, last, "transactions")
    accounts = turn.services.bank.accounts.list(customer_id)
    chosen = named(accounts, query)
    if not accounts:
        turn.say("您名下目前没有账户。")
    elif not chosen:
        turn.say(not_found(query, accounts))
    elif len(chosen) > 1:
        turn.say(
            ASK_WHICH,
            replies={each.label: f'/inform{{"card_tail": "{each.tail}"}}' for each in chosen},
        )
    else:
        show_transactions(turn, customer_id, chosen[0], query.get("period"))
    return [SlotSet("last_query", query)]


def show_transactions(turn: Turn, customer_id: str, account: Account, period: str | None) -> None:
    today = shanghai(turn.services.clock()).date()
    first, last = parse_interval(period) if period else (today - timedelta(RECENT_DAYS - 1), today)
    page = turn.services.bank.accounts.transactions(
        customer_id, account.id, first, last, MOST_TRANSACTIONS
    )
    when = days(first, last)
    if not page.items:
        turn.say(f"您的{account.label}在{when}没有交易。")
        return
    items = [
        {
            "date": shanghai(item.at).strftime("%m-%d %H:%M"),
            "summary": item.summary,
            "amount": signed(item.amount),
        }
        for item in page.items
    ]
    shown = f"最近 {len(items)} 笔" if page.more else f"共 {len(items)} 笔"
    turn.say(
        f"您的{account.label}在{when}的交易如下，{shown}。",
        card={
            "type": "transactions",
            "title": f"{account.label} {format_interval((first, last)).replace('/', ' 至 ')}",
            "items": items,
            "more": page.more,
        },
    )


def merged(turn: Turn, last: dict[str, Any], about: str) -> dict[str, Any]:
    """The query of this message; what it does not say is taken from ``last``."""
    said = {
        "card_tail": turn.entity("card_tail"),
        "kind": turn.entity("account_kind"),
        "period": turn.entity("period"),
    }
    query = {key: value for key, value in last.items() if key != "about"}
    if said["card_tail"] or said["kind"]:
        # A newly named account replaces the former one altogether.
        query.pop("card_tail", None)
        query.pop("kind", None)
    query.update({key: value for key, value in said.items() if value is not None})
    return {**query, "about": about}


def named(accounts: list[Account], query: dict[str, Any]) -> list[Account]:
    """The accounts that the query names; all if it names none."""
    chosen = accounts
    if query.get("card_tail"):
        chosen = [account for account in chosen if account.tail == query["card_tail"]]
    if query.get("kind") and query["kind"] != "all":
        # 「我的卡」 of any kind answers to its tail alone.
        chosen = [a for a in chosen if a.kind == query["kind"]] or (
            chosen if query.get("card_tail") else []
        )
    return chosen


def not_found(query: dict[str, Any], accounts: list[Account]) -> str:
    wanted = (
        f"尾号{query['card_tail']}的账户" if query.get("card_tail") else KIND_NAMES[query["kind"]]
    )
    return f"您名下没有{wanted}。您现有：{'、'.join(account.label for account in accounts)}。"


def balance_item(account: Account) -> dict[str, Any]:
    """One line of the accounts card."""
    if account.kind == "credit":
        note = f"可用额度 {format_fen(account.available)}"
        balance = f"欠款 {format_fen(-account.balance)}" if account.balance < 0 else "无欠款"
    else:
        balance = format_fen(account.balance)
        frozen = f"，冻结 {format_fen(account.frozen)}" if account.frozen else ""
        note = f"可用 {format_fen(account.available)}{frozen}"
    return {
        "title": account.label,
        "balance": balance,
        "note": note,
        "status": STATUS_NAMES[account.status],
    }


def signed(fen: int) -> str:
    return f"{'+' if fen > 0 else ''}{format_fen(fen)}"


def days(first: date, last: date) -> str:
    if first == last:
        return f"{first.month}月{first.day}日"
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日"
