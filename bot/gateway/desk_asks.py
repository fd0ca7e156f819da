"""What colleagues ask of each other at the desk: to take a conversation, or to look in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from bot.errors import Forbidden
from bot.gateway import desk_schemas as schemas
from bot.gateway.desk_parts import DeskOf, DeskParts
from bot.gateway.desk_people import AtDesk, Person
from bot.gateway.desk_read import Number
from bot.gateway.desk_work import act
from bot.gateway.desk_write import at_desk, done
from bot.gateway.parts import PartsOf

AskId = Annotated[int, Path(ge=1, le=2**53, description="请求的编号，见工单的 asks")]

router = APIRouter()


@router.post("/tickets/{number}/ask", summary="请同事接手、请组长看一下")
async def ask(
    number: Number, body: schemas.Ask, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """对方答应之前，会话还由自己负责，客户不会知道。没有及时答复就作罢。"""
    return await done(desk, parts, person, number, desk.desk.ask, **body.dict())


@router.post("/tickets/{number}/asks/{ask_id}/accept", summary="答应")
async def accept_ask(
    number: Number,
    ask_id: AskId,
    body: schemas.AcceptAsk,
    person: AtDesk,
    desk: DeskOf,
    parts: PartsOf,
) -> dict[str, Any]:
    """接手：由自己接着服务，客户会知道。看一下：加入或旁听。"""
    await act(desk, _may_accept, desk, person, number, ask_id)
    return await done(desk, parts, person, number, desk.desk.accept_ask, ask_id, body.mode)


def _may_accept(desk: DeskParts, person: Person, number: str, ask_id: int) -> None:
    if desk.desk.asking.book.get(number, ask_id).kind == "take":
        at_desk(desk, person)
    elif not person.leads:
        raise Forbidden("只有组长和主管可以加入、旁听会话，请在账号里加上“组长”角色")


@router.post("/tickets/{number}/asks/{ask_id}/decline", summary="婉拒")
async def decline_ask(
    number: Number,
    ask_id: AskId,
    body: schemas.Noted,
    person: AtDesk,
    desk: DeskOf,
    parts: PartsOf,
) -> dict[str, Any]:
    """暂时不便，会话还由原来的坐席负责；写的话对方看得到。"""
    return await done(desk, parts, person, number, desk.desk.decline_ask, ask_id, body.note)


@router.post("/tickets/{number}/asks/{ask_id}/withdraw", summary="撤回")
async def withdraw_ask(
    number: Number,
    ask_id: AskId,
    _: schemas.Nothing,
    person: AtDesk,
    desk: DeskOf,
    parts: PartsOf,
) -> dict[str, Any]:
    """不再请同事接手或看一下；只有提出的人可以撤回。"""
    return await done(desk, parts, person, number, desk.desk.withdraw_ask, ask_id)
