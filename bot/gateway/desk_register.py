"""All calls of the desk about complaints under one address, for staff's own pages only."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends

from bot.gateway import desk_complaint_acts, desk_complaint_entry, desk_complaints
from bot.gateway.schemas import ErrorBody
from bot.gateway.staff import own_page

_ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorBody, "description": "没有登录"},
    403: {"model": ErrorBody, "description": "没有这个角色，须回避，或缺少 X-Requested-With"},
    404: {"model": ErrorBody, "description": "没有这件投诉，或没有这个账号"},
    409: {"model": ErrorBody, "description": "投诉的状态不允许"},
    422: {"model": ErrorBody, "description": "内容不符合要求，见 reasons"},
}

router = APIRouter(
    tags=["投诉登记"],
    dependencies=[Depends(own_page)],
    responses=_ERRORS,
)
# What has a name of its own goes before what any number may be.
for part in (desk_complaint_entry, desk_complaints, desk_complaint_acts):
    router.include_router(part.router, prefix="/api/desk/complaints")
