"""The calls by which a customer waits for a person, leaves, is called back, and judges the service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from bot.errors import Conflict
from bot.gateway import customer_desk_schemas as schemas
from bot.gateway.api import ERRORS, Granted
from bot.gateway.errors import ApiError, in_own_words
from bot.gateway.limits import clean_text
from bot.gateway.parts import Parts, PartsOf
from bot.gateway.schemas import ErrorBody
from bot.gateway.view import interval_shown, ticket_shown
from bot.handoff.surveys import MOST_CHARS, Survey
from bot.handoff.ticket import PENDING, Ticket
from bot.text.masking import drop_secrets

router = APIRouter(prefix="/api/conversations/{conversation_id}/handoff", tags=["人工服务"])

_ERRORS: dict[int | str, dict[str, Any]] = {
    **ERRORS,
    409: {"model": ErrorBody, "description": "现在的状态不允许，例如没有在排队"},
}


@router.get(
    "",
    summary="人工服务的现状",
    response_model=schemas.ShownHandoff,
    responses={code: ERRORS[code] for code in (401, 403, 404)},
)
async def read_handoff(grant: Granted, parts: PartsOf) -> dict[str, Any]:
    """排在第几位、大约等多久，可以约的时段，能不能评价，以及现在可以做什么。"""
    return await run_in_threadpool(_shown, parts, grant.conversation_id)


@router.post(
    "/leave",
    summary="不等了，或结束人工服务",
    response_model=schemas.ShownHandoff,
    responses=_ERRORS,
)
async def leave(grant: Granted, parts: PartsOf) -> dict[str, Any]:
    """取消排队、取消约好的回访，或结束正在进行的人工服务；没有工单时什么也不发生。"""
    return await _done(parts, grant.conversation_id, parts.desk.leave)


@router.post(
    "/keep-assistant",
    summary="等的时候先问智能助手",
    response_model=schemas.ShownHandoff,
    responses=_ERRORS,
)
async def keep_assistant(grant: Granted, parts: PartsOf) -> dict[str, Any]:
    """名次不变，消息改由智能助手回答，轮到时客服接进来。"""
    return await _done(parts, grant.conversation_id, parts.desk.keep_assistant)


@router.post("/callback", summary="约回访", response_model=schemas.ShownHandoff, responses=_ERRORS)
async def ask_callback(body: schemas.AskCallback, grant: Granted, parts: PartsOf) -> dict[str, Any]:
    """不排队了，由客服在约好的时段联系客户；时段从现状的 `slots` 里选。"""
    if body.at.tzinfo is None:
        raise ApiError(422, "time_zone", "时间缺少时区，请原样使用给出的时段。")
    return await _done(
        parts, grant.conversation_id, lambda here: parts.desk.ask_callback(here, body.at)
    )


@router.post(
    "/survey", summary="评价人工服务", response_model=schemas.ShownHandoff, responses=_ERRORS
)
async def give_survey(body: schemas.GiveSurvey, grant: Granted, parts: PartsOf) -> dict[str, Any]:
    """服务结束后一天内可以评价，也可以改；重复提交没有副作用。"""
    said = clean_text(body.comment, MOST_CHARS) if body.comment.strip() else ""
    comment, _ = drop_secrets(said)

    def give(here: str) -> None:
        given = Survey(body.satisfied, tuple(body.why), comment, body.large_type)
        parts.surveys.give(here, body.ticket, given)

    return await _done(parts, grant.conversation_id, give)


@router.post(
    "/not-resolved",
    summary="问题没有解决",
    response_model=schemas.ShownHandoff,
    responses=_ERRORS,
)
async def not_resolved(body: schemas.NotResolved, grant: Granted, parts: PartsOf) -> dict[str, Any]:
    """回到原来的组，优先处理；说两次是同一件事。"""

    def reopen(here: str) -> None:
        with parts.db.begin():
            found = parts.desk.not_resolved(here)
            if found.ticket.id != body.ticket:
                raise Conflict("您已经在另一张工单里转接人工，请在那里继续")

    return await _done(parts, grant.conversation_id, reopen)


async def _done(parts: Parts, conversation_id: str, act: Callable[[str], Any]) -> dict[str, Any]:
    """Do it, and show how things stand then."""
    parts.message_rate.spend(conversation_id)

    def run() -> dict[str, Any]:
        parts.log.get(conversation_id)
        with in_own_words("handoff"):
            act(conversation_id)
        return _shown(parts, conversation_id)

    found = await run_in_threadpool(run)
    parts.bells.ring(conversation_id)
    return found


def _shown(parts: Parts, conversation_id: str) -> dict[str, Any]:
    parts.log.get(conversation_id)
    ticket = parts.queue.open_ticket_of(conversation_id)
    if ticket is None:
        return _after_it(parts, conversation_id)
    if ticket.state not in PENDING:
        return {"ticket": ticket_shown(ticket, None), "slots": [], "survey": None, "may": ["leave"]}
    slots = parts.desk.callback_slots(conversation_id)
    may = ["leave", *(["callback"] if slots else [])]
    return {
        "ticket": ticket_shown(ticket, parts.desk.waiting(ticket)),
        "slots": [interval_shown(slot) for slot in slots],
        "survey": None,
        "may": may if ticket.assistant_stays else [*may, "keep_assistant"],
    }


def _after_it(parts: Parts, conversation_id: str) -> dict[str, Any]:
    asked = parts.surveys.asked_about(conversation_id)
    if asked is None:
        return {"ticket": None, "slots": [], "survey": None, "may": []}
    return {
        "ticket": None,
        "slots": [],
        "survey": _survey_shown(parts, asked),
        "may": ["survey", *(["not_resolved"] if asked.state != "closed" else [])],
    }


def _survey_shown(parts: Parts, ticket: Ticket) -> dict[str, Any]:
    given = parts.surveys.of(ticket)
    return {
        "ticket": ticket.id,
        "agent": ticket.agent,
        "satisfied": given and given.satisfied,
        "why": list(given.why) if given else [],
        "comment": given.comment if given else "",
    }
