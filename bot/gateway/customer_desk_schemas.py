"""The bodies of the calls by which customers wait for a person, and judge the service."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from bot.gateway.schemas import Body, ShownTicket, Stretch

TICKET = Field(..., max_length=24, description="工单编号")
Cause = Literal["slow", "unsolved", "unclear", "attitude", "repeated", "other"]


class AskCallback(Body):
    """不排队了，约一个时段由客服联系。"""

    at: datetime = Field(..., description="给出的某个时段的开始，ISO 8601，带时区")


class GiveSurvey(Body):
    """评价一次人工服务；再次提交以最后一次为准。"""

    ticket: str = TICKET
    satisfied: bool
    why: list[Cause] = Field(
        [], max_items=6, description="不满意的原因：slow 等得太久、unsolved 问题没解决、"
        "unclear 解释不清楚、attitude 服务态度、repeated 重复说明情况、other 其他",
    )  # fmt: skip
    comment: str = Field("", max_length=500, description="补充说明，卡号等会掩码保存")
    large_type: bool = Field(False, description="是否在大字版上评价，单独统计")


class NotResolved(Body):
    """问题没有解决，请原来的组继续处理。"""

    ticket: str = TICKET


class ShownSurvey(BaseModel):
    """可以评价的那次服务，和已有的评价。"""

    ticket: str
    agent: str | None = None
    satisfied: bool | None = Field(None, description="还没有评价时为空")
    why: list[Cause] = []
    comment: str = ""


class ShownHandoff(BaseModel):
    """人工服务的现状，和客户现在可以做什么。"""

    ticket: ShownTicket | None = None
    slots: list[Stretch] = Field(..., description="可以约的时段；不能约时为空")
    survey: ShownSurvey | None = None
    may: list[Literal["leave", "callback", "keep_assistant", "survey", "not_resolved"]]
