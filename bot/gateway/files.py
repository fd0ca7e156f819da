"""Files that customers hand in: what may come, and how it reaches the log and the assistant."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Header, Query, Request
from starlette.concurrency import run_in_threadpool

from bot.gateway import schemas
from bot.gateway.api import ERRORS, Granted
from bot.gateway.errors import ApiError
from bot.gateway.parts import Parts, PartsOf
from bot.text.masking import mask_text

NAME_MAX_CHARS = 60
DEFAULT_NAME = "文件"

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')
_PDF_ACTIVE = (b"/JavaScript", b"/Launch")

router = APIRouter(prefix="/api/conversations", tags=["会话"])


@router.post(
    "/{conversation_id}/files",
    status_code=202,
    summary="上传文件",
    response_model=schemas.AcceptedFile,
    responses={
        **ERRORS,
        403: {"model": schemas.ErrorBody, "description": "凭证属于另一个会话，或客户还没有登录"},
        409: {"model": schemas.ErrorBody, "description": "client_id 已用于另一条消息"},
        413: {"model": schemas.ErrorBody, "description": "文件太大"},
        415: {"model": schemas.ErrorBody, "description": "不是 JPG、PNG 或 PDF"},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in ("image/jpeg", "image/png", "application/pdf")
            },
        }
    },
)
async def send_file(
    request: Request,
    grant: Granted,
    parts: PartsOf,
    client_id: Annotated[
        str, Query(pattern=schemas.CLIENT_ID, description="同发送消息：重发时不变，服务端据此去重")
    ],
    x_file_name: Annotated[
        str, Header(max_length=2000, description="文件名，百分号编码的 UTF-8；只用于显示")
    ] = "",
) -> dict[str, Any]:
    """上传一份材料：请求体就是文件本身（JPG、PNG 或 PDF，按内容判断）。

    文件名放在请求头里而不在地址里，因为地址会进入途中的访问日志。
    返回 202 时文件已加密落盘，并作为一条消息交给智能助手；同一个 `client_id` 重发不会存两份。
    """
    parts.file_rate.spend(grant.conversation_id)
    content = await request.body()
    message, new, state = await run_in_threadpool(
        _receive, parts, grant.conversation_id, unquote(x_file_name), content, client_id
    )
    if new:
        parts.metrics.messages.labels("customer").inc()
        parts.bells.ring(grant.conversation_id)
    parts.turns.begin(grant.conversation_id)
    return {"seq": message.seq, "state": state}


def _receive(
    parts: Parts, conversation_id: str, name: str, content: bytes, client_id: str
) -> tuple[Any, bool, str]:
    customer_id = parts.log.get(conversation_id).customer_id
    if customer_id is None:
        raise ApiError(403, "sign_in_required", "请先登录，再上传材料。")
    media_type = media_type_of(content)
    message, new = parts.inbox.file(
        conversation_id, customer_id, clean_name(name), media_type, content, client_id
    )
    return message, new, parts.queue.state_of(conversation_id)


def media_type_of(content: bytes) -> str:
    """What the bytes are, whatever the sender calls them.

    Raises:
        ApiError: 422 ``file_empty`` or ``file_broken`` (its end is missing), 415 ``file_type``.
    """
    if not content:
        raise ApiError(422, "file_empty", "文件是空的，请重新选择。")
    if content.startswith(b"\xff\xd8\xff"):
        kind, whole = "image/jpeg", b"\xff\xd9" in content[-4096:]
    elif content.startswith(b"\x89PNG\r\n\x1a\n"):
        kind, whole = "image/png", content[12:16] == b"IHDR" and b"IEND" in content[-64:]
    elif content.startswith(b"%PDF-"):
        if any(word in content for word in _PDF_ACTIVE):
            raise ApiError(
                415, "file_active", "这份 PDF 带有脚本，为了安全不能接收，请另存后再上传。"
            )
        kind, whole = "application/pdf", b"%%EOF" in content[-2048:]
    else:
        raise ApiError(415, "file_type", "只支持 JPG、PNG 图片和 PDF 文件，请换一种格式再上传。")
    if not whole:
        raise ApiError(422, "file_broken", "文件不完整，可能没有传完或已损坏，请重新选择。")
    return kind


def clean_name(name: str) -> str:
    """A file's name as it may be shown and logged: no path, no control character, numbers masked."""
    kept = "".join(each for each in name if unicodedata.category(each)[0] != "C")
    kept = mask_text(_NOT_IN_NAMES.sub("_", kept).strip(" ."))
    if len(kept) > NAME_MAX_CHARS:
        # The end says what kind of file it is.
        kept = f"{kept[: NAME_MAX_CHARS - 9]}…{kept[-8:]}"
    return kept or DEFAULT_NAME
