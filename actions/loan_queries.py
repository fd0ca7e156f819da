"""The customer's own loans with their schedules, and how applications get on."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from rasa_sdk.events import EventType

from actions.loan_materials import title_of, upload_replies
from actions.query import Query, QueryAction, again, asked, merged, wants_more, words
from actions.turn import Turn
from actions.wording import day, moment, percent
from bot.banking.models import (
    APPLICATION_NAMES,
    METHOD_NAMES,
    Loan,
    LoanApplication,
    LoanPayment,
    LoanProduct,
    yuan,
)

# Of a schedule so many payments at a time.
PAYMENTS = 6
# What customers call a loan, and what stands in the names of products.
PRODUCT_WORDS = {
    "mortgage": "房",
    "car_loan": "车",
    "consumer_loan": "消费",
    "business_loan": "经营",
    "renovation_loan": "装修",
    "credit_loan": "信用",
    "student_loan": "助学",
    "provident_loan": "公积金",
}
FIELD_NAMES = {
    "amount": "贷款金额", "months": "期限", "method": "还款方式", "purpose": "贷款用途",
    "income": "月收入", "credit_consent": "征信授权",
}  # fmt: skip

_RUNNING = re.compile(
    r"还剩|剩余|剩下|还欠|没还|未还|月供|还款计划|余额|几期|扣款|下期|下次|利率|每月还"
)
_SCHEDULE = re.compile(r"还款计划|每期|每个月|各期|明细|接下来")


class ActionQueryLoans(QueryAction):
    """What is still owed and when the next payment is due."""

    def name(self) -> str:
        return "action_query_loans"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        return answer_loans(turn, customer_id, {})


class ActionQueryLoanProgress(QueryAction):
    """How far an application is and what it lacks; running loans where those are meant."""

    def name(self) -> str:
        return "action_query_loan_progress"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        if _RUNNING.search(words(turn)):
            return answer_loans(turn, customer_id, {})
        return answer_progress(turn, customer_id, {})


def names_loan(turn: Turn) -> bool:
    """Whether the message names a kind of loan."""
    return turn.entity("product") in PRODUCT_WORDS


def fits(name: str, query: Query) -> bool:
    """Whether a product's name is of the kind that the query names."""
    word = PRODUCT_WORDS.get(query.get("product") or "")
    return word is None or word in name


def answer_loans(turn: Turn, customer_id: str, last: Query) -> list[EventType]:
    """Say the running loans, or the schedule of one."""
    query = merged(turn, last, "loans")
    every = turn.services.bank.loans.loans(customer_id)
    chosen = [loan for loan in every if fits(loan.product_name, query)] or every
    if not every:
        turn.say("您在我行目前没有正在还的贷款。", replies={"查申请进度": "/query_loan_progress"})
    elif len(chosen) == 1 and wants_schedule(turn):
        say_schedule(turn, chosen[0], query)
    else:
        today = turn.today
        items = [loan_item(loan, today) for loan in chosen]
        text = (
            f"您有 {len(chosen)} 笔贷款正在还。" if len(chosen) > 1 else loan_text(chosen[0], today)
        )
        replies = {"看还款计划": again(page="schedule")} if len(chosen) == 1 else None
        turn.say(text, card={"type": "list", "title": "我的贷款", "items": items}, replies=replies)
        query.pop("shown", None)
    return asked(query)


def wants_schedule(turn: Turn) -> bool:
    return (
        turn.entity("page") is not None
        or wants_more(turn)
        or _SCHEDULE.search(words(turn)) is not None
    )


def loan_text(loan: Loan, today: date) -> str:
    following = loan.next
    if following is None:
        return f"您的{loan.product_name}已经还清。"
    return (
        f"您的{loan.product_name}还剩本金 {yuan(loan.balance)}，"
        f"下一期 {day(following.due_on, today)}应还 {yuan(following.payment.total)}。"
    )


def loan_item(loan: Loan, today: date) -> dict[str, Any]:
    paid = sum(each.paid for each in loan.schedule)
    note = (
        f"{METHOD_NAMES[loan.method]}，年利率 {percent(loan.annual_rate)}，"
        f"已还 {paid}/{len(loan.schedule)} 期，贷款总额 {yuan(loan.principal)}"
    )
    if loan.next is not None:
        due = loan.next
        note += f"；{day(due.due_on, today)}应还 {yuan(due.payment.total)}"
    return {
        "title": f"{loan.product_name} {loan.number}",
        "balance": f"剩余本金 {yuan(loan.balance)}",
        "note": note,
    }


def say_schedule(turn: Turn, loan: Loan, query: Query) -> None:
    """The next payments; asked again, those after them."""
    today = turn.today
    coming = [each for each in loan.schedule if not each.paid]
    start = query.get("shown", 0) if wants_more(turn) else 0
    shown = coming[start : start + PAYMENTS]
    if not shown:
        turn.say(f"您的{loan.product_name}没有更多待还的期数。")
        return
    query["shown"] = start + len(shown)
    more = query["shown"] < len(coming)
    turn.say(
        f"您的{loan.product_name}还有 {len(coming)} 期待还，第 {shown[0].payment.number} 到"
        f" {shown[-1].payment.number} 期如下。",
        card={
            "type": "list",
            "title": f"{loan.product_name} 还款计划",
            "items": [payment_item(each, today) for each in shown],
        },
        replies={"再看几期": again(page="next")} if more else None,
    )


def payment_item(each: LoanPayment, today: date) -> dict[str, Any]:
    payment = each.payment
    return {
        "title": f"第 {payment.number} 期 {day(each.due_on, today)}",
        "balance": yuan(payment.total),
        "note": f"本金 {yuan(payment.principal)}，利息 {yuan(payment.interest)}，"
        f"还后剩余 {yuan(payment.balance)}",
    }


def answer_progress(turn: Turn, customer_id: str, last: Query) -> list[EventType]:
    """Say how every application gets on and remind of what it lacks."""
    query = merged(turn, last, "loan_progress")
    products = {each.id: each for each in turn.services.bank.loans.products(customer_id)}
    every = turn.services.bank.loans.applications(customer_id)
    chosen = [each for each in every if fits(title_of(each, products), query)] or every
    if not every:
        running = turn.services.bank.loans.loans(customer_id)
        replies = {"查正在还的贷款": "/query_loans"} if running else {"申请贷款": "我要申请贷款"}
        turn.say("您目前没有贷款申请。", replies=replies)
        return asked(query)
    today = turn.today
    items = [application_item(each, products, today) for each in chosen]
    text = "".join(progress_text(each, products) for each in chosen)
    turn.say(
        text,
        card={"type": "list", "title": "贷款申请进度", "items": items},
        replies=next_steps(chosen),
    )
    return asked(query)


def next_steps(applications: list[LoanApplication]) -> dict[str, str]:
    """What the customer may do about them now."""
    replies: dict[str, str] = {}
    for each in applications:
        if each.status == "draft":
            replies["继续我的贷款申请"] = "/resume_loan"
        elif each.status == "missing_materials":
            replies.update(upload_replies(each))
    return replies


def progress_text(application: LoanApplication, products: dict[str, LoanProduct]) -> str:
    name = title_of(application, products)
    lacks = lacking(application)
    if application.status == "draft":
        rest = f"还{lacks}。" if lacks else "内容已填完，提交后开始审核。"
        return f"您的{name}申请还没有提交，{rest}"
    if application.status == "missing_materials":
        return f"您的{name}申请还{lacks or '要补材料'}。补齐后会继续审核。"
    state = {"reviewing": "正在审核"}.get(application.status) or APPLICATION_NAMES[
        application.status
    ]
    remark = f"（{application.remark}）" if application.remark else ""
    return f"您的{name}申请{state}{remark}。"


def lacking(application: LoanApplication) -> str:
    """What the customer still has to fill in and to bring, with what was wrong with it."""
    fields = [FIELD_NAMES[name] for name in application.unfilled]
    papers = [
        f"{each.name}（{each.problem}）" if each.problem else each.name
        for each in application.missing
    ]
    to_fill = f"要填写{'、'.join(fields)}" if fields and application.status == "draft" else ""
    to_bring = f"要补材料：{'、'.join(papers)}" if papers else ""
    return "；".join(filter(None, (to_fill, to_bring)))


def application_item(
    application: LoanApplication, products: dict[str, LoanProduct], today: date
) -> dict[str, Any]:
    facts = [yuan(application.amount)] if application.amount is not None else []
    if application.months is not None:
        facts.append(f"{application.months} 个月")
    facts.append(f"{moment(application.updated_at, today)}更新")
    return {
        "title": f"{title_of(application, products)} {application.number}",
        "balance": APPLICATION_NAMES[application.status],
        "note": "，".join(facts),
    }
