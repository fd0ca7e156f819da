"""The bodies of the calls by which customers follow their complaints."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from bot.gateway.schemas import CLIENT_ID, Body

_ID = Field(..., regex=CLIENT_ID, description="同发送消息：重发时不变，服务端据此去重")


class AddFacts(Body):
    """补充一件进行中的投诉。"""

    text: str = Field(..., description="补充的内容；是否属于新情况由处理人判断")
    client_id: str = _ID


class Withdraw(Body):
    """撤回一件进行中的投诉。"""

    why: str = Field("", max_length=500, description="原因，可以不写")
    client_id: str = _ID


class AskReview(Body):
    """收到处理决定后 30 天内，申请由上级核查。"""

    why: str = Field(..., description="处理决定的哪些地方不认可")
    client_id: str = _ID


class ShownFacts(BaseModel):
    """客户补充的一条内容。"""

    text: str
    at: str


class ShownNotice(BaseModel):
    """银行的一次告知。"""

    what: str = Field(..., description="acceptance、extension、pause、decision 等")
    title: str = Field(..., description="给客户看的名称，如“延期告知”")
    text: str
    channel: str = Field(..., description="告知的渠道，如“在线客服”“电话”")
    at: str = Field(..., description="ISO 8601，UTC")


class ShownReview(BaseModel):
    """上级核查；``result`` 在告知以后才有。"""

    asked_at: str
    due_on: str
    result: str | None = None


class ShownComplaint(BaseModel):
    """客户自己的一件投诉。"""

    number: str
    category: str
    state: Literal["received", "handling", "decided", "withdrawn", "merged"]
    title: str = Field(..., description="状态的名称，如“处理中”")
    text: str = Field(..., description="投诉内容，卡号等已掩码")
    received_at: str
    due_on: str | None = Field(None, description="最晚答复的日期（北京时间）；已结束的没有")
    overdue: bool = Field(..., description="进行中的投诉是否已超过答复日期")
    paused: str | None = Field(None, description="计时中止的原因")
    merged_into: str | None = None
    facts: list[ShownFacts]
    notices: list[ShownNotice]
    review: ShownReview | None = None
    review_until: str | None = Field(None, description="可以申请核查到哪天；不能申请的没有")
    may: list[Literal["add_facts", "withdraw", "ask_review"]]


class ShownComplaints(BaseModel):
    """客户的全部投诉，新的在前。"""

    complaints: list[ShownComplaint]
