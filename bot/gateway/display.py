"""The call by which a customer's page says how it shows the conversation."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from bot.gateway.api import ERRORS, Granted
from bot.gateway.parts import Parts, PartsOf
from bot.gateway.schemas import Body

router = APIRouter(prefix="/api/conversations", tags=["会话"])


class Display(Body):
    """页面怎样显示会话。"""

    large_type: bool = Field(..., description="是否用大字版")


@router.post("/{conversation_id}/display", status_code=204, summary="大字版", responses=ERRORS)
async def display(body: Display, grant: Granted, parts: PartsOf) -> None:
    """客户用大字版时告诉客服，好慢一点、说短一点；不影响排队名次。打开会话和切换时报一次即可。"""
    parts.pulse_rate.spend(grant.conversation_id)
    await run_in_threadpool(_note, parts, grant.conversation_id, body.large_type)
    if parts.agents is not None:
        parts.agents.feed.wake()


def _note(parts: Parts, conversation_id: str, large: bool) -> None:
    parts.log.get(conversation_id)
    parts.log.set_large_type(conversation_id, large)
