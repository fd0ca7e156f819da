"""The calls by which a signed-in customer follows complaints of their own, and acts on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool

from bot.complaints.register import Reused
from bot.complaints.view import View
from bot.complaints.vocabulary import (
    CATEGORIES,
    CHANNELS,
    NOTICES,
    PAUSES,
    REVIEW_OUTCOMES,
    STATE_NAMES,
)
from bot.conversations.models import iso
from bot.gateway import complaint_schemas as schemas
from bot.gateway.api import ERRORS, Granted
from bot.gateway.errors import ApiError, in_own_words
from bot.gateway.limits import clean_text
from bot.gateway.parts import Parts, PartsOf
from bot.gateway.schemas import ErrorBody
from bot.text.clock import shanghai

router = APIRouter(prefix="/api/conversations/{conversation_id}/complaints", tags=["投诉"])

_ERRORS: dict[int | str, dict[str, Any]] = {
    **ERRORS,
    403: {"model": ErrorBody, "description": "凭证属于另一个会话，或客户还没有登录"},
    404: {"model": ErrorBody, "description": "没有这个会话，或这件投诉不是本人的"},
    409: {"model": ErrorBody, "description": "投诉的状态不允许，或 client_id 已用于另一个请求"},
}
Number = Annotated[str, Path(max_length=24, description="投诉编号")]


@router.get(
    "",
    summary="我的投诉",
    response_model=schemas.ShownComplaints,
    responses={c: _ERRORS[c] for c in (401, 403, 404)},
)
async def read_complaints(grant: Granted, parts: PartsOf) -> dict[str, Any]:
    """登录客户本人的全部投诉：状态、最晚答复日期、每一次告知，以及现在可以做什么。"""

    def read() -> list[dict[str, Any]]:
        owner = _owner(parts, grant.conversation_id)
        return [shown(view) for view in parts.complaints.register.of(owner)]

    return {"complaints": await run_in_threadpool(read)}


@router.post(
    "/{number}/facts", summary="补充投诉", response_model=schemas.ShownComplaint, responses=_ERRORS
)
async def add_facts(
    number: Number, body: schemas.AddFacts, grant: Granted, parts: PartsOf
) -> dict[str, Any]:
    """补充一件进行中的投诉。属于新情况的，期限从收到之日重新计算，由处理人判断后告知。"""

    def act(owner: str) -> None:
        text = clean_text(body.text, parts.config.message_max_chars)
        parts.complaints.register.add_facts(number, owner, text, body.client_id)

    return await _done(parts, grant.conversation_id, number, act)


@router.post(
    "/{number}/withdrawal",
    summary="撤回投诉",
    response_model=schemas.ShownComplaint,
    responses=_ERRORS,
)
async def withdraw(
    number: Number, body: schemas.Withdraw, grant: Granted, parts: PartsOf
) -> dict[str, Any]:
    """撤回一件进行中的投诉，当天终止处理。调用前请让客户确认。"""

    def act(owner: str) -> None:
        here, key = grant.conversation_id, body.client_id
        parts.complaints.withdraw(here, owner, number, key=key, why=body.why)

    return await _done(parts, grant.conversation_id, number, act)


@router.post(
    "/{number}/review", summary="申请核查", response_model=schemas.ShownComplaint, responses=_ERRORS
)
async def ask_review(
    number: Number, body: schemas.AskReview, grant: Granted, parts: PartsOf
) -> dict[str, Any]:
    """收到处理决定后 30 天内，申请由上级机构的其他人员核查；30 天内答复。"""

    def act(owner: str) -> None:
        here, key = grant.conversation_id, body.client_id
        why = clean_text(body.why, parts.config.message_max_chars)
        parts.complaints.ask_review(here, owner, number, key=key, why=why)

    return await _done(parts, grant.conversation_id, number, act)


async def _done(
    parts: Parts, conversation_id: str, number: str, act: Callable[[str], None]
) -> dict[str, Any]:
    """Do it, and show the case as it is then."""
    parts.message_rate.spend(conversation_id)

    def run() -> dict[str, Any]:
        owner = _owner(parts, conversation_id)
        with _told():
            act(owner)
            return shown(parts.complaints.register.view(number, owner))

    found = await run_in_threadpool(run)
    # A notice may stand in the conversation now.
    parts.bells.ring(conversation_id)
    return found


def _owner(parts: Parts, conversation_id: str) -> str:
    customer_id = parts.log.get(conversation_id).customer_id
    if customer_id is None:
        raise ApiError(403, "sign_in_required", "请先登录，再查看或办理您的投诉。")
    return customer_id


@contextmanager
def _told() -> Iterator[None]:
    """What complaints refuse, they refuse in words for the customer."""
    with in_own_words("complaint"):
        try:
            yield
        except Reused:
            raise ApiError(
                409, "client_id_reused", "这个 client_id 已用于另一个请求，请换一个再发。"
            ) from None


def shown(view: View) -> dict[str, Any]:
    """The case as the call shows it."""
    until = view.review_until if "ask_review" in view.may else None
    return {
        "number": view.number,
        "category": CATEGORIES[view.category],
        "state": view.state,
        "title": STATE_NAMES[view.state],
        "text": view.text,
        "received_at": iso(view.received_at),
        "due_on": view.deadline.due_on.isoformat() if view.open else None,
        "overdue": view.open and view.deadline.overdue,
        "paused": PAUSES[view.deadline.paused] if view.deadline.paused else None,
        "merged_into": view.merged_into,
        "facts": [{"text": each.text, "at": iso(each.received_at)} for each in view.facts],
        "notices": [
            {
                "what": each.what,
                "title": NOTICES[each.what],
                "text": each.text,
                "channel": CHANNELS[each.channel],
                "at": iso(each.at),
            }
            for each in view.notices
        ],
        "review": _review(view),
        "review_until": until and shanghai(until).date().isoformat(),
        "may": list(view.may),
    }


def _review(view: View) -> dict[str, Any] | None:
    if view.review is None or view.review_deadline is None:
        return None
    outcome = view.review.outcome
    return {
        "asked_at": iso(view.review.asked_at),
        "due_on": view.review_deadline.due_on.isoformat(),
        "result": REVIEW_OUTCOMES[outcome] if outcome else None,
    }
