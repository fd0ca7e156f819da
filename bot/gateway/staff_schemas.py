"""The bodies of staff's sign-in, as they appear in ``/api/openapi.json``."""

from __future__ import annotations

from pydantic import BaseModel, Field

from bot.gateway.schemas import Body
from bot.staff.passwords import LONGEST


class SignIn(Body):
    """登录。"""

    name: str = Field(..., max_length=64, description="账号名")
    password: str = Field(..., max_length=LONGEST)


class SignedIn(BaseModel):
    """登录的人。"""

    name: str = Field(..., description="账号名，记录里用它")
    display: str = Field(..., description="显示的姓名")
    roles: list[str] = Field(..., description="author、reviewer、publisher")
    demo: bool = Field(..., description="是否演示账号")
    idle_seconds: int = Field(..., description="多久没有操作就自动退出")
    expires_at: str = Field(..., description="最晚到何时，ISO 8601，UTC")


class DemoPerson(BaseModel):
    """演示员工。"""

    name: str
    display: str
    roles: list[str]
    password: str
