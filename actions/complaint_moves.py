"""What a customer does with a complaint of theirs, and how it is told."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from actions.casebook import Said
from actions.turn import PERSON, Turn
from actions.wording import day
from bot.complaints.view import View
from bot.complaints.vocabulary import (
    CATEGORIES,
    NOTICES,
    OUTCOMES,
    PAUSES,
    REVIEW_OUTCOMES,
    STATE_NAMES,
)
from bot.text.clock import shanghai

MINE = {"查我的投诉": "/complaint" + json.dumps({"complaint_act": "progress"})}
# A review needs a reason; whoever gives none is not refused for it.
NO_REASON = "申请人没有说明理由"
# On whose desk an answer lies is no customer's business.
SHOWN_STATES = (
    STATE_NAMES | dict.fromkeys(("drafted", "approved"), "处理中") | {"withdrawn": "已撤回"}
)


def own_words(turn: Turn, message_id: str | None = None) -> str:
    """What the customer wrote in this or an earlier message, as they wrote it."""
    found = turn.services.casebook.words(turn.conversation_id, message_id or turn.operation_key)
    return found or ("" if message_id else turn.text)


def add_facts(turn: Turn, customer_id: str, number: str, said: Said) -> None:
    """Put what was said to the case; whether it is new is judged by people."""
    register = turn.services.casebook.register
    register.add_facts(number, customer_id, said.text, said.message_id)
    due = day(register.view(number, customer_id).deadline.due_on, turn.services.casebook.today)
    turn.say(
        f"已补充到投诉 {number}，处理人会看到。最晚答复日期是 {due}；"
        "如果补充的是新情况，期限会从今天重新计算，到时会告诉您。",
        replies={**MINE, **PERSON},
    )


def withdraw(turn: Turn, customer_id: str, number: str) -> None:
    """End the case, today (15)."""
    casebook = turn.services.casebook
    here, key = turn.conversation_id, turn.operation_key
    if not casebook.counter.withdraw(here, customer_id, number, key=key):
        tell_progress(turn, casebook.register.view(number, customer_id))


def ask_review(turn: Turn, customer_id: str, number: str, why: str) -> None:
    """Have the level above look again (20)."""
    casebook, here, key = turn.services.casebook, turn.conversation_id, turn.operation_key
    if not casebook.counter.ask_review(here, customer_id, number, key=key, why=why or NO_REASON):
        tell_progress(turn, casebook.register.view(number, customer_id))


def tell_progress(turn: Turn, view: View) -> None:
    """Say how the case stands, with what its customer can do now."""
    text, card = progress_of(view, turn.today)
    turn.say(text, card=card, replies={**_choices(view), **PERSON})


def _choices(view: View) -> dict[str, str]:
    titles = {"ask_review": ("review", "申请核查"), "add_facts": ("add", "补充说明")}
    return {
        title: "/complaint" + json.dumps({"complaint_act": act, "complaint_number": view.number})
        for name, (act, title) in titles.items()
        if name in view.may
    }


def progress_of(view: View, today: date) -> tuple[str, dict[str, Any]]:
    """How the case stands, as text and card."""
    rows = [
        ["投诉编号", view.number],
        ["投诉类别", CATEGORIES[view.category]],
        ["登记日期", day(shanghai(view.received_at).date(), today)],
        ["状态", SHOWN_STATES[view.state]],
    ]
    if view.facts:
        rows.append(["补充说明", f"{len(view.facts)} 次"])
    if view.state == "withdrawn":
        text = f"投诉 {view.number} 已按您的意思撤回，不再处理。"
    elif view.merged_into:
        text = f"投诉 {view.number} 与投诉 {view.merged_into} 是同一件事，已并入 {view.merged_into} 一起处理。"
    elif view.state == "decided":
        text = _decided(view, today)
        if view.answer is not None:
            rows += [
                ["处理结论", OUTCOMES[view.answer.outcome]],
                ["如不认可", view.answer.remedies],
            ]
    else:
        text = _under_way(view, today)
        rows.append(["最晚答复", day(view.deadline.due_on, today)])
    rows += [[NOTICES[each.what], day(shanghai(each.at).date(), today)] for each in view.notices]
    return text, {"type": "facts", "title": "投诉进度", "rows": rows}


def _under_way(view: View, today: date) -> str:
    due, state = day(view.deadline.due_on, today), SHOWN_STATES[view.state]
    if view.deadline.overdue:
        return f"投诉 {view.number} {state}，应在 {due} 前答复您，现在已经超期，非常抱歉。可以转人工，我们马上催办。"
    if view.deadline.paused is not None:
        why = PAUSES[view.deadline.paused]
        return f"投诉 {view.number} {state}，正在{why}，这段时间不计入期限；按现在计算，最晚 {due} 答复您。"
    left = f"还有 {view.deadline.days_left} 天" if view.deadline.days_left else "就是今天"
    return f"投诉 {view.number} {state}，最晚 {due} 答复您，{left}。"


def _decided(view: View, today: date) -> str:
    decision = view.answer.decision if view.answer else ""
    text = f"投诉 {view.number} 已答复。处理决定：{decision}"
    if view.review is not None and view.review.outcome:
        return text + f"核查结果：{REVIEW_OUTCOMES[view.review.outcome]}。{view.review.findings}"
    if view.review is not None and view.review_deadline is not None:
        return (
            text + f"您申请的核查正在进行，最晚 {day(view.review_deadline.due_on, today)} 答复您。"
        )
    if "ask_review" in view.may and view.review_until is not None:
        until = day(shanghai(view.review_until).date(), today)
        return text + f"如果不认可，{until}（含）前可以申请由上级核查。"
    return text
