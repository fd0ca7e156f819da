"""What leads and supervisors do at the desk beside agents' work."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from bot.gateway import desk_schemas as schemas
from bot.gateway.desk_parts import DeskOf
from bot.gateway.desk_people import Lead
from bot.gateway.desk_read import Number
from bot.gateway.desk_work import act
from bot.gateway.desk_write import at_desk, done
from bot.gateway.parts import PartsOf

router = APIRouter()


@router.post("/tickets/{number}/join", summary="加入或旁听")
async def join(
    number: Number, body: schemas.Join, person: Lead, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """加入后可以直接回复，客户会知道；旁听只能写备注，坐席马上看到，客户看不到。"""
    return await done(desk, parts, person, number, desk.desk.join, body.mode)


@router.post("/tickets/{number}/leave", summary="退出")
async def leave(
    number: Number, _: schemas.Nothing, person: Lead, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """不再加入或旁听。"""
    return await done(desk, parts, person, number, desk.desk.leave_to_agent)


@router.post("/tickets/{number}/takeover", summary="接管")
async def take_over(
    number: Number, body: schemas.Why, person: Lead, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """由自己接着服务，客户会知道；原因写进经过。"""
    await act(desk, at_desk, desk, person)
    return await done(desk, parts, person, number, desk.desk.take_over, body.why)


@router.post("/tickets/{number}/assign", summary="指派")
async def assign(
    number: Number, body: schemas.Assign, person: Lead, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """交给一位在岗的坐席，不论现在谁在办、还是没有人办；原因写进经过。"""
    return await done(desk, parts, person, number, desk.desk.assign, agent=body.agent, why=body.why)
