"""The conversation calls of the public API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from bot.gateway import schemas
from bot.gateway.errors import ApiError
from bot.gateway.events import HEARTBEAT_SECONDS, heartbeat
from bot.gateway.limits import clean_text
from bot.gateway.parts import Parts, PartsOf
from bot.gateway.tokens import Grant, bearer

ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": schemas.ErrorBody, "description": "凭证缺失、无效或已过期"},
    403: {"model": schemas.ErrorBody, "description": "凭证属于另一个会话或另一位客户"},
    404: {"model": schemas.ErrorBody, "description": "没有这个会话"},
    422: {"model": schemas.ErrorBody, "description": "请求内容不符合要求"},
    429: {"model": schemas.ErrorBody, "description": "太频繁，见 Retry-After"},
}


router = APIRouter(prefix="/api/conversations", tags=["会话"])

# These only document the two kinds of token; reading them is bearer()'s job, because the
# library answers a malformed header in its own words.
_CONVERSATION_TOKEN = HTTPBearer(
    scheme_name="会话凭证", description="打开会话时返回的 token", auto_error=False
)
_CUSTOMER_TOKEN = HTTPBearer(
    scheme_name="客户凭证",
    description="银行 App 签发的客户 JWT：aud=bankbot，sub=客户号，必须含 exp",
    auto_error=False,
)
_Documented = HTTPAuthorizationCredentials | None


async def _grant(
    conversation_id: Annotated[str, Path(max_length=64)],
    parts: PartsOf,
    _documented: Annotated[_Documented, Depends(_CONVERSATION_TOKEN)],
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Grant:
    return _granted(parts, bearer(authorization), conversation_id)


async def _stream_grant(
    conversation_id: Annotated[str, Path(max_length=64)],
    parts: PartsOf,
    _documented: Annotated[_Documented, Depends(_CONVERSATION_TOKEN)],
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
    token: Annotated[
        str | None,
        Query(description="会话凭证；仅此调用可放在地址中，因为浏览器的 EventSource 不能设请求头"),
    ] = None,
) -> Grant:
    # A browser's EventSource cannot set headers, so this one call takes the token in its
    # address. That is why neither we nor the server write query strings to a log.
    return _granted(parts, bearer(authorization) or token, conversation_id)


def _granted(parts: Parts, token: str | None, conversation_id: str) -> Grant:
    grant = parts.tokens.verify(token)
    if grant.conversation_id != conversation_id:
        raise ApiError(403, "foreign_conversation", "会话凭证不属于这个会话。")
    return grant


Granted = Annotated[Grant, Depends(_grant)]
StreamGranted = Annotated[Grant, Depends(_stream_grant)]


@router.post(
    "",
    status_code=201,
    summary="打开会话",
    response_model=schemas.OpenedConversation,
    responses={code: ERRORS[code] for code in (401, 422, 429)},
)
async def open_conversation(
    request: Request,
    parts: PartsOf,
    _documented: Annotated[_Documented, Depends(_CUSTOMER_TOKEN)],
    body: schemas.OpenConversation | None = None,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> dict[str, Any]:
    """打开一个会话并取得会话凭证。带上客户 JWT 即为已登录客户，不带则为匿名。"""
    parts.opening_rate.spend(request.client.host if request.client else "unknown")
    customer_token = bearer(authorization)
    customer_id = parts.customers.verify(customer_token) if customer_token else None
    channel = body.channel if body else schemas.DEFAULT_CHANNEL
    opened = await run_in_threadpool(parts.log.open, channel, customer_id)
    if customer_id is not None:
        parts.turns.opened(opened)
    token, grant = parts.tokens.issue(opened.id)
    expires_at = grant.expires_at.isoformat().replace("+00:00", "Z")
    return {"conversation_id": opened.id, "token": token, "expires_at": expires_at}


@router.post(
    "/{conversation_id}/messages",
    status_code=202,
    summary="发送消息",
    response_model=schemas.Accepted,
    responses={
        **ERRORS,
        409: {
            "model": schemas.ErrorBody,
            "description": "client_id 已用于另一条消息，或按钮已经过期",
        },
        413: {"model": schemas.ErrorBody, "description": "消息太长"},
    },
)
async def send_message(body: schemas.SendMessage, grant: Granted, parts: PartsOf) -> dict[str, Any]:
    """发送一条文字，或按下一个快捷按钮。

    返回 202 时消息已经落盘；回答随后由事件流或消息列表取得。
    网络不稳时用同一个 `client_id` 重发：得到同一个 `seq`，不会重复处理。
    """
    parts.message_rate.spend(grant.conversation_id)
    message, new, state = await run_in_threadpool(_receive, parts, grant.conversation_id, body)
    if new:
        parts.metrics.messages.labels("customer").inc()
        parts.bells.ring(grant.conversation_id)
        if parts.agents is not None and state != "bot":
            parts.agents.feed.wake()
    parts.turns.begin(grant.conversation_id)
    return {"seq": message.seq, "state": state}


def _receive(
    parts: Parts, conversation_id: str, body: schemas.SendMessage
) -> tuple[Any, bool, str]:
    if body.text is None:
        message, new = parts.inbox.choice(conversation_id, body.quick_reply or "", body.client_id)
    else:
        text = clean_text(body.text, parts.config.message_max_chars)
        message, new = parts.inbox.text(conversation_id, text, body.client_id)
        parts.typing.end(conversation_id, "customer")
    return message, new, parts.queue.state_of(conversation_id)


@router.get(
    "/{conversation_id}/messages",
    summary="读取消息",
    response_model=schemas.ShownConversation,
    responses=ERRORS,
)
async def read_messages(
    grant: Granted,
    parts: PartsOf,
    after: Annotated[int, Query(ge=0, le=2**53, description="只取序号大于它的消息")] = 0,
) -> dict[str, Any]:
    """从某条消息之后读取会话，一次最多 500 条。"""
    conversation = await run_in_threadpool(parts.log.get, grant.conversation_id)
    view = await run_in_threadpool(parts.views.look, grant.conversation_id, after)
    last = view.messages[-1].seq if view.messages else after
    verdicts = await run_in_threadpool(parts.feedback.given, conversation.id, after + 1, last)
    return {
        "state": view.state,
        "ticket": view.ticket,
        "announcement": view.announcement,
        "signed_in": conversation.customer_id is not None,
        "messages": [message.public() for message in view.messages],
        "feedback": [asdict(each) for each in verdicts],
        "more": view.more,
    }


@router.get(
    "/{conversation_id}/events",
    summary="事件流（SSE）",
    response_class=EventSourceResponse,
    responses={
        **ERRORS,
        200: {"content": {"text/event-stream": {}}, "description": "见说明"},
    },
)
async def stream_events(
    grant: StreamGranted,
    parts: PartsOf,
    last_event_id: Annotated[
        str | None, Header(description="最后收到的消息序号；浏览器重连时自动带上")
    ] = None,
    after: Annotated[int, Query(ge=0, le=2**53, description="首次连接时已有的最后序号")] = 0,
) -> EventSourceResponse:
    """会话的实时事件。断线后带 `Last-Event-ID` 重连即可续传，不丢不重。

    - `message`：一条消息，格式同消息列表；事件 id 即 `seq`
    - `state`：`{"state": "bot" | "queued" | "human"}`
    - `typing`：`{"typing": true | false}`，智能助手是否正在处理，或客服是否正在输入
    - `ticket`：`{"number", "state", "position", "minutes", "callback", "agent"}`，排队位置、预计等待
      变化时也会发送
    - `announcement`：`{"id", "kind", "title", "text", "until"}`，公告结束时为 `null`
    - `ping`：每 20 秒一次，内容为空；久未收到即可重连
    - `expired`：凭证到期，流随即结束
    """
    # What the browser itself noted on reconnecting is newer than what stood in the address.
    start = after if not last_event_id else _event_id(last_event_id)
    await run_in_threadpool(parts.log.get, grant.conversation_id)
    parts.bells.check_room(grant.conversation_id)
    return EventSourceResponse(
        parts.streams.events(grant.conversation_id, start, grant.expires_at),
        ping=HEARTBEAT_SECONDS,
        ping_message_factory=heartbeat,
        sep="\n",
    )


def _event_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ApiError(422, "last_event_id_invalid", "Last-Event-ID 应为最后收到的消息序号。")
    return int(text)


@router.post(
    "/{conversation_id}/identity",
    summary="绑定客户",
    response_model=schemas.Bound,
    responses=ERRORS,
)
async def bind_customer(
    body: schemas.BindCustomer, grant: Granted, parts: PartsOf
) -> dict[str, Any]:
    """客户在会话中途登录：用会话凭证授权，把客户 JWT 放在请求体中。

    匿名会话只能绑定一次；再次绑定同一客户无副作用，换成另一位客户返回 403。
    """
    customer_id = parts.customers.verify(body.customer_token)
    await run_in_threadpool(parts.log.bind_customer, grant.conversation_id, customer_id)
    return {"conversation_id": grant.conversation_id, "signed_in": True}
