"""Why customers need a person, how it stands with them, and how urgent that makes it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Why somebody needs a person: its name for agents, its urgency (1 first), what the customer
    is told before the queue position, and whether it goes before everybody else's.

    The last sentence of an opening says that a person comes; what is before it has happened."""

    name: str
    priority: int
    opening: str = "已为您转接人工客服"
    urgent: bool = False


REASONS: dict[str, Reason] = {
    "self_harm": Reason(
        "客户流露轻生念头", 1,
        "听到您这么说，我们很担心您。请先别一个人扛着，现在就可以拨打 12356 心理援助热线，"
        "紧急时拨打 110 或 120，也请让身边的人陪着您。已为您优先转接人工客服",
        urgent=True,
    ),
    "threat": Reason(
        "客户言语威胁", 1, "您反映的问题，一定有人负责处理。已为您优先转接值班主管",
        urgent=True,
    ),
    "fraud": Reason(
        "疑似诈骗或盗刷", 1, "请先不要再转账，也不要向任何人透露验证码。已为您优先转接风险专员",
        urgent=True,
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
    moves a ticket forward; ``urgent`` ones go before everybody else's."""

    name: str
    urgency: int
    regret: str = ""
    urgent: bool = False


SIGNALS: dict[str, Signal] = {
    "self_harm": Signal("轻生念头", 3, urgent=True),
    "threat": Signal("言语威胁", 3, urgent=True),
    "fraud": Signal("涉及诈骗或盗刷", 3, urgent=True),
    "anger": Signal("情绪激动", 1, "抱歉让您着急了。"),
}


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
TIERS: dict[int, str] = {1: "一线", 2: "组长", 3: "主管"}
CUSTOMER_TIERS: dict[str, str] = {"standard": "普通客户", "vip": "贵宾客户"}
LANGUAGES: dict[str, str] = {"zh": "普通话", "yue": "粤语", "en": "英语"}

# Priorities count from here; what is less urgent has a higher number.
MOST_URGENT = 1


@dataclass(frozen=True)
class Urgency:
    """How urgent a ticket is: ``priority`` 1 is served first, ``urgent`` ones before all others;
    ``why`` says for agents how it came about."""

    priority: int
    urgent: bool
    why: tuple[str, ...]

    def sooner(self, why: str) -> Urgency:
        """One level more urgent, for one more reason."""
        return Urgency(max(MOST_URGENT, self.priority - 1), self.urgent, (*self.why, f"{why} −1"))


def urgency_of(reason: str, signals: Collection[str], customer_tier: str) -> Urgency:
    """A reason's own, moved forward by the strongest signal and for customers of the bank's best."""
    cause = REASONS[reason]
    strongest = max((SIGNALS[name] for name in signals), key=lambda s: s.urgency, default=None)
    urgency = Urgency(
        max(MOST_URGENT, cause.priority - (strongest.urgency if strongest else 0)),
        cause.urgent or any(SIGNALS[name].urgent for name in signals),
        (
            f"{cause.name} {cause.priority}",
            *((f"{strongest.name} −{strongest.urgency}",) if strongest else ()),
        ),
    )
    return urgency.sooner(CUSTOMER_TIERS[customer_tier]) if customer_tier == "vip" else urgency
