"""The wall board at the desk, and the day's tickets as a table, for leads and supervisors."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from bot.gateway.desk_parts import DeskOf
from bot.gateway.desk_people import Lead
from bot.gateway.desk_work import act
from bot.gateway.tables import download
from bot.text.spreadsheet import table_bytes

router = APIRouter()


@router.get("/board", summary="大屏")
async def read_board(_: Lead, desk: DeskOf) -> dict[str, Any]:
    """此刻的排队、坐席和今天的数字；几秒之内的请求得到同一份。"""
    return await act(desk, desk.board.look)


@router.get("/board/tickets", summary="坐席的会话")
async def read_tickets_of(
    person: Lead, desk: DeskOf, agent: Annotated[str, Query(max_length=32)]
) -> dict[str, Any]:
    """一位坐席现在接着的会话，供组长加入、接管或改派。"""

    def rows() -> list[dict[str, Any]]:
        return desk.rows.of(desk.queue.held(agent), person.agent)

    return {"tickets": await act(desk, rows)}


@router.get("/board/export", summary="导出当天工单", response_class=Response)
async def export_day(
    person: Lead, desk: DeskOf, day: Annotated[date, Query(description="YYYY-MM-DD，北京时间")]
) -> Response:
    """这一天开的工单，一行一张，客户号掩码；导出有记录。"""

    def made() -> bytes:
        rows = desk.board.tickets(day)
        desk.audit.record(
            person.agent, "exported", field=f"{day} 的工单", why=f"{len(rows) - 1} 张"
        )
        return table_bytes(".csv", "工单", rows)

    return download(await act(desk, made), "csv", f"tickets-{day}")
