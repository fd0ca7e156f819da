"""Files that a customer handed in, for whoever serves them: each that is opened is on record."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from bot.conversations.models import iso
from bot.conversations.uploads import Upload, Uploads
from bot.errors import NotFound
from bot.gateway.desk_parts import DeskOf, DeskParts
from bot.gateway.desk_people import AtDesk, Person, readable
from bot.gateway.desk_read import Number
from bot.gateway.desk_thread import end_of
from bot.gateway.desk_work import act
from bot.gateway.parts import PartsOf
from bot.handoff.ticket import Ticket

# What a browser may show; all else it saves.
SHOWN = ("image/jpeg", "image/png")
KINDS = {"image/jpeg": "JPG 图片", "image/png": "PNG 图片", "application/pdf": "PDF 文件"}

UploadId = Annotated[str, Path(max_length=32, description="文件编号，见文件列表")]

router = APIRouter()


@router.get("/tickets/{number}/files", summary="客户上传的文件")
async def list_files(
    number: Number, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> list[dict[str, Any]]:
    """这个会话里客户上传的材料，先传的在前；工单结束以后传的不在内。"""

    def found() -> list[dict[str, Any]]:
        ticket = readable(desk.desk, number, person)
        return [_shown(each) for each in _of(parts.uploads, ticket)]

    return await act(desk, found)


@router.get(
    "/tickets/{number}/files/{upload_id}",
    summary="打开客户上传的文件",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind in KINDS}, "description": "文件本身"}},
)
async def open_file(
    number: Number, upload_id: UploadId, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> Response:
    """图片可以直接显示，PDF 只能另存。每次打开都留记录；没有人接待的工单要先接入。"""
    file, content = await act(desk, _open, desk, parts.uploads, number, upload_id, person)
    return Response(content, media_type=file.media_type, headers=_headers(file))


def _open(
    desk: DeskParts, uploads: Uploads, number: str, upload_id: str, person: Person
) -> tuple[Upload, bytes]:
    # An identity card is no less than a number shown in plain: the same people may see it.
    ticket = readable(desk.desk, number, person, waiting=False)
    file = next((each for each in _of(uploads, ticket) if each.id == upload_id), None)
    if file is None:
        raise NotFound(f"工单 {number} 里没有这个文件")
    desk.audit.record(
        person.agent, "opened_file", ticket_id=number, customer_id=ticket.customer_id,
        field=file.name,
    )  # fmt: skip
    return file, uploads.unsealed(file)


def _of(uploads: Uploads, ticket: Ticket) -> list[Upload]:
    return list(uploads.of(ticket.conversation_id, end_of(ticket)))


def _shown(file: Upload) -> dict[str, Any]:
    return {
        "id": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "kind_name": KINDS[file.media_type],
        "size": file.size,
        "at": iso(file.at),
    }


def _headers(file: Upload) -> dict[str, str]:
    """Whatever a file holds, it runs nothing and belongs to no page."""
    shown = "inline" if file.media_type in SHOWN else "attachment"
    return {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file.name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
