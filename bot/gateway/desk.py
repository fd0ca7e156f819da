"""All calls of the agents' desk under one address, for staff's own pages only."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends

from bot.gateway import (
    desk_asks,
    desk_board,
    desk_files,
    desk_lead,
    desk_links,
    desk_lists,
    desk_read,
    desk_write,
)
from bot.gateway.schemas import ErrorBody
from bot.gateway.staff import own_page

_ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorBody, "description": "没有登录"},
    403: {
        "model": ErrorBody,
        "description": "没有这个角色，工单由别人负责，或缺少 X-Requested-With",
    },
    404: {"model": ErrorBody, "description": "没有这张工单"},
    409: {"model": ErrorBody, "description": "工单或坐席当前的状态不允许"},
    422: {"model": ErrorBody, "description": "内容不符合要求，见 reasons"},
}

router = APIRouter(
    prefix="/api/desk",
    tags=["坐席台"],
    dependencies=[Depends(own_page)],
    responses=_ERRORS,
)
PARTS = (
    desk_lists,
    desk_read,
    desk_write,
    desk_asks,
    desk_lead,
    desk_board,
    desk_links,
    desk_files,
)
for part in PARTS:
    router.include_router(part.router)
