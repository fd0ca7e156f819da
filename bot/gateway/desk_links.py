"""What agents may know of their customer's complaints."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from bot.gateway.desk_complaint_view import brief
from bot.gateway.desk_parts import DeskOf
from bot.gateway.desk_people import AtDesk, readable
from bot.gateway.desk_read import Number
from bot.gateway.desk_work import act
from bot.gateway.parts import PartsOf

router = APIRouter()


@router.get("/tickets/{number}/complaints", summary="工单客户的投诉")
async def read_complaints_of(
    number: Number, person: AtDesk, desk: DeskOf, parts: PartsOf
) -> list[dict[str, Any]]:
    """这位客户有哪些投诉、到哪一步、最晚哪天答复；内容要有投诉的角色才能看。"""

    def found() -> list[dict[str, Any]]:
        ticket = readable(desk.desk, number, person)
        tasks = parts.casework.worklist.of(ticket.conversation_id, ticket.customer_id)
        return [brief(task) for task in tasks]

    return await act(desk, found)
