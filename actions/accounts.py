"""Balances and what an account is: number, branch, rate."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from rasa_sdk.events import EventType

from actions.credit_card import answer_credit_limit
from actions.query import Query, QueryAction, accounts_asked, asked, merged, words
from actions.turn import Turn
from actions.wording import day, percent
from bot.banking.models import Account, AccountDetails, yuan
from bot.text.periods import parse_interval

STATUS_NAMES = {"normal": None, "locked": "密码锁定", "frozen": "已冻结", "paused": "临时冻结"}

_DETAILS = re.compile(
    r"账户(?:的)?(?:信息|详情|资料|详细)|开户(?:行|网点|支行|日期|时间|地)|(?:哪天|什么时候|哪年|何时)开的?户?"
    r"|账号|卡号|户名|存款利率"
)
_CREDIT_LIMIT = re.compile(r"额度")


class ActionCheckBalance(QueryAction):
    """Balance of all accounts, or of the one that is named."""

    def name(self) -> str:
        return "action_check_balance"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        text = words(turn)
        if _DETAILS.search(text):
            return answer_details(turn, customer_id, {})
        if turn.entity("account_kind") == "credit" and _CREDIT_LIMIT.search(text):
            return answer_credit_limit(turn, customer_id, {})
        return answer_balance(turn, customer_id, {})


def answer_balance(turn: Turn, customer_id: str, last: Query) -> list[EventType]:
    """Say the balances; ``last`` is the query that this one follows up, if any."""
    query = merged(turn, last, "balance")
    chosen = accounts_asked(turn, customer_id, query)
    if not chosen:
        return asked(query)
    text = "您的账户余额如下。" if len(chosen) > 1 else f"您的{chosen[0].label} 余额如下。"
    replies = None
    if past(query.pop("period", None), turn.today):
        text = f"余额只能查到现在的；{text}的收支可以看交易明细。"
        replies = {"看交易明细": f'/query_transactions{{"period": "{turn.entity("period")}"}}'}
    card = {"type": "accounts", "items": [balance_item(a) for a in chosen]}
    deposits = [account for account in chosen if account.kind != "credit"]
    if len(deposits) > 1:
        card["note"] = f"存款合计 {yuan(sum(account.balance for account in deposits))}"
    turn.say(text, card=card, replies=replies)
    return asked(query)


def past(period: str | None, today: date) -> bool:
    """Whether the period is over."""
    return period is not None and parse_interval(period)[1] < today


def answer_details(turn: Turn, customer_id: str, last: Query) -> list[EventType]:
    """Say what the accounts are; their numbers masked."""
    query = merged(turn, last, "details")
    found = [
        turn.services.bank.accounts.details(customer_id, account.id)
        for account in accounts_asked(turn, customer_id, query)
    ]
    today = turn.today
    if len(found) == 1:
        rows = detail_rows(found[0], today)
        card: dict[str, Any] = {"type": "facts", "title": found[0].account.label, "rows": rows}
        turn.say(f"您的{found[0].account.label} 资料如下，账号只显示一部分。", card=card)
    elif found:
        items = [
            {
                "title": each.account.label,
                "note": f"{each.masked}，{day(each.opened_on, today)}开户，{each.branch}",
                "status": STATUS_NAMES[each.account.status],
            }
            for each in found
        ]
        card = {"type": "list", "title": "账户资料", "items": items}
        turn.say("您的账户资料如下，账号只显示一部分。", card=card)
    return asked(query)


def detail_rows(details: AccountDetails, today: date) -> list[list[str]]:
    rate = "透支年利率" if details.account.kind == "credit" else "存款年利率"
    return [
        ["账号", details.masked],
        ["状态", STATUS_NAMES[details.account.status] or "正常"],
        ["开户日期", day(details.opened_on, today)],
        ["开户网点", details.branch],
        [rate, percent(details.annual_rate)],
    ]


def balance_item(account: Account) -> dict[str, Any]:
    """One line of the accounts card."""
    if account.kind == "credit":
        note = f"可用额度 {yuan(account.available)}"
        balance = f"欠款 {yuan(-account.balance)}" if account.balance < 0 else "无欠款"
    else:
        balance = yuan(account.balance)
        frozen = f"，冻结 {yuan(account.frozen)}" if account.frozen else ""
        note = f"可用 {yuan(account.available)}{frozen}"
    return {
        "title": account.label,
        "balance": balance,
        "note": note,
        "status": STATUS_NAMES[account.status],
    }
