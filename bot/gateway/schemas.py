"""The bodies of the public API, as they appear in ``/api/openapi.json``."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Extra, Field, root_validator

from bot.conversations.feedback import Cause
from bot.conversations.models import Group

# A bare "$" would let a final newline through.
_END = r"(?!\n)$"
CLIENT_ID = r"^[A-Za-z0-9_.:-]{1,64}" + _END
CHANNEL = r"^[a-z][a-z0-9_-]{0,19}" + _END
DEFAULT_CHANNEL = "web"
QUICK_REPLY = r"^[0-9]{1,9}\.[0-9]{1,3}" + _END
# Room to say what is wrong with one answer, not to write a complaint.
REASON_MAX_CHARS, ANSWER_REASON_MAX_CHARS = 500, 200


class Body(BaseModel):
    """What a caller sends."""

    class Config:
        # A misspelt field is an error that is noticed, not a wish that is ignored.
        extra = Extra.forbid


class OpenConversation(Body):
    """打开一个会话。"""

    channel: str = Field(DEFAULT_CHANNEL, regex=CHANNEL, description="渠道，如 web、app")


class OpenedConversation(BaseModel):
    """会话编号与会话凭证。"""

    conversation_id: str
    token: str = Field(..., description="会话凭证：其余调用放在 Authorization: Bearer 中")
    expires_at: str = Field(..., description="凭证失效时间，ISO 8601，UTC")


class SendMessage(Body):
    """客户的一条消息：``text`` 与 ``quick_reply`` 二选一。"""

    text: str | None = Field(None, description="客户输入的文字；以 / 开头也只是文字")
    quick_reply: str | None = Field(None, regex=QUICK_REPLY, description="所点按钮的 value")
    client_id: str = Field(
        ..., regex=CLIENT_ID, description="客户端生成的消息编号；重发时不变，服务端据此去重"
    )

    @root_validator(skip_on_failure=True)
    def _one_of_two(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if (values["text"] is None) == (values["quick_reply"] is None):
            raise ValueError("exactly one of text and quick_reply")
        return values


class Accepted(BaseModel):
    """消息已落盘。"""

    seq: int = Field(..., description="消息在会话中的序号，从 1 开始，不跳号")
    state: Literal["bot", "queued", "human"]


class AcceptedFile(Accepted):
    """文件已加密落盘，并成为会话中的一条消息。"""


class ShownQuickReply(BaseModel):
    """一个快捷按钮。"""

    title: str
    value: str = Field(..., description="点击后作为 quick_reply 发回")
    group: Group = Field("business", description="business：继续办理；related：相关问题")


class ShownMessage(BaseModel):
    """会话中的一条消息。"""

    seq: int
    role: Literal["customer", "bot", "agent", "system"]
    text: str
    quick_replies: list[ShownQuickReply]
    card: dict[str, Any] | None = Field(None, description="卡片，如账户、交易、确认、回执")
    source: dict[str, Any] | None = Field(
        None,
        description="机器人消息的出处：intent、faq_id、score 与 faq_version（知识库版本），或 action",
    )
    at: str = Field(..., description="ISO 8601，UTC")
    client_id: str | None = None


class Stretch(BaseModel):
    """一段时间。"""

    at: str = Field(..., description="开始，ISO 8601，UTC")
    until: str = Field(..., description="结束，ISO 8601，UTC")


class ShownTicket(BaseModel):
    """转人工的工单。"""

    number: str
    state: str = Field(..., description="waiting、callback、active、resolved 或 abandoned")
    position: int | None = Field(None, description="排队位置，从 1 开始；不在排队时为空")
    minutes: tuple[int, int] | None = Field(
        None, description="预计还要等几分钟，最少和最多；没有坐席在岗、说不准时为空"
    )
    callback: Stretch | None = Field(None, description="约好由客服联系客户的时段")
    agent: str | None = Field(None, description="正在服务的坐席工号")


class ShownAnnouncement(BaseModel):
    """对所有客户生效的公告。"""

    id: int
    kind: Literal["maintenance", "outage", "other"]
    title: str = Field(..., description="如“系统维护公告”")
    text: str
    until: str | None = Field(None, description="预计结束的时间，ISO 8601，UTC")


class ShownVerdict(BaseModel):
    """客户对一条回答的评价。"""

    seq: int
    verdict: Literal["up", "down"]
    cause: Cause | None = None
    reason: str | None = None


class ShownConversation(BaseModel):
    """会话从某条消息起的内容。"""

    state: Literal["bot", "queued", "human"] = Field(
        ..., description="bot：智能助手；queued：排队等人工；human：人工服务中"
    )
    ticket: ShownTicket | None = None
    announcement: ShownAnnouncement | None = None
    signed_in: bool = Field(..., description="会话是否已绑定客户")
    messages: list[ShownMessage]
    feedback: list[ShownVerdict] = Field(..., description="客户对这些消息已有的评价")
    more: bool = Field(..., description="后面还有消息，请用最后一条的 seq 继续取")


class BindCustomer(Body):
    """把匿名会话绑定到已登录的客户。"""

    customer_token: str = Field(
        ..., max_length=8192, description="银行 App 签发的客户 JWT：aud=bankbot，含 sub 与 exp"
    )


class Bound(BaseModel):
    """绑定结果。"""

    conversation_id: str
    signed_in: bool = True


class GiveFeedback(Body):
    """评价一条回答（``seq`` 与 ``verdict``），或评价整个会话（``rating``），二选一。"""

    seq: int | None = Field(None, ge=1, le=2**31 - 1, description="所评价消息的序号")
    verdict: Literal["up", "down"] | None = Field(None, description="对这条消息的评价")
    rating: int | None = Field(None, ge=1, le=5, description="对整个会话的满意度，1 到 5 分")
    cause: Cause | None = Field(
        None,
        description="点踩的原因（可选）：off_point 没答到点子上、unclear 看不懂、"
        "outdated 信息过时或有误、other 其他",
    )
    reason: str | None = Field(
        None,
        max_length=REASON_MAX_CHARS,
        description="补充说明（可选）；评价一条回答时不超过 200 字",
    )

    @root_validator(skip_on_failure=True)
    def _one_of_two(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        about_message = values["seq"] is not None and values["verdict"] is not None
        about_either = values["seq"] is not None or values["verdict"] is not None
        if about_message != about_either or about_message == (values["rating"] is not None):
            raise ValueError("either seq and verdict, or rating")
        return values

    @root_validator(skip_on_failure=True)
    def _says_why(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if values["cause"] is not None and values["verdict"] != "down":
            raise ValueError("cause only with verdict down")
        if values["seq"] is not None and len(values["reason"] or "") > ANSWER_REASON_MAX_CHARS:
            raise ValueError(f"reason of more than {ANSWER_REASON_MAX_CHARS} characters")
        return values


class ShownQuestion(BaseModel):
    """知识库的一个标准问题。"""

    id: str = Field(..., description="条目编号")
    question: str = Field(..., description="标准问法；原样作为 text 发出即可得到答案")


class ShownQuestions(BaseModel):
    """若干标准问题。"""

    questions: list[ShownQuestion]


class ShownDemoCustomer(BaseModel):
    """演示客户。"""

    id: str
    name: str
    about: str
    token: str = Field(..., description="演示用的客户 JWT")


class ShownDemoCode(BaseModel):
    """演示短信中的验证码。"""

    code: str
    purpose: str
    at: str


class Problem(BaseModel):
    """出错的原因。"""

    code: str = Field(..., description="稳定的英文代号，供程序判断")
    message: str = Field(..., description="给客户看的中文说明")
    reasons: list[str] | None = Field(None, description="有几条原因时逐条列出；仅员工接口")


class ErrorBody(BaseModel):
    """所有错误的统一格式。"""

    error: Problem
