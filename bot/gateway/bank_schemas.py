"""What the FAQ page sends, as it appears in ``/api/openapi.json``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from bot.gateway.schemas import Body

# Room for a reason or a note; records keep it for ever.
WHY_MAX_CHARS = 500
_NOT_BLANK = r"\s*\S"
Why = Field(..., max_length=WHY_MAX_CHARS, regex=_NOT_BLANK, description="为什么，会留在记录里")


class Lead(Body):
    """一个快捷回复：标题和它引出的业务意图。"""

    title: str = ""
    intent: str = ""


class TypedEntry(Body):
    """一个条目。预览时可以不完整；保存时要完整。"""

    id: str = ""
    topic: str = ""
    question: str = ""
    variants: list[str] = []
    expected: list[str] = Field([], description="回归问法：只用来检验，不参与检索")
    answer: str = ""
    quick_replies: list[Lead] = []
    related: list[str] = []
    advice: str | None = ""
    owner: str = ""
    source: str = ""
    effective: str | None = Field("", description="YYYY-MM-DD")
    expires: str | None = Field(None, description="YYYY-MM-DD；当天起不再回答")
    reviewed_on: str | None = Field("", description="YYYY-MM-DD")
    status: str = ""
    audience: str = ""


class AddEntry(Body):
    """新增一个条目。"""

    entry: TypedEntry
    why: str = Why


class EditEntry(Body):
    """修改一个条目。"""

    entry: TypedEntry
    revision: str = Field(..., max_length=64, description="读取条目时得到的 revision")
    why: str = Why


class ChangeEntry(Body):
    """撤下或恢复一个条目。"""

    why: str = Why
    revision: str | None = Field(None, max_length=64, description="读取条目时得到的 revision")


class PreviewEntry(Body):
    """检查还没保存的条目。"""

    entry: TypedEntry
    id: str | None = Field(None, max_length=128, description="正在修改的条目；新增时不写")


class TryText(Body):
    """试问一句话。"""

    text: str = Field(..., max_length=2_000)
    audience: Literal["public", "signed_in", "agents"] = "public"
    after: str = Field("", max_length=2_000, description="客户上一句问的；追问时才需要")


class ReviewEntry(Body):
    """复核一个条目的修改。"""

    seen: int = Field(..., ge=1, le=2**53, description="看到的最后一次修改，见 reviews 的 seen")
    note: str = Field("", max_length=WHY_MAX_CHARS)


class PublishBank(Body):
    """发布知识库。"""

    why: str = Why
    override: str | None = Field(
        None, max_length=WHY_MAX_CHARS, description="回归问法变差仍要发布的理由"
    )


class RollBack(Body):
    """退回到以前的版本。"""

    number: int = Field(..., ge=0, le=2**31 - 1)
    why: str = Why


class AcceptMined(Body):
    """采纳一条发现。"""

    entry: TypedEntry | None = Field(None, description="写好的条目；新问法可以不写")
    revision: str | None = Field(None, max_length=64, description="修改已有条目时，它的 revision")
    why: str = Why


class Reason(Body):
    """只要一个理由的操作。"""

    why: str = Why


class Saved(BaseModel):
    """保存好的条目。"""

    id: str
    revision: str
