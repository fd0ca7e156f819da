"""The call by which a customer's page says that something is being written to a person."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from bot.gateway.api import ERRORS, Granted
from bot.gateway.parts import Parts, PartsOf
from bot.gateway.schemas import Body

router = APIRouter(prefix="/api/conversations", tags=["会话"])


class Typing(Body):
    """没有内容。"""


@router.post("/{conversation_id}/typing", status_code=204, summary="正在输入", responses=ERRORS)
async def typing(_: Typing, grant: Granted, parts: PartsOf) -> None:
    """告诉客服“客户正在输入”，几秒后自动消失；输入时每 3 秒报一次即可。没有人工时不起作用。"""
    parts.pulse_rate.spend(grant.conversation_id)
    await run_in_threadpool(_begin, parts, grant.conversation_id)


def _begin(parts: Parts, conversation_id: str) -> None:
    if parts.queue.state_of(conversation_id) == "human":
        parts.typing.begin(conversation_id, "customer")
