"""Disputes registered before, and what becomes of one: told as the bank states it."""

from __future__ import annotations

from actions.turn import PERSON, Turn
from actions.wording import day
from bot.banking.models import REASON_NAMES, Dispute, yuan
from bot.text.clock import shanghai
from bot.text.disputes import find_dispute_number

STATUS_NAMES = {"open": "处理中", "resolved": "已处理", "rejected": "经核实不成立"}
MOST_SHOWN = 3
REGISTER = {"登记交易争议": "/dispute_transaction"}


def tell_disputes(turn: Turn, customer_id: str) -> None:
    """How the customer's own disputes stand, the open ones first."""
    mine = turn.services.bank.disputes.list(customer_id)
    number = find_dispute_number(turn.text)
    named = [each for each in mine if each.number == number] if number else mine
    shown = [each for each in named if each.status == "open"] or named[:1]
    if not shown:
        text = f"您名下没有编号 {number} 的争议。" if number else "您名下还没有登记过交易争议。"
        turn.say(text, replies={**REGISTER, **PERSON})
        return
    for each in shown[:MOST_SHOWN]:
        _tell(turn, each)
    if len(shown) > MOST_SHOWN:
        turn.say(f"还有 {len(shown) - MOST_SHOWN} 笔在处理，说出编号就可以查。")


def _tell(turn: Turn, dispute: Dispute) -> None:
    today, item = turn.today, dispute.transaction
    name = item.counterparty or item.summary
    due = day(dispute.due_on, today)
    what = f"争议 {dispute.number}（{name} {yuan(abs(item.amount))}）"
    if dispute.status != "open":
        result = f"：{dispute.remark}" if dispute.remark else ""
        text = f"{what}{STATUS_NAMES[dispute.status]}{result}。对结果有疑问可以找人工客服。"
    elif dispute.due_on < today:
        text = f"{what}应在 {due} 前答复您，现在已经超期，非常抱歉。可以转人工，我们马上催办。"
    else:
        text = f"{what}正在处理，最晚 {due} 答复您。"
    rows = [
        ["争议编号", dispute.number],
        ["争议原因", REASON_NAMES[dispute.reason]],
        ["登记日期", day(shanghai(dispute.opened_at).date(), today)],
        ["状态", STATUS_NAMES[dispute.status]],
    ]
    if dispute.status == "open":
        rows += [["最晚答复", due], *([["最新进展", dispute.remark]] if dispute.remark else [])]
    turn.say(text, card={"type": "facts", "title": "争议进度", "rows": rows}, replies=PERSON)
