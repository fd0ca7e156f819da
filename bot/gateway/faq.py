"""The public calls on the FAQ bank: questions to begin with, questions while typing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from bot.faq.entry import Entry
from bot.gateway import schemas
from bot.gateway.parts import Parts, PartsOf
from bot.text.clock import shanghai

# Beyond what anybody types before asking; a longer text has no suggestions anyway.
QUERY_MAX_CHARS = 200

_ERRORS: dict[int | str, dict[str, Any]] = {
    422: {"model": schemas.ErrorBody, "description": "请求内容不符合要求"},
    429: {"model": schemas.ErrorBody, "description": "太频繁，见 Retry-After"},
}

router = APIRouter(prefix="/api/faq", tags=["问答"])


@router.get(
    "/hot",
    summary="大家常问",
    response_model=schemas.ShownQuestions,
    responses={429: _ERRORS[429]},
)
async def hot_questions(request: Request, parts: PartsOf) -> dict[str, Any]:
    """近日被问得最多的标准问题，最多 5 个；问得还少时用预设的问题补足。所有人可见。"""
    _spend(request, parts)
    return _shown(await run_in_threadpool(parts.hot.entries))


@router.get(
    "/suggest",
    summary="输入联想",
    response_model=schemas.ShownQuestions,
    responses=_ERRORS,
)
async def suggest(
    request: Request,
    parts: PartsOf,
    q: Annotated[
        str, Query(max_length=QUERY_MAX_CHARS, description="正在输入的文字，拼音和首字母也可以")
    ],
) -> dict[str, Any]:
    """与正在输入的文字相近的标准问题，最多 5 个，相近的在前。所有人可见，不需要凭证。

    不到 2 个字、超过 40 个字、没有文字，或含有 6 位以上连续数字时，结果为空。
    输入的文字不会留存。请勿把验证码、卡号等发到这里。
    """
    _spend(request, parts)
    return _shown(await run_in_threadpool(_matching, parts, q))


def _matching(parts: Parts, text: str) -> list[Entry]:
    return parts.live_faq.current().suggest(text, shanghai(parts.clock()).date())


def _shown(entries: Iterable[Entry]) -> dict[str, Any]:
    return {"questions": [{"id": entry.id, "question": entry.question} for entry in entries]}


def _spend(request: Request, parts: Parts) -> None:
    parts.typing_rate.spend(request.client.host if request.client else "unknown")
