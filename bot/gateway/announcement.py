"""The emergency switch: supervisors announce something to every customer, all of the desk read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool

from bot.conversations.models import iso
from bot.gateway import announcement_schemas as schemas
from bot.gateway.errors import ApiError, in_own_words
from bot.gateway.parts import Parts, PartsOf
from bot.gateway.schemas import ErrorBody
from bot.gateway.staff import needs, own_page
from bot.gateway.view import announced_to_all
from bot.handoff.announcements import KINDS, MOST_CHARS, ROUTINGS, Announcement
from bot.handoff.reasons import LINES
from bot.staff.door import Session

router = APIRouter(
    prefix="/api/desk/announcement", tags=["应急公告"], dependencies=[Depends(own_page)]
)

DeskReader = Annotated[Session, Depends(needs("agent", "lead", "supervisor"))]
Supervisor = Annotated[Session, Depends(needs("supervisor"))]

_ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorBody, "description": "没有登录"},
    403: {"model": ErrorBody, "description": "不是主管，或缺少 X-Requested-With"},
}
_CHANGES: dict[int | str, dict[str, Any]] = {
    **_ERRORS,
    409: {"model": ErrorBody, "description": "刚被别人发布、替换或结束"},
    422: {"model": ErrorBody, "description": "内容不符合要求"},
}


@router.get("", summary="应急公告", response_model=schemas.ShownSwitch, responses=_ERRORS)
async def read_announcement(session: DeskReader, parts: PartsOf) -> dict[str, Any]:
    """正在生效的公告、最近的公告，和可以选的值。"""
    return await run_in_threadpool(_shown, parts)


@router.post("", summary="发布公告", response_model=schemas.ShownSwitch, responses=_CHANGES)
async def announce(body: schemas.Announce, session: Supervisor, parts: PartsOf) -> dict[str, Any]:
    """发布一条公告：助手在每个会话里先说它，受影响的业务不再受理，转人工按选的方式走。"""
    if body.until is not None and body.until.tzinfo is None:
        raise ApiError(422, "time_zone", "结束时间缺少时区，请写成带时区的时间。")

    def act() -> None:
        parts.queue.announcements.announce(
            body.text,
            by=session.account.name,
            kind=body.kind,
            lines=body.lines,
            routing=body.routing,
            skill_group=body.group,
            groups=parts.config.routes.groups,
            until=body.until,
            replaces=body.replaces,
        )

    return await _done(parts, act)


@router.delete("", summary="结束公告", response_model=schemas.ShownSwitch, responses=_CHANGES)
async def end_announcement(session: Supervisor, parts: PartsOf) -> dict[str, Any]:
    """结束正在生效的公告，一切照常。"""
    return await _done(parts, lambda: parts.queue.announcements.end(session.account.name))


async def _done(parts: Parts, act: Callable[[], object]) -> dict[str, Any]:
    def run() -> dict[str, Any]:
        with in_own_words("announcement"):
            act()
        return _shown(parts)

    return await run_in_threadpool(run)


def _shown(parts: Parts) -> dict[str, Any]:
    switch, groups = parts.queue.announcements, parts.config.routes.groups
    current = switch.current()
    return {
        "announcement": _kept(current) if current else None,
        "history": [_kept(each) for each in switch.history()],
        "choices": {
            "kinds": KINDS,
            "lines": LINES,
            "routings": ROUTINGS,
            "groups": {name: group.name for name, group in groups.items()},
            "most_chars": MOST_CHARS,
        },
    }


def _kept(announcement: Announcement) -> dict[str, Any]:
    ended = announcement.ended_at
    return {
        **announced_to_all(announcement),
        "lines": list(announcement.lines),
        "routing": announcement.routing,
        "group": announcement.skill_group,
        "set_by": announcement.set_by,
        "at": iso(announcement.at),
        "ended_by": announcement.ended_by,
        "ended_at": ended and iso(ended),
    }
