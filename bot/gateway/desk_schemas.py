"""What the agents' page sends, as it appears in ``/api/openapi.json``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from bot.gateway.schemas import CLIENT_ID, Body

# Room for a reason or a note; records keep it.
_NOTE = Field("", max_length=500, description="说明，同事会看到，客户看不到")
_WHY = Field(..., max_length=200, description="原因，会留在记录里")


class Presence(Body):
    """上线、小休或离线。"""

    state: Literal["ready", "away", "off"] = Field(..., description="在线、小休、离线")


class Nothing(Body):
    """没有内容。"""


class Noted(Body):
    """带一句说明。"""

    note: str = _NOTE


class Write(Body):
    """给客户的一条消息。"""

    text: str
    client_id: str = Field(
        ..., regex=CLIENT_ID, description="同客户发送消息：重发时不变，服务端据此去重"
    )


class Read(Body):
    """看到了哪一条。"""

    seq: int = Field(..., ge=0, le=2**31 - 1, description="已读的最后一条消息的序号")


class Note(Body):
    """一条内部备注；旁听的人写的，坐席马上看到。"""

    text: str = Field(..., max_length=2_000)


class Resolve(Body):
    """办结。"""

    code: str = Field(..., max_length=16, description="办结代码，见 names 的 resolutions")
    note: str = Field("", max_length=500, description="办结小结")


class Transfer(Body):
    """转接：业务条线、技能组、层级、坐席四选一。"""

    line: str | None = Field(None, max_length=32, description="转到这个业务条线的队列")
    group: str | None = Field(None, max_length=32, description="转到这个技能组的队列")
    tier: int | None = Field(None, ge=1, le=9, description="转给本组的这个层级：2 组长、3 主管")
    agent: str | None = Field(None, max_length=32, description="转给这个工号的坐席")
    note: str = _NOTE


class Ask(Body):
    """请同事接手，或请组长看一下。"""

    kind: Literal["take", "look"] = Field(..., description="接手、看一下")
    to: str | None = Field(
        None, max_length=32, description="工号；看一下时不写，就是本组的任何一位组长"
    )
    note: str = _NOTE


class AcceptAsk(Body):
    """答应；看一下时写明加入还是旁听。"""

    mode: Literal["join", "whisper"] | None = None


class Reveal(Body):
    """查看一项明文。"""

    field: str = Field(
        ..., max_length=64, description="customer_card 里这一项的 id，或 message:序号"
    )
    why: str = _WHY


class Join(Body):
    """加入会话，或旁听。"""

    mode: Literal["join", "whisper"]


class Why(Body):
    """说明原因。"""

    why: str = _WHY


class Assign(Body):
    """指派给一位坐席。"""

    agent: str = Field(..., max_length=32, description="工号")
    why: str = _WHY


class Written(BaseModel):
    """消息已落盘。"""

    seq: int


class Revealed(BaseModel):
    """明文，和今天还能看几次。"""

    value: str
    left_today: int
