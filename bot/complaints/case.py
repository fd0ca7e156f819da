"""A complaint, what belongs to one, and the table of moves it may make.

Articles are those of 《银行业保险业消费投诉处理管理办法》 (银保监会令2020年第3号).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.complaints.vocabulary import (
    ANSWER_PARTS,
    CATEGORIES,
    CHANNELS,
    OUTCOMES,
    RELATIONS,
    SOURCES,
    STATE_NAMES,
    check_name,
    check_text,
)
from bot.errors import Invalid

# state → states it may move to. An ended case stays ended; after an answer comes a review.
MOVES: dict[str, frozenset[str]] = {
    "received": frozenset({"handling", "withdrawn", "merged"}),
    # handling → handling: another handler; → received: the handler must not handle it (17)
    "handling": frozenset({"handling", "received", "drafted", "withdrawn", "merged"}),
    # back to handling: sent back, or new facts came
    "drafted": frozenset({"handling", "received", "approved", "withdrawn"}),
    "approved": frozenset({"handling", "received", "decided", "withdrawn"}),
    "decided": frozenset(),
    "withdrawn": frozenset(),
    # It goes on as part of the earlier complaint of the same matter (18).
    "merged": frozenset(),
}
OPEN_STATES = tuple(state for state, following in MOVES.items() if following)
# A review (20) is a case beside the case.
REVIEW_MOVES: dict[str, frozenset[str]] = {
    "asked": frozenset({"handling"}),
    # → handling: another reviewer; → asked: the reviewer must not have it
    "handling": frozenset({"handling", "asked", "decided"}),
    "decided": frozenset({"told"}),
    "told": frozenset(),
}
OPEN_REVIEWS = tuple(state for state, following in REVIEW_MOVES.items() if following)


@dataclass(frozen=True)
class Filing:
    """How a complaint came in.

    ``proof`` is how the complainant's identity (22) and, where ``complainant`` acts for the
    customer, their authority (14) were verified; ``source_ref`` the passing body's own number;
    ``people`` how many complain together.
    """

    channel: str
    source: str = "customer"
    source_ref: str = ""
    relation: str = "self"
    complainant: str = ""
    proof: str = ""
    people: int = 1

    def __post_init__(self) -> None:
        check_name(self.channel, CHANNELS, "渠道")
        check_name(self.source, SOURCES, "投诉来源")
        check_name(self.relation, RELATIONS, "投诉人身份")
        if self.relation != "self" and not (self.complainant.strip() and self.proof.strip()):
            raise Invalid(f"{RELATIONS[self.relation]}代为投诉，需要写明姓名和授权（或继承）证明")
        if self.source != "customer" and not self.source_ref.strip():
            raise Invalid(f"{SOURCES[self.source]}的投诉需要写明来文编号")
        if self.people < 1:
            raise Invalid(f"投诉人数 {self.people} 应至少为 1")


@dataclass(frozen=True)
class Complaint:
    """One case. ``text`` is masked; ``ended_at`` is when it was answered, withdrawn or merged.

    The three codes are those of the bank's table after JR/T 0169-2018, None until classified.
    """

    number: str
    customer_id: str
    filing: Filing
    category: str
    text: str
    conversation_id: str | None
    state: str
    handler: str | None
    received_at: datetime
    ended_at: datetime | None = None
    root_cause: str | None = None
    root_note: str = ""
    channel_code: str | None = None
    business_code: str | None = None
    cause_code: str | None = None
    merged_into: str | None = None

    def __post_init__(self) -> None:
        check_name(self.category, CATEGORIES, "投诉类别")
        check_name(self.state, STATE_NAMES, "投诉状态")

    @property
    def source(self) -> str:
        """Who passed it on."""
        return self.filing.source


@dataclass(frozen=True)
class Facts:
    """What the complainant added. ``new`` is None until somebody judged whether it is new."""

    id: int
    received_at: datetime
    text: str
    new: bool | None = None
    judged_at: datetime | None = None
    judged_by: str | None = None


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

    ``text`` is what was said; ``recorded_at`` tells a notice from one entered afterwards.
    """

    what: str
    channel: str
    at: datetime
    proof: str
    by: str
    recorded_at: datetime
    text: str


@dataclass(frozen=True)
class Answer:
    """The closing form: what was decided, and the four parts that must explain it (19)."""

    outcome: str
    decision: str
    findings: str
    grounds: str
    reasons: str
    remedies: str

    def __post_init__(self) -> None:
        check_name(self.outcome, OUTCOMES, "处理结论")
        for name, what in ANSWER_PARTS.items():
            object.__setattr__(self, name, check_text(getattr(self, name), what))


@dataclass(frozen=True)
class Draft:
    """An answer and its two people: who wrote it, and another who approved it."""

    answer: Answer
    written_by: str
    written_at: datetime
    approved_by: str | None
    approved_at: datetime | None


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
