"""A credit card's bill and limit."""

from __future__ import annotations

import re
from datetime import date, timedelta

from rasa_sdk.events import EventType

from actions.loan_queries import answer_loans, names_loan
from actions.query import (
    Query,
    QueryAction,
    asked,
    last_query,
    merged,
    wants_more,
    which,
    words,
)
from actions.turn import Turn
from actions.wording import day, month
from bot.banking.models import Card, CardBill, CardStatement, yuan
from bot.text.periods import format_interval, parse_interval

ASK_WHICH = "查哪张信用卡？"
_LIMIT = re.compile(r"额度")
_LATEST = re.compile(r"本期|这期|这一期|当期|最近一期|最新")
_BEFORE = re.compile(r"(?P<again>再)?上(?:一|个)?(?:期|账期)")


class ActionQueryCardBill(QueryAction):
    """What is to be paid and by when; or the limit, where that is asked for."""

    def name(self) -> str:
        return "action_query_card_bill"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        last = last_query(turn)
        if wants_more(turn) and last.get("about") == "loans":
            return answer_loans(turn, customer_id, last)
        if names_loan(turn):
            return answer_loans(turn, customer_id, {})
        if _LIMIT.search(words(turn)):
            return answer_credit_limit(turn, customer_id, {})
        shown = last if last.get("about") == "bill" and _BEFORE.search(words(turn)) else {}
        return answer_bill(turn, customer_id, shown)


def credit_card(turn: Turn, customer_id: str, query: Query) -> Card | None:
    """The credit card that the query is about; ``None`` once the customer was told or asked."""
    cards = turn.services.bank.cards.list(customer_id)
    credit = [card for card in cards if card.kind == "credit"]
    tail = query.get("card_tail")
    chosen = [card for card in credit if card.tail == tail] if tail else credit
    if len(chosen) == 1:
        query["card_tail"] = chosen[0].tail
        return chosen[0]
    if not credit:
        turn.say("您名下没有信用卡。")
    elif not chosen:
        labels = "、".join(card.label for card in credit)
        debit = any(card.tail == tail for card in cards)
        why = (
            f"尾号 {tail} 是储蓄卡，没有账单和额度" if debit else f"您名下没有尾号 {tail} 的信用卡"
        )
        turn.say(f"{why}。您的信用卡：{labels}。")
    else:
        turn.say(ASK_WHICH, replies=which({card.tail: card.label for card in chosen}))
    return None


def answer_bill(turn: Turn, customer_id: str, last: Query) -> list[EventType]:
    """Say the latest bill, or the one of the month that is asked for."""
    query = merged(turn, last, "bill")
    card = credit_card(turn, customer_id, query)
    if card is None:
        return asked(query)
    bill = turn.services.bank.cards.bill(customer_id, card.id)
    wanted = month_asked(turn, query, bill)
    query.pop("period", None)
    query["statement"] = wanted.isoformat()
    today = turn.today
    if same_month(wanted, bill.statement_on):
        say_bill(turn, card, bill, "")
    elif same_month(wanted, today) and bill.statement_on < today:
        say_bill(turn, card, bill, "本月的账单还没有出，最近一期如下。")
        query["statement"] = bill.statement_on.isoformat()
    else:
        made = turn.services.bank.cards.statement(customer_id, card.id, wanted)
        say_statement(turn, card, made)
    return asked(query)


def month_asked(turn: Turn, query: Query, bill: CardBill) -> date:
    """A day in the month whose statement is meant."""
    text = words(turn)
    before = _BEFORE.search(text)
    if before:
        shown = query.get("statement") if before["again"] else None
        from_ = date.fromisoformat(shown) if shown else bill.statement_on
        return from_.replace(day=1) - timedelta(1)
    if turn.entity("period"):
        return parse_interval(turn.entity("period"))[1]
    if query.get("statement") and not _LATEST.search(text):
        return date.fromisoformat(query["statement"])
    return bill.statement_on


def same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def say_bill(turn: Turn, card: Card, bill: CardBill, before: str) -> None:
    today = turn.today
    due = day(bill.due_on, today)
    if bill.due == 0:
        text = f"您的{card.label} {month(bill.statement_on, today)}账单已还清。"
    elif bill.overdue:
        text = (
            f"您的{card.label} 已经逾期，最低还款额还差 {yuan(bill.minimum_due)}，"
            "请尽快还款，以免继续产生利息和违约金。"
        )
    else:
        left = f"您的{card.label} {month(bill.statement_on, today)}账单还需还 {yuan(bill.due)}"
        text = f"{left}，请在{due}前还款。"
        if bill.minimum_due and today > bill.due_on:
            text = f"{left}，到期还款日是{due}，现在还在宽限期内，请尽快还款，以免逾期。"
    rows = [
        ["账单日", day(bill.statement_on, today)],
        ["账单金额", yuan(bill.balance)],
        ["最低还款额", yuan(bill.minimum)],
        ["到期还款日", due],
        ["已还", yuan(bill.paid)],
        ["待还", yuan(bill.due)],
        ["其中最低待还", yuan(bill.minimum_due)],
        ["未出账单", yuan(bill.unbilled)],
    ]
    if bill.instalments:
        rows.append(["分期未到期", yuan(bill.instalments)])
    entries = format_interval((bill.statement_on, today))
    replies = {"看未出账明细": entries_reply(card, entries)}
    if bill.due:
        quote = {} if bill.overdue else {"看分期方案": "/quote_instalments"}
        repay = f'/repay_card{{"card_tail": "{card.tail}"}}'
        replies = {"还款": repay, **quote, **replies}
    title = f"{card.label} {month(bill.statement_on, today)}账单"
    card_ = {"type": "facts", "title": title, "rows": rows}
    turn.say(before + text, card=card_, replies=replies)


def entries_reply(card: Card, period: str) -> str:
    return f'/query_transactions{{"card_tail": "{card.tail}", "period": "{period}"}}'


def say_statement(turn: Turn, card: Card, made: CardStatement) -> None:
    today = turn.today
    left = made.balance - made.paid
    if made.balance == 0:
        state = "没有需要还的金额。"
    elif left <= 0:
        state = "已还清。"
    elif made.paid >= made.minimum:
        state = f"已还 {yuan(made.paid)}，达到最低还款额。"
    else:
        state = f"已还 {yuan(made.paid)}，没有达到最低还款额。"
    rows = [
        ["账单日", day(made.statement_on, today)],
        ["账单金额", yuan(made.balance)],
        ["最低还款额", yuan(made.minimum)],
        ["到期还款日", day(made.due_on, today)],
        ["下期账单前共还", yuan(made.paid)],
    ]
    before = (made.statement_on.replace(day=1) - timedelta(1)).replace(day=made.statement_on.day)
    entries = format_interval((before, made.statement_on - timedelta(1)))
    title = f"{card.label} {month(made.statement_on, today)}账单"
    turn.say(
        f"您的{title}{state}",
        card={"type": "facts", "title": title, "rows": rows},
        replies={"看这期明细": entries_reply(card, entries)},
    )


def answer_credit_limit(turn: Turn, customer_id: str, last: Query) -> list[EventType]:
    """Say what may be spent, and what of it is a temporary raise."""
    query = merged(turn, last, "credit_limit")
    card = credit_card(turn, customer_id, query)
    if card is None:
        return asked(query)
    limit = turn.services.bank.cards.limit(customer_id, card.id)
    rows = [["总额度", yuan(limit.total)]]
    if limit.temporary and limit.temporary_until:
        until = day(limit.temporary_until, turn.today)
        rows.append(["其中临时额度", f"{yuan(limit.temporary)}（{until}到期）"])
    rows += [
        ["已用", yuan(max(0, limit.total - limit.available))],
        ["可用", yuan(limit.available)],
        ["可取现", yuan(limit.cash)],
    ]
    if not limit.no_raise:
        rows.append(["可临时提至", yuan(limit.raise_to)])
    higher = {} if limit.no_raise else {"临时提额": f'/raise_limit{{"card_tail": "{card.tail}"}}'}
    turn.say(
        f"您的{card.label} 还可以用 {yuan(limit.available)}。",
        card={"type": "facts", "title": f"{card.label} 额度", "rows": rows},
        replies=higher,
    )
    return asked(query)
