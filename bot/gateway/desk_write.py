"""What agents do at the desk; each call answers with the ticket's row as it is then."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter

from bot.errors import Conflict
from bot.gateway import desk_schemas as schemas
from bot.gateway.desk_parts import DeskOf, DeskParts
from bot.gateway.desk_people import AtDesk, Person, readable
from bot.gateway.desk_read import Number
from bot.gateway.desk_work import act
from bot.gateway.limits import clean_text
from bot.gateway.parts import Parts, PartsOf
from bot.handoff.ticket import WITH_PERSON

router = APIRouter()


@router.post("/presence", summary="上线、小休、离线")
async def presence(body: schemas.Presence, person: AtDesk, desk: DeskOf) -> dict[str, Any]:
    """手上还有会话时不能离线。关掉页面不是离线：超过时限没有心跳，会话才回到队列。"""
    await act(desk, desk.desk.be, person.agent, body.state)
    desk.feed.wake()
    return {"state": body.state}


@router.post("/beat", summary="心跳")
async def beat(_: schemas.Nothing, person: AtDesk, desk: DeskOf) -> dict[str, Any]:
    """页面开着就每 10 秒报一次；返回现在的状态，可能已被系统改为小休或离线。"""
    return {"state": await act(desk, desk.desk.floor.beat, person.agent)}


@router.post("/tickets/{number}/claim", summary="接入")
async def claim(
    number: Number, _: schemas.Nothing, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """接入一张排队中或已约回访的工单；几个人同时接，只有一个接到。"""
    await act(desk, at_desk, desk, person)
    return await done(desk, parts, person, number, desk.desk.claim)


@router.post("/tickets/{number}/accept", summary="应答")
async def accept(
    number: Number, _: schemas.Nothing, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """应答派给自己的工单。"""
    return await done(desk, parts, person, number, desk.desk.accept)


@router.post("/tickets/{number}/decline", summary="拒接")
async def decline(
    number: Number, body: schemas.Noted, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """拒接派给自己的工单，一段时间内不再派给自己；客户不会知道。"""
    return await done(desk, parts, person, number, desk.desk.decline, body.note)


@router.post("/tickets/{number}/messages", summary="回复客户", response_model=schemas.Written)
async def write(
    number: Number, body: schemas.Write, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """负责的坐席和加入会话的组长可以回复。用同一个 `client_id` 重发是同一条。"""
    text = clean_text(body.text, parts.config.message_max_chars)

    def reply() -> tuple[int, str]:
        seq = desk.desk.reply(number, person.agent, text, body.client_id)
        conversation = desk.queue.get(number).conversation_id
        desk.typing.end(conversation, "agent")
        return seq, conversation

    seq, conversation = await act(desk, reply)
    parts.metrics.messages.labels("agent").inc()
    rung(desk, parts, conversation)
    return {"seq": seq}


@router.post("/tickets/{number}/typing", status_code=204, summary="正在输入")
async def typing(number: Number, _: schemas.Nothing, person: AtDesk, desk: DeskOf) -> None:
    """告诉客户“客服正在输入”，几秒后自动消失；输入时每 3 秒报一次。"""

    def begin() -> None:
        ticket = desk.queue.get(number)
        speaks = ticket.agent == person.agent or (
            desk.aside.mode_of(ticket, person.agent) == "join"
        )
        if ticket.state in WITH_PERSON and speaks:
            desk.typing.begin(ticket.conversation_id, "agent")

    await act(desk, begin)


@router.post("/tickets/{number}/read", summary="已读")
async def read(
    number: Number, body: schemas.Read, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """看到了哪一条；只会往前。"""
    await act(desk, readable, desk.desk, number, person)
    return await done(desk, parts, person, number, desk.aside.read, body.seq)


@router.post("/tickets/{number}/notes", summary="内部备注")
async def note(
    number: Number, body: schemas.Note, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """只有同事看得到；里面的卡号、手机号等会掩码。旁听的组长写的，坐席马上看到。"""
    await act(desk, readable, desk.desk, number, person)
    return await done(desk, parts, person, number, desk.desk.note, body.text)


@router.post("/tickets/{number}/hold", summary="挂起")
async def hold(
    number: Number, body: schemas.Noted, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """先去核实，客户会知道；解决的时钟停下。"""
    return await done(desk, parts, person, number, desk.desk.hold, body.note)


@router.post("/tickets/{number}/resume", summary="继续")
async def resume(
    number: Number, _: schemas.Nothing, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """继续挂起的会话。"""
    return await done(desk, parts, person, number, desk.desk.resume)


@router.post("/tickets/{number}/end", summary="结束会话")
async def end(
    number: Number, _: schemas.Nothing, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """会话交还给智能助手，自己还要写小结、办结。"""
    return await done(desk, parts, person, number, desk.desk.end)


@router.post("/tickets/{number}/resolve", summary="办结")
async def resolve(
    number: Number, body: schemas.Resolve, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """写下办结代码和小结；还没结束的会话随之结束。"""
    return await done(
        desk, parts, person, number, desk.desk.resolve, code=body.code, note=body.note
    )


@router.post("/tickets/{number}/transfer", summary="转接")
async def transfer(
    number: Number, body: schemas.Transfer, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> dict[str, Any]:
    """转给业务条线、技能组或本组的更高层级，客户会知道；转给一位在岗的同事要等他接手，见 `asks`，
    这之前会话还由自己负责，客户不会知道。"""
    return await done(desk, parts, person, number, desk.desk.transfer, **body.dict())


@router.post("/tickets/{number}/reveal", summary="查看明文", response_model=schemas.Revealed)
async def reveal(
    number: Number, body: schemas.Reveal, person: AtDesk, desk: DeskOf
) -> dict[str, Any]:
    """查看客户资料或一条消息的明文：要写原因，每人每天有次数上限，逐次留记录。"""

    def show() -> tuple[str, int]:
        # Who only looks at the queue has no business that needs it.
        ticket = readable(desk.desk, number, person, waiting=False)
        return desk.reveals.reveal(ticket, person.agent, body.field, body.why)

    value, left = await act(desk, show)
    return {"value": value, "left_today": left}


async def done(
    desk: DeskParts,
    parts: Parts,
    person: Person,
    number: str,
    function: Callable[..., object],
    *args: Any,
    **named: Any,
) -> dict[str, Any]:
    """Do it to the ticket in the person's name, wake whoever is to see it, and show the ticket as
    it is then."""
    await act(desk, partial(function, number, person.agent, *args, **named))
    (row,) = await act(desk, lambda: desk.rows.of([desk.queue.get(number)], person.agent))
    rung(desk, parts, row["conversation_id"])
    return dict(row)


def rung(desk: DeskParts, parts: Parts, conversation_id: str) -> None:
    """The customer's page and every desk of this process look at once."""
    parts.bells.ring(conversation_id)
    desk.feed.wake()


def at_desk(desk: DeskParts, person: Person) -> None:
    """Refuse work to whoever is off: nobody would notice that they have gone.

    Raises:
        Conflict: they are.
    """
    if desk.desk.floor.state_of(person.agent) == "off":
        raise Conflict("您现在是离线状态，请先上线再接待")
