"""The desk's calls about complaints: the register, one case, and what things are called."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query

from bot.complaints.alarms import AlarmRules, find_alarms
from bot.complaints.clock import STEP_NAMES
from bot.complaints.codes import DIMENSIONS, CodeTable
from bot.complaints.options import options
from bot.complaints.roles import HANDLER, LEAD, REVIEWER
from bot.complaints.tables import complaints
from bot.complaints.vocabulary import (
    ANSWER_PARTS,
    CATEGORIES,
    CHANNELS,
    NOTICES,
    OUTCOMES,
    PAUSES,
    RECUSALS,
    RELATIONS,
    REVIEW_OUTCOMES,
    ROOT_CAUSES,
    SOURCES,
    STATE_NAMES,
)
from bot.complaints.worklist import SPANS, Task
from bot.gateway import desk_complaint_view as view
from bot.gateway import staff_work
from bot.gateway.complaint_desk import ComplaintDesk
from bot.gateway.parts import Parts, PartsOf
from bot.gateway.staff import iso, needs
from bot.handoff.queue import TicketQueue
from bot.handoff.ticket import STATE_NAMES as TICKET_STATES
from bot.staff.accounts import Account
from bot.staff.door import Session

WORKERS = (HANDLER, LEAD, REVIEWER)
# Who may look, and who works with cases.
Reader = Annotated[Session, Depends(needs(*WORKERS, "lead", "supervisor"))]
Worker = Annotated[Session, Depends(needs(*WORKERS))]
Number = Annotated[str, Path(max_length=24, description="投诉编号")]
View = Literal["today", "week", "overdue", "open", "review"]
MOST_FOUND = 100

router = APIRouter()


@router.get("", summary="登记簿")
async def read_register(
    session: Reader,
    parts: PartsOf,
    show: Annotated[View, Query(alias="view")] = "open",
    q: Annotated[
        str, Query(max_length=100, description="编号、内容、来文编号、客户号或处理人")
    ] = "",
) -> dict[str, Any]:
    """待办的投诉和核查，最急的在前；写了 `q` 则从全部投诉里找，新的在前。"""
    desk = parts.casework
    return await staff_work.run(desk.limiter, _register, desk, session.account, show, q)


def _register(desk: ComplaintDesk, account: Account, show: View, q: str) -> dict[str, Any]:
    tasks = desk.worklist.open()
    picked = {name: _picked(desk, tasks, name) for name in (*SPANS, "open", "review")}
    shown = desk.worklist.search(q, MOST_FOUND) if q.strip() else picked[show]
    barred = desk.worklist.barred([task.case for task in shown], account.name)
    return {
        "counts": {name: len(found) for name, found in picked.items()},
        "complaints": [view.row(task, barred.get(task.case.number)) for task in shown],
        "more": bool(q.strip()) and len(shown) == MOST_FOUND,
    }


def _picked(desk: ComplaintDesk, tasks: list[Task], show: str) -> list[Task]:
    if show == "open":
        return tasks
    if show == "review":
        return [task for task in tasks if task.review is not None]
    return [task for task in tasks if desk.worklist.within(task, show)]


@router.get("/names", summary="名称、代码表和同事")
async def read_names(_: Reader, parts: PartsOf) -> dict[str, Any]:
    """页面上要用到的名称：渠道、来源、结论、分类代码，以及可以分派的同事。"""
    return await staff_work.run(parts.casework.limiter, _names, parts.casework)


def _names(desk: ComplaintDesk) -> dict[str, Any]:
    return {
        "states": STATE_NAMES,
        "categories": CATEGORIES,
        "channels": CHANNELS,
        "sources": SOURCES,
        "relations": RELATIONS,
        "pauses": PAUSES,
        "steps": STEP_NAMES,
        "recusals": RECUSALS,
        "outcomes": OUTCOMES,
        "answer_parts": ANSWER_PARTS,
        "review_outcomes": REVIEW_OUTCOMES,
        "notices": NOTICES,
        "root_causes": ROOT_CAUSES,
        "codes": _code_table(desk.codes()),
        "people": [
            {"name": each.name, "display": each.display, "roles": list(each.roles)}
            for each in desk.people()
        ],
    }


def _code_table(table: CodeTable) -> dict[str, Any]:
    """Only the finest codes: a complaint is counted under no other."""
    above = {(code.dimension, code.parent) for code in table.codes.values()}
    return {
        "title": table.title,
        "example": table.example,
        "dimensions": {
            name: {
                "title": title,
                "codes": [
                    {"code": each.code, "name": table.name(name, each.code)}
                    for each in table.of(name)
                    if (name, each.code) not in above
                ],
            }
            for name, title in DIMENSIONS.items()
        },
    }


@router.get("/alarms", summary="集中和群体投诉")
async def read_alarms(_: Reader, parts: PartsOf) -> list[dict[str, Any]]:
    """最近 30 天里，同一原因的投诉太多、或人数达到群体投诉的。"""
    return await staff_work.run(parts.casework.limiter, _alarms, parts.casework)


def _alarms(desk: ComplaintDesk) -> list[dict[str, Any]]:
    rules, now, table = AlarmRules(), desk.clock(), desk.codes()
    since = complaints.c.received_at > now - timedelta(days=rules.days)
    found = find_alarms(desk.worklist.cases(since), now, rules)
    return [
        {
            "cause": table.name("cause", each.cause) if each.coded else CATEGORIES[each.cause],
            "coded": each.coded,
            "group": each.group,
            "days": rules.days,
            "people": each.people,
            "numbers": list(each.numbers),
        }
        for each in found
    ]


@router.get("/{number}", summary="一件投诉")
async def read_case(number: Number, session: Reader, parts: PartsOf) -> dict[str, Any]:
    """一件投诉的全部内容，以及现在可以做什么。须回避的人不能查看；每次查看都有记录。"""
    return await staff_work.run(parts.casework.limiter, _looked, parts, session.account, number)


def _looked(parts: Parts, account: Account, number: str) -> dict[str, Any]:
    found, desk = shown(parts, account, number), parts.casework
    customer = desk.casework.get(number).customer_id
    desk.audit.record(account.name, "looked_case", customer_id=customer, field=number)
    return found


def shown(parts: Parts, account: Account, number: str) -> dict[str, Any]:
    """The case as this person sees it."""
    desk = parts.casework
    file = desk.look(account, number)
    may = options(file, account.name, account.roles, desk.clock())
    full = bool(set(account.roles) & set(WORKERS))
    return view.case(
        file,
        desk.codes(),
        may,
        full=full,
        tickets=_tickets(parts.queue, file.case.conversation_id, file.case.customer_id),
    )


def shown_or_barred(parts: Parts, account: Account, number: str) -> dict[str, Any]:
    """The same after an act: who has just declared an interest sees the case no more."""
    desk = parts.casework
    if desk.casework.barred([desk.casework.get(number)], account.name):
        return {"number": number, "barred": True}
    return shown(parts, account, number)


def _tickets(
    queue: TicketQueue, conversation_id: str | None, customer_id: str | None
) -> list[dict[str, Any]]:
    return [
        {
            "number": ticket.id,
            "state_name": TICKET_STATES[ticket.state],
            "agent": ticket.agent,
            "at": iso(ticket.created_at),
            "here": ticket.conversation_id == conversation_id,
        }
        for ticket in queue.of(conversation_id, customer_id)
    ]
