"""Lists of tickets at the desk, a page at a time: one's own, who waits, whom to call back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from bot.gateway.desk_parts import DeskOf, DeskParts
from bot.gateway.desk_people import AtDesk, Person
from bot.gateway.desk_work import act
from bot.handoff.lookup import Found, Lookup, Wanted
from bot.handoff.ticket import Ticket

router = APIRouter()


@router.get("/tickets", summary="工单列表")
async def tickets(
    person: AtDesk,
    desk: DeskOf,
    which: Annotated[
        Literal["mine", "queue", "callback", "recent"],
        Query(alias="view", description="我的、排队中、已约回访、最近结束"),
    ] = "mine",
    after: Annotated[
        str, Query(max_length=24, description="排队、回访：从这张工单的后面继续")
    ] = "",
    group: Annotated[str, Query(max_length=32, description="排队、回访：只看这个技能组")] = "",
    q: Annotated[
        str, Query(max_length=64, description="排队、回访：工单编号（可只写后几位）或客户号")
    ] = "",
) -> dict[str, Any]:
    """按服务先后排列；`mine` 含请自己接手或看一下的；`recent` 是自己七天内结束的，新的在前。

    排队和回访一次最多 200 张，`more` 说后面还有没有，`total` 是符合条件的一共多少。
    """
    wanted = Wanted(after=after.strip(), group=group, text=q.strip())
    return await act(desk, _tickets, desk, person, which, wanted)


def _tickets(desk: DeskParts, person: Person, which: str, wanted: Wanted) -> dict[str, Any]:
    if which in ("queue", "callback"):
        lookup = Lookup(desk.queue)
        found = (lookup.queue if which == "queue" else lookup.callbacks)(wanted)
    else:
        mine = _mine(desk, person.agent) if which == "mine" else desk.rows.live.recent(person.agent)
        found = Found(mine, more=False, total=len(mine))
    rows = desk.rows.of(found.tickets, person.agent)
    return {"tickets": rows, "more": found.more, "total": found.total}


def _mine(desk: DeskParts, agent: str) -> Sequence[Ticket]:
    """What somebody has, what they look on at, and what they are asked about."""
    asked = [ask.ticket_id for ask in desk.desk.asking.asked_of(agent)]
    return desk.queue.held(agent, also=[*asked, *desk.aside.looked_on_by(agent)])
