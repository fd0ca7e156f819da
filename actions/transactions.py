"""Transactions of an account: by period, kind and size, page by page."""

from __future__ import annotations

from datetime import date, timedelta

from rasa_sdk.events import EventType

from actions.filters import FILTERS, described, filter_of, with_filters
from actions.query import (
    Query,
    QueryAction,
    accounts_asked,
    again,
    asked,
    figures,
    last_query,
    merged,
    wants_more,
    which,
    words,
)
from actions.spending import answer_spending, wants_total
from actions.turn import Turn
from actions.wording import days, moment, signed
from bot.banking.models import Account, Page
from bot.text.bounds import Wanted, find_wanted
from bot.text.calendar_math import Interval
from bot.text.periods import format_interval, parse_interval

# Without a period people mean "lately".
RECENT_DAYS = 30
MOST_TRANSACTIONS = 10
ASK_WHICH = "查哪个账户？"
# What was looked up on an account before: the same account is meant unless another is named.
ON_ACCOUNT = ("transactions", "spending", "balance")


class ActionQueryTransactions(QueryAction):
    """Transactions of an account in a period, or what they come to."""

    def name(self) -> str:
        return "action_query_transactions"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        last, text = last_query(turn), words(turn)
        if wants_more(turn) and last.get("about") == "transactions":
            return answer_transactions(turn, customer_id, last)
        base = kept(turn, last, find_wanted(figures(turn)))
        if wants_total(text):
            return answer_spending(turn, customer_id, base)
        return answer_transactions(turn, customer_id, base)


def kept(turn: Turn, last: Query, wanted: Wanted) -> Query:
    """What of the last query this new one still means: its account, and where it only narrows
    what was shown ("只看支出"), its period too."""
    if last.get("about") not in ON_ACCOUNT:
        return {}
    base = {"card_tail": last["card_tail"]} if last.get("card_tail") else {}
    narrows = last["about"] != "balance" and (wanted.sizes or wanted.sorts)
    if narrows and last.get("period") and turn.entity("period") is None:
        base["period"] = last["period"]
    return base


def answer_transactions(turn: Turn, customer_id: str, last: Query) -> list[EventType]:
    """Say the transactions, asking which account where it isn't clear."""
    query = with_filters(turn, merged(turn, last, "transactions"))
    cursor = query.pop("cursor", None)
    more = wants_more(turn)
    chosen = accounts_asked(turn, customer_id, query)
    if len(chosen) > 1:
        turn.say(ASK_WHICH, replies=which({each.tail: each.label for each in chosen}))
    elif chosen and more and last.get("about") == "transactions" and cursor is None:
        turn.say("已经是全部了，没有更早的记录。")
    elif chosen:
        show(turn, customer_id, chosen[0], query, cursor if more else None)
    return asked(query)


def show(turn: Turn, customer_id: str, account: Account, query: Query, cursor: str | None) -> None:
    """Say one page; the query learns the account, the days and where the next page begins."""
    today = turn.today
    first, last = interval_of(query, today)
    page = turn.services.bank.accounts.transactions(
        customer_id, account.id, first, last, MOST_TRANSACTIONS,
        where=filter_of(query), cursor=cursor,
    )  # fmt: skip
    query.update(card_tail=account.tail, period=format_interval((first, last)))
    when = days(first, last, today)
    noun = described(query)
    if not page.items:
        replies = {"看全部交易": again(page="all")} if any(map(query.get, FILTERS)) else None
        turn.say(f"您的{account.label} 在{when}没有{noun}。", replies=replies)
        return
    if page.more:
        query["cursor"] = page.cursor
    text = (
        f"接着往前的 {len(page.items)} 笔如下。" if cursor else opening(account, when, noun, page)
    )
    card = {
        "type": "transactions",
        "title": f"{account.label} {when}",
        "items": [
            {
                "date": moment(item.at, today),
                "summary": " ".join(filter(None, (item.summary, item.counterparty))),
                "amount": signed(item.amount),
            }
            for item in page.items
        ],
        "more": page.more,
    }
    turn.say(text, card=card, replies={"再看几笔": again(page="next")} if page.more else None)


def opening(account: Account, when: str, noun: str, page: Page) -> str:
    shown = f"最近 {len(page.items)} 笔" if page.more else f"共 {len(page.items)} 笔"
    return f"您的{account.label} 在{when}的{noun}如下，{shown}。"


def interval_of(query: Query, today: date) -> Interval:
    """The days that the query asks for."""
    if query.get("period"):
        return parse_interval(query["period"])
    return today - timedelta(RECENT_DAYS - 1), today
