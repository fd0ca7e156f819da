"""A complaint, its names and the table of moves it may make.

Articles are those of 《银行业保险业消费投诉处理管理办法》 (银保监会令2020年第3号) unless another rule
is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import Invalid

# state → states it may move to. An ended case stays ended; after an answer comes a review.
MOVES: dict[str, frozenset[str]] = {
    "received": frozenset({"handling", "withdrawn"}),
    # handling → handling: another handler; → received: the handler must not handle it (17)
    "handling": frozenset({"handling", "received", "drafted", "withdrawn"}),
    # back to handling: sent back, or new facts came
    "drafted": frozenset({"handling", "received", "approved", "withdrawn"}),
    "approved": frozenset({"handling", "received", "decided", "withdrawn"}),
    "decided": frozenset(),
    "withdrawn": frozenset(),
}
OPEN_STATES = tuple(state for state, following in MOVES.items() if following)
STATE_NAMES = {
    "received": "已受理",
    "handling": "处理中",
    "drafted": "待审批",
    "approved": "待告知",
    "decided": "已答复",
    "withdrawn": "已撤诉",
}
# A review (20) is a case beside the case.
REVIEW_MOVES: dict[str, frozenset[str]] = {
    "asked": frozenset({"decided"}),
    "decided": frozenset({"told"}),
    "told": frozenset(),
}

# What a complaint is about. For reports a bank maps these to its codes of JR/T 0169-2018.
CATEGORIES = {
    "account": "账户与存款",
    "card": "借记卡",
    "credit_card": "信用卡",
    "loan": "贷款",
    "transfer": "转账支付",
    "wealth": "理财与代销",
    "fee": "收费",
    "service": "服务态度与效率",
    "collection": "催收",
    "privacy": "个人信息",
    "digital": "手机银行与网银",
    "other": "其他",
}
# Why it came about, found at closing.
ROOT_CAUSES = {
    "staff": "服务态度与质量",
    "process": "制度与业务流程",
    "system": "信息系统",
    "facilities": "服务设施",
    "pricing": "定价收费",
    "terms": "合同条款",
    "marketing": "营销方式",
    "disclosure": "信息披露",
    "choice": "自主选择权",
    "collection": "债务催收",
    "funds": "资金安全",
    "information": "信息安全",
    "other": "其他",
}
# Who passed it to the handling unit; this decides whose deadlines count.
SOURCES = {"customer": "客户直接投诉", "nfra": "金融监管部门转送", "pbc": "人民银行转交"}
CHANNELS = {
    "chat": "在线客服",
    "app": "手机银行消息",
    "phone": "电话",
    "sms": "短信",
    "email": "电子邮件",
    "letter": "信函",
    "branch": "网点当面",
    "regulator": "监管渠道",
}
# An agent or an heir may complain too (14).
RELATIONS = {"self": "本人", "agent": "受托人", "heir": "继承人"}
PAUSES = {"appraisal": "外部鉴定、检测或评估", "mediation": "调解"}
OUTCOMES = {
    "upheld": "投诉成立",
    "partly": "部分成立",
    "settled": "协商一致",
    "unfounded": "投诉不成立",
}
REVIEW_OUTCOMES = {"kept": "维持原处理决定", "changed": "变更原处理决定"}
# What a customer is told, each with channel, time and proof (21).
NOTICES = {
    "acceptance": "受理告知",
    "extension": "延期告知",
    "pause": "中止计时告知",
    "facts": "补充材料处理告知",
    "decision": "处理决定告知",
    "review": "核查决定告知",
}

MOST_CHARS = 5000


def check_name(value: str, names: dict[str, str], what: str) -> None:
    """Raises :class:`Invalid` when ``value`` is none of ``names``."""
    if value not in names:
        raise Invalid(f"没有{what} {value!r}，可选：{'、'.join(names)}")


def check_text(text: str, what: str) -> str:
    """The text without blanks around it.

    Raises:
        Invalid: it is empty or too long.
    """
    text = text.strip()
    if not 0 < len(text) <= MOST_CHARS:
        raise Invalid(f"{what}需要 1 到 {MOST_CHARS} 个字，现在是 {len(text)} 个")
    return text


@dataclass(frozen=True)
class Complaint:
    """One case. ``text`` is masked; ``ended_at`` is when it was answered or withdrawn."""

    number: str
    customer_id: str
    relation: str
    category: str
    channel: str
    source: str
    text: str
    conversation_id: str | None
    state: str
    handler: str | None
    received_at: datetime
    ended_at: datetime | None = None
    root_cause: str | None = None
    root_note: str = ""

    def __post_init__(self) -> None:
        check_name(self.relation, RELATIONS, "投诉人身份")
        check_name(self.category, CATEGORIES, "投诉类别")
        check_name(self.channel, CHANNELS, "渠道")
        check_name(self.source, SOURCES, "投诉来源")
        check_name(self.state, STATE_NAMES, "投诉状态")


@dataclass(frozen=True)
class Facts:
    """What the complainant added. ``new`` is None until somebody judged whether it is new."""

    id: int
    received_at: datetime
    text: str
    new: bool | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True)
class Extension:
    """A longer term: ``step`` names it, ``asked_by`` whom; it counts from when all that the step
    needs – approval, telling – is there."""

    step: str
    asked_at: datetime
    asked_by: str
    reason: str
    approver: str | None = None
    approved_at: datetime | None = None
    told_at: datetime | None = None


@dataclass(frozen=True)
class Pause:
    """Time that does not count; still running while ``ended_at`` is None."""

    kind: str
    begun_at: datetime
    ended_at: datetime | None = None
    told_at: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """Proof that the customer was told ``what``: by which channel, when, shown by what.

    ``recorded_at`` tells a notice from one entered afterwards.
    """

    what: str
    channel: str
    at: datetime
    proof: str
    by: str
    recorded_at: datetime


@dataclass(frozen=True)
class Answer:
    """The closing form: its four parts are required (19)."""

    outcome: str
    findings: str
    decision: str
    grounds: str
    remedies: str

    def __post_init__(self) -> None:
        check_name(self.outcome, OUTCOMES, "处理结论")
        parts = (
            ("findings", "核实情况"),
            ("decision", "处理决定"),
            ("grounds", "依据和理由"),
            ("remedies", "救济途径（申请核查、调解、仲裁、诉讼）"),
        )
        for name, what in parts:
            object.__setattr__(self, name, check_text(getattr(self, name), what))


@dataclass(frozen=True)
class Review:
    """The level above looks again, on request; ``reviewer`` is nobody who had the case."""

    asked_at: datetime
    why: str
    state: str
    reviewer: str | None = None
    outcome: str | None = None
    findings: str = ""
    decided_at: datetime | None = None
    told_at: datetime | None = None


@dataclass(frozen=True)
class Move:
    """One line of a case's history: who did what, when and why, and the state it left."""

    at: datetime
    by: str
    what: str
    state: str
    why: str = ""
    whom: str | None = None
