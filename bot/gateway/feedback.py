"""The call by which a customer judges an answer, or the whole conversation."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from bot.conversations.feedback import WHOLE_CONVERSATION, Verdict
from bot.errors import NotFound
from bot.gateway import schemas
from bot.gateway.api import ERRORS, Granted
from bot.gateway.limits import clean_text
from bot.gateway.parts import Parts, PartsOf
from bot.text.masking import drop_secrets

router = APIRouter(prefix="/api/conversations", tags=["会话"])


@router.post(
    "/{conversation_id}/feedback",
    status_code=204,
    summary="评价",
    response_class=Response,
    responses=ERRORS,
)
async def give_feedback(body: schemas.GiveFeedback, grant: Granted, parts: PartsOf) -> Response:
    """对一条回答点赞或点踩，或在结束时给整个会话打分；同一对象再次评价以最后一次为准。

    点踩时可以带上原因 `cause` 和补充说明 `reason`；重复提交没有副作用。
    """
    parts.message_rate.spend(grant.conversation_id)
    await run_in_threadpool(_keep, parts, grant.conversation_id, body)
    return Response(status_code=204)


def _keep(parts: Parts, conversation_id: str, body: schemas.GiveFeedback) -> None:
    reason = _reason(body.reason)
    if body.seq is None:
        given = Verdict(WHOLE_CONVERSATION, str(body.rating), reason=reason)
    elif parts.views.role_at(conversation_id, body.seq) in ("bot", "agent"):
        given = Verdict(body.seq, str(body.verdict), body.cause, reason)
    else:
        raise NotFound(f"message {body.seq} is nothing that was answered")
    parts.feedback.give(conversation_id, given)


def _reason(text: str | None) -> str | None:
    return drop_secrets(clean_text(text, schemas.REASON_MAX_CHARS))[0] if text else None
