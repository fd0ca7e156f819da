"""All calls of the FAQ page under one address, for staff's own pages only."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends

from bot.gateway import (
    bank_mining,
    bank_read,
    bank_releases,
    bank_reviews,
    bank_tables,
    bank_try,
    bank_write,
)
from bot.gateway.schemas import ErrorBody
from bot.gateway.staff import own_page

_ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorBody, "description": "没有登录"},
    403: {"model": ErrorBody, "description": "没有这个角色，或缺少 X-Requested-With"},
    404: {"model": ErrorBody, "description": "没有这个条目"},
    409: {"model": ErrorBody, "description": "刚被别人改过，或当前状态不允许"},
    422: {"model": ErrorBody, "description": "内容不符合要求，见 reasons"},
    503: {"model": ErrorBody, "description": "还没有编码器"},
}

router = APIRouter(
    prefix="/api/faq/bank",
    tags=["知识库维护"],
    dependencies=[Depends(own_page)],
    responses=_ERRORS,
)
for part in (
    bank_read, bank_write, bank_tables, bank_try, bank_reviews, bank_releases, bank_mining
):  # fmt: skip
    router.include_router(part.router)
