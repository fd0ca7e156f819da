"""What the desk's page sends about complaints, as it appears in ``/api/openapi.json``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field, validator

from bot.complaints.vocabulary import MOST_CHARS
from bot.gateway.schemas import Body

_NAME = Field(..., max_length=64, description="员工账号")
_TEXT = Field(..., max_length=MOST_CHARS)
# The library says what is wrong with a short or a long one.
Why = Field(..., max_length=MOST_CHARS, description="为什么，会留在经过里")
Number = Field(..., max_length=24, description="投诉编号")


class _Timed(Body):
    @validator("received", "at", pre=False, check_fields=False)
    def _aware(cls, value: datetime | None) -> datetime | None:  # noqa: N805
        if value is not None and value.tzinfo is None:
            raise ValueError("a time needs its offset")
        return value


class OpenCase(_Timed):
    """登记一件从别的渠道来的投诉。"""

    customer_id: str = Field(..., min_length=1, max_length=64, description="投诉的是谁的事")
    text: str = _TEXT
    channel: str = Field(..., max_length=16)
    proof: str = Field(..., max_length=500, description="怎样核实的身份；代理人还有授权证明")
    category: str | None = Field(None, max_length=32, description="不写则由内容推断")
    source: str = Field("customer", max_length=16)
    source_ref: str = Field("", max_length=64, description="来文编号")
    relation: str = Field("self", max_length=8)
    complainant: str = Field("", max_length=64)
    people: int = Field(1, ge=1, le=1_000_000)
    against: list[str] = Field([], max_items=20, description="被投诉的员工账号，自动回避")
    received: datetime | None = Field(None, description="收到的时间；不写就是现在")


class Assign(Body):
    """分派或改派。"""

    to: str = _NAME
    why: str = Field("", max_length=MOST_CHARS)


class Recuse(Body):
    """登记回避。"""

    person: str = _NAME
    kind: str = Field(..., max_length=16)
    why: str = Why


class Classify(Body):
    """按代码表分类，或更正类别。"""

    category: str | None = Field(None, max_length=32)
    channel_code: str = Field("", max_length=32)
    business_code: str = Field("", max_length=32)
    cause_code: str = Field("", max_length=32)
    why: str = Why


class Merge(Body):
    """并入同一客户更早的一件。"""

    into: str = Number
    why: str = Why


class Judge(Body):
    """补充的材料是不是新事实。"""

    facts: int = Field(..., ge=1, le=2**53)
    new: bool
    why: str = Why


class Pausing(Body):
    """中止或恢复计时。"""

    kind: str = Field(..., max_length=16)
    why: str = Field("", max_length=MOST_CHARS)


class Extend(Body):
    """申请延期；理由会原样告知客户。"""

    step: str = Field(..., max_length=16)
    why: str = Why


class Notify(_Timed):
    """告知客户。``chat`` 而没有凭证的，直接发到客户的会话。"""

    what: str = Field(..., max_length=24)
    channel: str = Field("chat", max_length=16)
    proof: str = Field("", max_length=500)
    at: datetime | None = Field(None, description="告知的时间；不写就是现在")


class WriteAnswer(Body):
    """答复表。"""

    outcome: str = Field(..., max_length=16)
    decision: str = _TEXT
    findings: str = _TEXT
    grounds: str = _TEXT
    reasons: str = _TEXT
    remedies: str = _TEXT


class RootCause(Body):
    """投诉的根源。"""

    cause: str = Field(..., max_length=32)
    note: str = _TEXT


class Reviewer(Body):
    """分派核查。"""

    to: str = _NAME


class DecideReview(Body):
    """核查决定；情况会原样告知客户。"""

    outcome: str = Field(..., max_length=16)
    findings: str = _TEXT


class Entered(_Timed):
    """客户用别的方式说的：补充、撤诉、申请核查。"""

    text: str = _TEXT
    received: datetime | None = Field(None, description="收到的时间；不写就是现在")


class Reason(Body):
    """只要一个理由的操作。"""

    why: str = Why


class Nothing(Body):
    """不带内容的操作。"""


class ExportFull(Body):
    """不掩码的登记簿，要写理由，每一件都有记录。"""

    first: date
    last: date
    kind: Literal["csv", "xlsx"]
    why: str = Why


class Opened(BaseModel):
    """登记好的一件。"""

    number: str
    new: bool
    due_on: str
