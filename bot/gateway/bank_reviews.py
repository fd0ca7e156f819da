"""Four eyes: what waits for a second person, and what that person says."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from bot.errors import Forbidden
from bot.gateway import bank_schemas as schemas
from bot.gateway import bank_view as view
from bot.gateway.bank_desk import BankDesk
from bot.gateway.bank_read import EntryId
from bot.gateway.bank_work import work
from bot.gateway.errors import ApiError
from bot.gateway.parts import PartsOf
from bot.gateway.staff import Reader, Reviewer

router = APIRouter()


@router.get("/reviews", summary="待复核")
async def list_reviews(session: Reader, parts: PartsOf) -> list[dict[str, Any]]:
    """等待别人复核的修改；`mine` 为真的不能自己复核。"""
    return await work(parts, _waiting, parts.bank, session.account.name)


def _waiting(desk: BankDesk, name: str) -> list[dict[str, Any]]:
    return [view.waiting(each, name) for each in desk.pending(desk.bank()).values()]


@router.post("/reviews/{entry_id}/approve", summary="通过")
async def approve_entry(
    entry_id: EntryId, body: schemas.ReviewEntry, session: Reviewer, parts: PartsOf
) -> dict[str, str]:
    """通过一个条目到 `seen` 为止的修改；写的人自己不能通过。"""
    return await work(parts, _said, parts.bank, "approve", entry_id, body, session.account.name)


@router.post("/reviews/{entry_id}/reject", summary="退回")
async def reject_entry(
    entry_id: EntryId, body: schemas.ReviewEntry, session: Reviewer, parts: PartsOf
) -> dict[str, str]:
    """退回一个条目的修改，要写明为什么；改好之前不能发布。"""
    if not body.note.strip():
        raise ApiError(422, "invalid", "请写明为什么退回。")
    return await work(parts, _said, parts.bank, "reject", entry_id, body, session.account.name)


def _said(
    desk: BankDesk, verdict: str, entry_id: str, body: schemas.ReviewEntry, by: str
) -> dict[str, str]:
    say = desk.reviews.approve if verdict == "approve" else desk.reviews.reject
    try:
        say(desk.bank(), entry_id, body.seen, by=by, note=body.note)
    except Forbidden:
        raise ApiError(403, "own_work", "这次修改里有您自己写的内容，请换一位同事复核。") from None
    return {"id": entry_id}
