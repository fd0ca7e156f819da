"""The bodies of the calls of the emergency switch."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from bot.gateway.schemas import Body, ShownAnnouncement


class Announce(Body):
    """发布一条公告；同时只有一条生效。"""

    text: str = Field(..., description="对客户说的话，200 字以内")
    kind: str = Field(..., description="maintenance 系统维护、outage 大面积故障、other 其他")
    lines: list[str] = Field([], description="暂时不能办理的业务条线；不写则业务照常")
    routing: str = Field(
        "keep", description="keep 照常转人工、group 都转到一个组、callback 只约回访；急事不受影响"
    )
    group: str | None = Field(None, description="routing 为 group 时转到哪个组")
    until: datetime | None = Field(None, description="到时自动结束，ISO 8601，带时区；可以不写")
    replaces: int | None = Field(None, description="替换正在生效的哪一条；没有生效的就不写")


class KeptAnnouncement(ShownAnnouncement):
    """一条公告，和谁在什么时候发布、结束。"""

    lines: list[str]
    routing: str
    group: str | None = None
    set_by: str
    at: str = Field(..., description="ISO 8601，UTC")
    ended_by: str | None = None
    ended_at: str | None = None


class Choices(BaseModel):
    """可以选的值和它们的名称。"""

    kinds: dict[str, str]
    lines: dict[str, str]
    routings: dict[str, str]
    groups: dict[str, str]
    most_chars: int


class ShownSwitch(BaseModel):
    """应急公告的现状。"""

    announcement: KeptAnnouncement | None = Field(None, description="正在生效的一条")
    history: list[KeptAnnouncement] = Field(..., description="最近的公告，新的在前")
    choices: Choices
