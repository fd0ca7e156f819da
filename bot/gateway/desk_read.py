"""The desk's calls that only look: oneself, names, one ticket, its messages, suggestions."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sse_starlette import EventSourceResponse

from bot.errors import BankbotError
from bot.gateway import desk_view as view
from bot.gateway.bank_work import work
from bot.gateway.desk_parts import DeskOf, DeskParts
from bot.gateway.desk_people import DESK_ROLES, AtDesk, Lead, Person, readable
from bot.gateway.desk_stream import BEAT_SECONDS
from bot.gateway.desk_suggest import suggest
from bot.gateway.desk_thread import PAGE
from bot.gateway.desk_work import act
from bot.gateway.events import heartbeat
from bot.gateway.parts import PartsOf
from bot.gateway.staff import Token
from bot.handoff.audit import AUDIT_KINDS
from bot.handoff.floor import AGENT_STATES
from bot.handoff.reasons import LANGUAGES, LINES, REASONS, TIERS
from bot.handoff.ticket import RESOLUTIONS, STATE_NAMES, Ticket

logger = logging.getLogger(__name__)

# A bank that is slow must not keep an agent from the conversation.
CARD_SECONDS = 2.0

Number = Annotated[str, Path(max_length=24, description="工单编号")]

router = APIRouter()


@router.get("/me", summary="我")
async def me(person: AtDesk, desk: DeskOf) -> dict[str, Any]:
    """登录的坐席：状态、技能组、容量和现在的会话数。`beat_seconds` 是页面报心跳的间隔。"""
    return await act(desk, _me, desk, person)


def _me(desk: DeskParts, person: Person) -> dict[str, Any]:
    here = desk.routes.agent(person.agent)
    return {
        "agent": person.agent,
        "display": person.account.display,
        "roles": list(person.account.roles),
        "state": desk.desk.floor.state_of(person.agent),
        "groups": [
            {"id": group, "name": desk.routes.group(group).name, "level": level}
            for group, level in here.skills.items()
        ],
        "languages": list(here.languages),
        "tier": here.tier,
        "capacity": here.capacity,
        "at_most": here.at_most,
        "load": desk.desk.floor.load(person.agent).chats,
        "reveals_left": desk.reveals.left_today(person.agent),
        "beat_seconds": BEAT_SECONDS,
    }


@router.get("/names", summary="名称和常用回复")
async def names(_: AtDesk, desk: DeskOf) -> dict[str, Any]:
    """各种代码的中文名称、坐席名单和常用回复。"""
    return await act(desk, _names, desk)


def _names(desk: DeskParts) -> dict[str, Any]:
    states = desk.rows.live.agents()
    return {
        "lines": LINES,
        "groups": {name: group.name for name, group in desk.routes.groups.items()},
        "tiers": TIERS,
        "reasons": {name: reason.name for name, reason in REASONS.items()},
        "resolutions": RESOLUTIONS,
        "states": STATE_NAMES,
        "languages": LANGUAGES,
        "agent_states": AGENT_STATES,
        "agents": [
            {
                "id": name, "name": agent.name, "tier": agent.tier,
                "state": states.get(name, "off"),
            }
            for name, agent in desk.routes.agents.items()
        ],
        "replies": [reply.dict() for reply in desk.replies],
    }  # fmt: skip


@router.get("/tickets/{number}", summary="一张工单")
async def ticket(number: Number, person: AtDesk, desk: DeskOf) -> dict[str, Any]:
    """摘要、经过、备注和客户资料（掩码）。每次查看都留记录。

    银行系统没有及时应答时 `customer_card` 的 `unavailable` 为真，其余照常。
    """
    found, shown = await act(desk, _detail, desk, number, person)
    return {**shown, "customer_card": await _card(desk, found)}


def _detail(desk: DeskParts, number: str, person: Person) -> tuple[Ticket, dict[str, Any]]:
    found = readable(desk.desk, number, person)
    desk.audit.record(person.agent, "looked", ticket_id=number, customer_id=found.customer_id)
    (row,) = desk.rows.of([found], person.agent)
    told = view.detail(found, desk.queue.history(number), desk.aside.notes(number))
    return found, {**row, **told}


async def _card(desk: DeskParts, found: Ticket) -> dict[str, Any] | None:
    if desk.directory is None:
        return None
    if found.customer_id is None:
        return {"signed_in": False, "fields": [], "unavailable": False}
    try:
        card = desk.run(desk.directory.card, found.customer_id)
        fields = await asyncio.wait_for(card, CARD_SECONDS)
    except (BankbotError, asyncio.TimeoutError) as error:
        logger.warning("the customer's card is not to be had: %s", type(error).__name__)
        return {"signed_in": True, "fields": [], "unavailable": True}
    return {
        "signed_in": True,
        "fields": [dict(field.__dict__) for field in fields],
        "unavailable": False,
    }


@router.get("/tickets/{number}/messages", summary="会话")
async def messages(
    number: Number,
    person: AtDesk,
    desk: DeskOf,
    after: Annotated[int, Query(ge=0, le=2**53, description="只取序号大于它的消息")] = 0,
) -> dict[str, Any]:
    """从某条消息之后读取，一次最多 500 条；卡号、手机号等已掩码。"""
    return await act(desk, _messages, desk, number, person, after)


def _messages(desk: DeskParts, number: str, person: Person, after: int) -> dict[str, Any]:
    found = readable(desk.desk, number, person)
    if found.agent != person.agent and not after:
        # Whose conversation it is not, leaves a trace however they came to it.
        desk.audit.record(person.agent, "looked", ticket_id=number, customer_id=found.customer_id)
    said = desk.rows.threads.after(found, after)
    return {"messages": [view.message(each) for each in said], "more": len(said) == PAGE}


@router.get("/tickets/{number}/suggestions", summary="推荐答案")
async def suggestions(
    number: Number,
    person: AtDesk,
    desk: DeskOf,
    parts: PartsOf,
    q: Annotated[str, Query(max_length=200, description="不写则按客户最近的话查找")] = "",
) -> dict[str, Any]:
    """知识库里相近的答案，含仅坐席可见的条目和处理提示。"""

    def read() -> list[str]:
        found = readable(desk.desk, number, person)
        said = desk.rows.threads.all_after(found, 0)
        return [each.text for each in said if each.role == "customer"]

    asked = [q] if q.strip() else await act(desk, read)
    return {"answers": await work(parts, suggest, parts.bank, parts.live_faq, asked)}


@router.get("/audit", summary="查看记录")
async def audit(
    _: Lead,
    desk: DeskOf,
    customer: Annotated[str, Query(max_length=64, description="只看这位客户的")] = "",
    agent: Annotated[str, Query(max_length=32, description="只看这位坐席的")] = "",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> dict[str, Any]:
    """谁看过谁的资料、看了哪一项明文、为什么；新的在前。组长和主管可见。"""
    found = await act(
        desk, lambda: desk.audit.list(customer_id=customer or None, by=agent or None, limit=limit)
    )
    return {
        "acts": [
            {
                **each.__dict__,
                "at": view.moment(each.at),
                "kind_name": AUDIT_KINDS[each.kind],
            }
            for each in found
        ]
    }


@router.get("/events", summary="坐席台事件流（SSE）", response_class=EventSourceResponse)
async def events(
    person: AtDesk, desk: DeskOf, parts: PartsOf, token: Token = None
) -> EventSourceResponse:
    """坐席台的实时事件；断线后重连，先收到全部，再收到变化。

    - `hello`：`{"now", "beat_seconds"}`
    - `tickets`：`{"mine", "queue", "behind"}`，我的全部工单（含请我接手或看一下的，见 `asks`）、排在最前面的
      200 张、后面还有多少人在等
    - `ticket`、`gone`：我的或排在前面的一张新增、变化、离开
    - `queue`：`{"behind"}`，后面等的人数变了
    - `message`、`note`、`typing`：我的会话里的消息、备注、客户正在输入
    - `answer`：我请同事接手、请组长看一下的结果
    - `announcement`：对所有客户生效的公告，没有时为 `null`
    - `presence`：我的状态变了；`ping`：每 10 秒一次；`expired`：登录失效，流随即结束
    """
    desk.streams.check_room(person.agent)

    async def still() -> bool:
        session = await desk.run(parts.staff.session, token) if token else None
        # Roles may have been taken away meanwhile.
        return session is not None and bool(set(DESK_ROLES) & set(session.account.roles))

    return EventSourceResponse(
        desk.streams.events(person.agent, still),
        ping=BEAT_SECONDS,
        ping_message_factory=heartbeat,
        sep="\n",
    )
