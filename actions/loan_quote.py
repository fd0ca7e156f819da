"""What a loan would cost a month and in all: worked out for anybody, exact to the fen."""

from __future__ import annotations

import re
from decimal import Decimal

from rasa_sdk.events import EventType

from actions.loan_queries import fits, names_loan
from actions.query import Query, again, asked, merged, words
from actions.turn import Turn
from actions.turn_action import TurnAction
from actions.wording import percent, term
from bot.banking.finance import Payment, equal_instalments, equal_principal
from bot.banking.models import METHOD_NAMES, LoanProduct, yuan
from bot.text.loan_terms import find_loan_terms

USUAL_TERMS = (12, 24, 36, 60)
SCHEDULES = {"equal_instalments": equal_instalments, "equal_principal": equal_principal}
NOTE = "试算供参考，实际以贷款合同为准。"

_BOTH = re.compile(r"两种|都算|对比|比较")


class ActionCalculateLoan(TurnAction):
    """Works out a loan; asks for what is missing."""

    def name(self) -> str:
        return "action_calculate_loan"

    def serve(self, turn: Turn) -> list[EventType]:
        last = dict(turn.slot("last_query") or {})
        # "年利率4.2%" by itself changes what was just worked out.
        base = last if last.get("about") == "loan_quote" and not names_everything(turn) else {}
        return answer_loan_quote(turn, turn.customer_id, base)


def names_everything(turn: Turn) -> bool:
    terms = find_loan_terms(words(turn))
    return terms.amount is not None and terms.months is not None


def answer_loan_quote(turn: Turn, customer_id: str | None, last: Query) -> list[EventType]:
    """Say payments and interest, or ask for sum, term or rate, whichever is missing first."""
    query = with_terms(turn, merged(turn, last, "loan_quote"))
    product = product_of(turn, customer_id, query)
    rate = query.get("annual_rate") or (str(product.annual_rate) if product else None)
    if query.get("amount") is None:
        turn.say("好的，帮您试算。想贷多少？比如“30万”。")
    elif query.get("instalments") is None:
        terms = product.terms if product else USUAL_TERMS
        replies = {term(months): again(instalments=months) for months in terms}
        turn.say(f"贷款 {yuan(query['amount'])}，打算分多久还？", replies=replies)
    elif rate is None:
        ask_rate(turn, customer_id)
    else:
        say_quote(turn, query, Decimal(rate), product)
    return asked(query)


def with_terms(turn: Turn, query: Query) -> Query:
    """The query with what this message says of the loan."""
    said = find_loan_terms(words(turn))
    query = {**query}
    if said.amount is not None:
        query["amount"] = said.amount
    if said.months is not None:
        query["instalments"] = said.months
    if said.annual_rate is not None:
        query["annual_rate"] = str(said.annual_rate)
    elif names_loan(turn):
        # Another product has another rate.
        query.pop("annual_rate", None)
    if said.method is not None:
        query["method"] = said.method
    elif _BOTH.search(words(turn)):
        query.pop("method", None)
    return query


def product_of(turn: Turn, customer_id: str | None, query: Query) -> LoanProduct | None:
    """The product that the query names, as far as the customer may apply for it."""
    if customer_id is None or query.get("product") is None:
        return None
    products = turn.services.bank.loans.products(customer_id)
    found = [product for product in products if fits(product.name, query)]
    return found[0] if len(found) == 1 else None


def ask_rate(turn: Turn, customer_id: str | None) -> None:
    text = "按多少年利率算？可以直接说，比如“年利率3.1%”"
    if customer_id is None:
        turn.say(f"{text}。登录后可以按您能申请的贷款产品算。")
        return
    products = turn.services.bank.loans.products(customer_id)
    replies = {
        f"{product.name} {percent(product.annual_rate)}": again(
            annual_rate=str(product.annual_rate)
        )
        for product in products
    }
    turn.say(f"{text}，也可以选一个产品。", replies=replies)


def say_quote(turn: Turn, query: Query, rate: Decimal, product: LoanProduct | None) -> None:
    amount, months = int(query["amount"]), int(query["instalments"])
    methods = [query["method"]] if query.get("method") else list(SCHEDULES)
    plans = {method: SCHEDULES[method](amount, rate, months) for method in methods}
    rows = [["贷款金额", yuan(amount)], ["期限", term(months)], ["年利率", percent(rate)]]
    for method, payments in plans.items():
        rows += plan_rows(method, payments)
    text = "".join(plan_text(method, payments) for method, payments in plans.items())
    if product is not None and rate == product.annual_rate:
        text = f"按{product.name}年利率 {percent(rate)} 试算，{text}"
        text += outside(product, amount, months)
    else:
        text = f"按年利率 {percent(rate)} 试算，{text}"
    replies = {"申请贷款": "我要申请贷款"}
    card = {"type": "facts", "title": "贷款试算", "rows": rows, "note": NOTE}
    turn.say(text, card=card, replies=replies)


def plan_rows(method: str, payments: tuple[Payment, ...]) -> list[list[str]]:
    name = METHOD_NAMES[method]
    first, last = payments[0].total, payments[-1].total
    interest = ["总利息", yuan(sum(each.interest for each in payments))]
    total = ["还款总额", yuan(sum(each.total for each in payments))]
    if method == "equal_instalments":
        own = [["每月还", yuan(first)]] + ([["末月", yuan(last)]] if last != first else [])
    else:
        own = [["首月还", yuan(first)], ["末月", yuan(last)]]
    return [[f"{name} {label}", value] for label, value in (*own, interest, total)]


def plan_text(method: str, payments: tuple[Payment, ...]) -> str:
    interest = yuan(sum(each.interest for each in payments))
    first, last = yuan(payments[0].total), yuan(payments[-1].total)
    if method == "equal_instalments":
        return f"等额本息每月还 {first}，总利息 {interest}。"
    return f"等额本金首月还 {first}，逐月递减到 {last}，总利息 {interest}。"


def outside(product: LoanProduct, amount: int, months: int) -> str:
    """What to know where the product is not sold like this."""
    if not product.least <= amount <= product.most:
        return f"请留意，{product.name}可贷 {yuan(product.least)} 到 {yuan(product.most)}。"
    if months not in product.terms:
        terms = "、".join(map(str, product.terms))
        return f"请留意，{product.name}的期限可选 {terms} 个月。"
    return ""
