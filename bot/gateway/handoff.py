"""The call by which a desk elsewhere tells what its agents did."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bot.gateway.api import ERRORS
from bot.gateway.parts import PartsOf
from bot.handoff.webhook import WebhookDesk

router = APIRouter(prefix="/api/handoff", tags=["坐席系统"])


@router.post(
    "/events",
    status_code=204,
    summary="坐席系统的事件",
    response_class=Response,
    responses=ERRORS,
)
async def take_event(request: Request, parts: PartsOf) -> Response:
    """银行自己的坐席系统接入、回复、退回、办结时调用。

    按 Standard Webhooks 签名；同一个 `webhook-id` 重复送达只办一次。
    """
    desk, body = parts.desk, await request.body()
    assert isinstance(desk, WebhookDesk)  # the only one whose app has this call
    await run_in_threadpool(desk.receive, request.headers, body)
    return Response(status_code=204)
