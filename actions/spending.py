"""What came in and went out of accounts in all: by month, or by kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rasa_sdk.events import EventType

from actions.filters import filter_of, kinds_of, with_filters
from actions.query import Query, accounts_asked, asked, merged
from actions.turn import Turn
from actions.wording import days, month
from bot.banking.models import TRANSACTION_NAMES, Account, MonthSummary, yuan
from bot.text import calendar_math
from bot.text.calendar_math import Interval
from bot.text.periods import format_interval, parse_interval

# At a time, where entries have to be added up one by one.
PAGE = 200

_TOTAL = re.compile(
    r"一共|总共|总计|合计|共计|加起来|汇总|统计|总额|收支情况|月度"
    r"|(?:花|用|刷|支出|消费|收入|进账|入账|进|赚)了?(?:掉|出去)?(?:多少|几多|好多|几钱)"
)


def wants_total(text: str) -> bool:
    """Whether the sum is asked for rather than the entries."""
    return _TOTAL.search(text) is not None


@dataclass
class Total:
    """Money in and out (both positive), how often, and what went out by kind; fen."""

    income: int = 0
    spending: int = 0
    count: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)


def answer_spending(turn: Turn, customer_id: str, last: Query) -> list[EventType]:
    """Say the totals: of one account by kind or by month, of several account by account."""
    query = with_filters(turn, merged(turn, last, "spending"))
    query.pop("cursor", None)
    today = turn.today
    first, end = (
        parse_interval(query["period"]) if query.get("period") else (today.replace(day=1), today)
    )
    query["period"] = format_interval((first, end))
    chosen = accounts_asked(turn, customer_id, query)
    if len(chosen) == 1:
        query["card_tail"] = chosen[0].tail
        one_account(turn, customer_id, chosen[0], (first, end), query)
    elif chosen:
        several(turn, customer_id, chosen, (first, end), query)
    return asked(query)


def several(
    turn: Turn, customer_id: str, accounts: Sequence[Account], when: Interval, query: Query
) -> None:
    items = []
    for account in accounts:
        total = total_of(turn, customer_id, account, when, query)
        items.append(
            {
                "title": account.label,
                "balance": f"支出 {yuan(total.spending)}",
                "note": f"收入 {yuan(total.income)}，共 {total.count} 笔",
            }
        )
    span = days(*when, turn.today)
    note = "自己账户之间的转账和还款，两边各算一次。"
    card = {"type": "list", "title": f"收支 {span}", "items": items, "note": note}
    turn.say(f"您各账户在{span}的收支如下。", card=card)


def one_account(
    turn: Turn, customer_id: str, account: Account, when: Interval, query: Query
) -> None:
    today = turn.today
    span = days(*when, today)
    total = total_of(turn, customer_id, account, when, query)
    text = (
        f"您的{account.label} 在{span}{kinds_of(query)}：支出 {yuan(total.spending)}，"
        f"收入 {yuan(total.income)}，共 {total.count} 笔。"
    )
    if total.count == 0:
        turn.say(f"您的{account.label} 在{span}没有{kinds_of(query)}收支。")
        return
    months = whole_months(turn, customer_id, account, when, query)
    if len(months) > 1:
        items = [
            {
                "title": month(each.month, today),
                "balance": f"支出 {yuan(each.spending)}",
                "note": f"收入 {yuan(each.income)}，共 {each.count} 笔",
            }
            for each in reversed(months)
        ]
        turn.say(text, card={"type": "list", "title": f"{account.label} 每月收支", "items": items})
        return
    rows = [["支出合计", yuan(total.spending)]]
    rows += [[TRANSACTION_NAMES[kind], yuan(fen)] for kind, fen in total.by_kind.most_common()]
    rows.append(["收入合计", yuan(total.income)])
    turn.say(text, card={"type": "facts", "title": f"{account.label} {span}", "rows": rows})


def total_of(turn: Turn, customer_id: str, account: Account, when: Interval, query: Query) -> Total:
    """From the bank's monthly figures where they fit, else entry by entry."""
    months = whole_months(turn, customer_id, account, when, query)
    if not months:
        return added_up(turn, customer_id, account, when, query)
    total = Total()
    for each in months:
        total.income += each.income
        total.spending += each.spending
        total.count += each.count
        total.by_kind.update(each.by_kind)
    return total


def whole_months(
    turn: Turn, customer_id: str, account: Account, when: Interval, query: Query
) -> list[MonthSummary]:
    """The bank's months, if the period is made of whole ones up to today and nothing is left out."""
    first, last = when
    today = turn.today
    ends = last == calendar_math.month(last.year, last.month)[1] or last == today
    if first.day != 1 or not ends or any(query.get(key) for key in ("kinds", "least", "most")):
        return []
    return turn.services.bank.accounts.summary(customer_id, account.id, first, last)


def added_up(turn: Turn, customer_id: str, account: Account, when: Interval, query: Query) -> Total:
    # Both ways are told, whichever was asked for.
    where = replace(filter_of(query), direction=None)
    total, cursor = Total(), None
    while True:
        page = turn.services.bank.accounts.transactions(
            customer_id, account.id, *when, PAGE, where=where, cursor=cursor
        )
        for item in page.items:
            total.count += 1
            if item.amount > 0:
                total.income += item.amount
            else:
                total.spending -= item.amount
                total.by_kind[item.kind] -= item.amount
        if not page.more:
            return total
        cursor = page.cursor
