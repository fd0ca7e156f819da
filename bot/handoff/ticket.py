"""A ticket, and the table of moves it may make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from bot.errors import Invalid
from bot.handoff.reasons import CUSTOMER_TIERS, LANGUAGES, LINES, REASONS, TIERS, Urgency

# state → states it may move to. What is over stays over, but for a customer who says in time that
# it was not resolved after all.
MOVES: dict[str, frozenset[str]] = {
    # waiting → waiting: sent to another group
    "waiting": frozenset({"waiting", "offered", "active", "callback", "abandoned"}),
    # as waiting, in its second life
    "reopened": frozenset({"waiting", "offered", "active", "callback", "abandoned"}),
    # offered → waiting: declined, not answered in time, or its agent vanished
    "offered": frozenset({"active", "waiting", "callback", "abandoned"}),
    # active → active: given to a colleague; active → waiting: back to a queue
    "active": frozenset({"active", "on_hold", "waiting", "wrap_up", "resolved"}),
    "on_hold": frozenset({"active", "waiting", "wrap_up", "resolved"}),
    # the conversation is over, its record is still being written
    "wrap_up": frozenset({"resolved"}),
    "resolved": frozenset({"closed", "reopened"}),
    "closed": frozenset(),
    "abandoned": frozenset(),
    "callback": frozenset({"waiting", "active", "abandoned"}),
}
STATES = tuple(MOVES)
# In the queue, in one of its lives.
QUEUED = ("waiting", "reopened")
# The customer waits; a person has the conversation; either, or a time was agreed on.
PENDING = (*QUEUED, "offered")
WITH_PERSON = ("active", "on_hold")
OPEN_STATES = (*PENDING, *WITH_PERSON, "callback")
# What takes up an agent.
HELD = ("offered", *WITH_PERSON, "wrap_up")
ENDED = ("wrap_up", "resolved", "closed", "abandoned")
STATE_NAMES = {
    "waiting": "等待中",
    "offered": "已派单",
    "active": "服务中",
    "on_hold": "已挂起",
    "wrap_up": "收尾中",
    "resolved": "已办结",
    "closed": "已关闭",
    "abandoned": "客户离开",
    "callback": "已约回访",
    "reopened": "重新打开",
}
RESOLUTIONS = {
    "answered": "已解答",
    "done": "已办理",
    "forwarded": "已转其他部门",
    "unreachable": "客户无应答",
}


class Bracket(NamedTuple):
    """Who may serve a ticket: a group of ``data/routes.yml``, and its lowest and highest tier."""

    group: str
    tier: int
    reach: int


@dataclass(frozen=True)
class Ticket:
    """One hand-off. Times are UTC; ``slots`` and ``tried`` hold only masked facts.

    Attributes:
        skill_group: who is to serve it, a group of ``data/routes.yml``.
        tier, reach: the lowest and the highest tier of agents who may (see ``TIERS``).
        priority, urgent, why: see :class:`~bot.handoff.reasons.Urgency`.
        summary: three lines, then what was gathered by its labels.
        tried: what the assistant answered, oldest first.
        due_at: the lawful deadline of a complaint.
        life_at: when its present life began: opened, or reopened.
        queued_at, sort_at: since when it waits, and what the queue is ordered by.
        offered_until: when the offer to ``agent`` lapses.
        declined: until when (ISO 8601) it is not offered to an agent who would not have it.
        last_agent: who served this customer before.
        taken_at: when an agent first took it, in this life.
        first_reply_at, awaiting_since: an agent's first words in this life; the oldest of the
            customer's that none has answered.
        ended_at: when the conversation with a person was over.
        callback_at, callback_until: the time agreed on.
        assistant_stays: the customer goes on asking the assistant while they wait.
        alarm_at: when its clocks are to be looked at next.
        resolution, resolution_note: how it ended, a key of ``RESOLUTIONS``, and in what words.
    """

    id: str
    conversation_id: str
    customer_id: str | None
    reason: str
    line: str
    skill_group: str
    tier: int
    reach: int
    priority: int
    urgent: bool
    why: tuple[str, ...]
    signals: tuple[str, ...]
    language: str
    customer_tier: str
    summary: str
    slots: dict[str, Any]
    tried: tuple[str, ...]
    due_at: datetime | None
    state: str
    agent: str | None
    last_agent: str | None
    declined: Mapping[str, str]
    assistant_stays: bool
    created_at: datetime
    updated_at: datetime
    life_at: datetime
    queued_at: datetime
    sort_at: datetime
    offered_until: datetime | None = None
    taken_at: datetime | None = None
    first_reply_at: datetime | None = None
    awaiting_since: datetime | None = None
    ended_at: datetime | None = None
    callback_at: datetime | None = None
    callback_until: datetime | None = None
    alarm_at: datetime | None = None
    resolution: str | None = None
    resolution_note: str | None = None

    def __post_init__(self) -> None:
        for value, known, what in (
            (self.reason, REASONS, "转人工原因"),
            (self.line, LINES, "业务条线"),
            (self.language, LANGUAGES, "语言"),
            (self.customer_tier, CUSTOMER_TIERS, "客户等级"),
        ):
            if value not in known:
                raise Invalid(f"没有{what} {value!r}，可选：{'、'.join(known)}")
        if self.state not in MOVES:
            raise Invalid(f"没有工单状态 {self.state!r}")
        if not self.tier <= self.reach <= max(TIERS):
            raise Invalid(f"层级 {self.tier}–{self.reach} 不成立")

    @property
    def bracket(self) -> Bracket:
        """Who may serve it."""
        return Bracket(self.skill_group, self.tier, self.reach)

    @property
    def urgency(self) -> Urgency:
        """How urgent it is, and why."""
        return Urgency(self.priority, self.urgent, self.why)


@dataclass(frozen=True)
class Move:
    """One line of a ticket's history: who moved it where, when and why."""

    at: datetime
    by: str
    state: str
    note: str = ""
    agent: str | None = None
