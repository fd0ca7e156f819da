"""A ticket, its reasons and lines, and the table of moves it may make."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.errors import Invalid

# state → states it may move to. A closed ticket stays closed; a new request opens a new one.
MOVES: dict[str, frozenset[str]] = {
    # waiting → waiting: sent to another line of business
    "waiting": frozenset({"waiting", "active", "abandoned"}),
    # active → active: given to a colleague; active → waiting: back to the queue
    "active": frozenset({"active", "waiting", "resolved", "abandoned"}),
    "resolved": frozenset(),
    "abandoned": frozenset(),
}
STATES = tuple(MOVES)
OPEN_STATES = ("waiting", "active")
STATE_NAMES = {
    "waiting": "等待中",
    "active": "服务中",
    "resolved": "已办结",
    "abandoned": "客户离开",
}


@dataclass(frozen=True)
class Reason:
    """Why somebody needs a person: its name for agents, its urgency (1 first), and what the
    customer is told before the queue position."""

    name: str
    priority: int
    opening: str = "已为您转接人工客服"


REASONS: dict[str, Reason] = {
    "self_harm": Reason(
        "客户流露轻生念头", 1,
        "听到您这么说，我们很担心您。请先别一个人扛着，现在就可以拨打 12356 心理援助热线，"
        "紧急时拨打 110 或 120，也请让身边的人陪着您。已为您优先转接人工客服",
    ),
    "threat": Reason(
        "客户言语威胁", 1, "您反映的问题，一定有人负责处理。已为您优先转接值班主管"
    ),
    "fraud": Reason(
        "疑似诈骗或盗刷", 1, "请先不要再转账，也不要向任何人透露验证码。已为您优先转接风险专员"
    ),
    "dispute": Reason("交易争议", 2, "已为您转接交易争议专员，请准备好交易的时间和金额"),
    "dispute_opened": Reason(
        "交易争议已登记", 2, "已为您转接交易争议专员，登记的内容专员都能看到，您不用再说一遍"
    ),
    "complaint": Reason("投诉", 2, "很抱歉给您带来了不好的体验。已为您转接投诉专员"),
    "request_human": Reason("客户要求人工", 3),
    "unresolved": Reason("助手未能解决", 3, "抱歉没能帮到您。已为您转接人工客服"),
    "system_failure": Reason(
        "业务系统故障", 3, "抱歉，银行系统暂时没有应答，刚才的业务没有办成。已为您转接人工客服"
    ),
    "outcome_unknown": Reason(
        "业务结果不明，需核实", 2,
        "抱歉，银行系统没有及时应答，这笔业务有没有办成暂时不能确定，请先不要重复办理。"
        "已为您转接人工客服核实",
    ),
    "assistant_down": Reason(
        "智能助手故障", 3, "抱歉，智能助手暂时不可用。已为您转接人工客服"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Signal:
    """How it stands with a customer, beside the reason: its name for agents, and by how much it
    moves a ticket forward."""

    name: str
    urgency: int
    regret: str = ""


SIGNALS: dict[str, Signal] = {
    "self_harm": Signal("轻生念头", 3),
    "threat": Signal("言语威胁", 3),
    "fraud": Signal("涉及诈骗或盗刷", 3),
    "anger": Signal("情绪激动", 1, "抱歉让您着急了。"),
}
MOST_URGENT = 1


def priority_of(reason: str, signals: Collection[str]) -> int:
    """Urgency of a reason, moved forward by the strongest signal; 1 is served first."""
    urgency = max((SIGNALS[name].urgency for name in signals), default=0)
    return max(MOST_URGENT, REASONS[reason].priority - urgency)


def with_regret(opening: str, signals: Collection[str]) -> str:
    """``opening`` behind a word of regret, where it holds none itself."""
    regret = "" if "抱歉" in opening else "".join(SIGNALS[name].regret for name in signals)
    return regret + opening


LINES: dict[str, str] = {
    "general": "综合咨询",
    "account": "账户",
    "card": "借记卡",
    "credit_card": "信用卡",
    "transfer": "转账缴费",
    "loan": "贷款",
    "complaint": "投诉",
    "dispute_risk": "交易争议与安全",
}


@dataclass(frozen=True)
class Ticket:
    """One hand-off. ``priority`` 1 is served first; ``slots`` hold only masked facts."""

    id: str
    conversation_id: str
    customer_id: str | None
    reason: str
    line: str
    priority: int
    summary: str
    slots: dict[str, Any]
    state: str
    agent: str | None
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        if self.reason not in REASONS:
            raise Invalid(f"没有转人工原因 {self.reason!r}，可选：{'、'.join(REASONS)}")
        if self.line not in LINES:
            raise Invalid(f"没有业务条线 {self.line!r}，可选：{'、'.join(LINES)}")
        if self.state not in MOVES:
            raise Invalid(f"没有工单状态 {self.state!r}")


@dataclass(frozen=True)
class Move:
    """One line of a ticket's history: who moved it where, when and why."""

    at: datetime
    by: str
    state: str
    note: str = ""
    agent: str | None = field(default=None)
