"""What a customer is told of a complaint, in words: the same whichever way it reaches them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bot.complaints.case import Answer
from bot.complaints.clock import (
    STEP_NAMES,
    TOLD_PAUSES,
    Deadline,
    review_ask_until,
    review_deadline,
)
from bot.complaints.vocabulary import ANSWER_PARTS, OUTCOMES, PAUSES, REVIEW_OUTCOMES
from bot.text.clock import day, shanghai


def notice_text(
    what: str, number: str, term: Deadline, matter: Any, told_at: datetime, by_post: bool
) -> str:
    """The words of a notice.

    Args:
        what: one of :data:`bot.complaints.vocabulary.NOTICES`.
        term: where the case's term stands once the notice has its effect.
        matter: the row that the notice is about, as :meth:`Closing.matter` found it.
    """
    today = shanghai(told_at).date()
    due = day(term.due_on, today)
    # A day that is over is no promise.
    promise = f"最晚 {due} 答复您"
    if term.overdue:
        promise = f"应在 {due} 前答复您，现在已经超期，非常抱歉，我们会尽快答复"
    if what == "decision":
        answer = Answer(**{name: getattr(matter, name) for name in _ANSWER})
        return _decision(number, answer, told_at, by_post)
    if what == "extension":
        return (
            f"投诉 {number} {STEP_NAMES[matter.step]}（{matter.reason}），需要更多时间核实。"
            f"答复期限延长到 {due}，我们会尽快给您答复。"
        )
    if what == "facts":
        if matter.new and not term.overdue:
            return f"您补充的新情况已核对，投诉 {number} 的期限从收到之日重新计算，{promise}。"
        return f"您补充的内容已并入投诉 {number} 一起处理，{promise}。"
    if what in ("pause", "resume"):
        return _pausing(what, number, matter, told_at, promise)
    return _simple(what, number, promise, matter, today)


def _pausing(what: str, number: str, pause: Any, told_at: datetime, promise: str) -> str:
    if what == "resume":
        return f"投诉 {number} 的{PAUSES[pause.kind]}已经结束，现在继续处理，{promise}。"
    since = max(pause.begun_at, told_at) if pause.kind in TOLD_PAUSES else pause.begun_at
    begins = day(shanghai(since).date(), shanghai(told_at).date())
    return (
        f"投诉 {number} 正在{PAUSES[pause.kind]}，从 {begins}起这段时间不计入处理期限。"
        "结束后继续计算，到时会告诉您新的答复日期。"
    )


def _simple(what: str, number: str, promise: str, matter: Any, today: date) -> str:
    if what == "acceptance":
        return f"投诉已登记，编号 {number}，{promise}。"
    if what == "merge":
        into = matter.number
        return (
            f"投诉 {number} 与您之前的投诉 {into} 是同一件事，已并入 {into} 一起处理，{promise}。"
        )
    if what == "withdrawal":
        ended = day(shanghai(matter.ended_at).date(), today)
        return f"投诉 {number} 已按您的意思撤回，{ended}起不再处理。以后有需要，随时可以再提。"
    if what == "review_acceptance":
        until = day(review_deadline(matter.asked_at, None, matter.asked_at).due_on, today)
        return (
            f"投诉 {number} 的核查申请已受理，由上级机构的其他人员重新核查，最晚 {until} 答复您。"
        )
    return f"投诉 {number} 的核查结果：{REVIEW_OUTCOMES[matter.outcome]}。{matter.findings}"


_ANSWER = ("outcome", *ANSWER_PARTS)


def _decision(number: str, answer: Answer, told_at: datetime, by_post: bool) -> str:
    until = shanghai(review_ask_until(told_at, by_post=by_post)).date()
    parts = [f"{name}：{getattr(answer, part)}" for part, name in ANSWER_PARTS.items()]
    return "\n".join(
        (
            f"投诉 {number} 的处理结果：{OUTCOMES[answer.outcome]}。",
            *parts,
            f"如果不认可，{day(until, shanghai(told_at).date())}（含）前可以申请由上级核查。",
        )
    )
