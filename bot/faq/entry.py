"""One entry of the FAQ bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from bot.errors import Invalid

Status = Literal["draft", "approved", "withdrawn"]
Audience = Literal["public", "signed_in", "agents"]
STATUSES: tuple[str, ...] = get_args(Status)
# Each audience also sees what the ones before it see.
AUDIENCES: tuple[str, ...] = get_args(Audience)


@dataclass(frozen=True)
class Lead:
    """A quick reply under an answer: its title and the business intent it leads to."""

    title: str
    intent: str


@dataclass(frozen=True)
class Entry:
    """A question with its wordings and its reviewed answer (light Markdown).

    ``effective`` and ``expires`` are Shanghai days; the entry answers from the first through the
    day before the second.
    """

    id: str
    topic: str
    question: str
    variants: tuple[str, ...]
    answer: str
    quick_replies: tuple[Lead, ...]
    related: tuple[str, ...]
    advice: str
    owner: str
    source: str
    effective: date
    expires: date | None
    reviewed_on: date
    status: str
    audience: str

    def __post_init__(self) -> None:
        for name in ("id", "topic", "question", "answer", "owner", "source"):
            if not getattr(self, name).strip():
                raise Invalid(f"'{name}' 不能为空（请填写）")
        if self.status not in STATUSES:
            raise Invalid(f"'status' {self.status!r} 无效（可选：{'、'.join(STATUSES)}）")
        if self.audience not in AUDIENCES:
            raise Invalid(f"'audience' {self.audience!r} 无效（可选：{'、'.join(AUDIENCES)}）")
        if self.expires is not None and self.expires <= self.effective:
            raise Invalid(
                f"'expires' {self.expires} 不晚于 'effective' {self.effective}（请改日期）"
            )

    @property
    def questions(self) -> tuple[str, ...]:
        """The question and every variant."""
        return (self.question, *self.variants)

    def answers(self, today: date, audience: str) -> bool:
        """Whether it may be given to ``audience`` on ``today``."""
        return (
            self.status == "approved"
            and self.effective <= today
            and (self.expires is None or today < self.expires)
            and AUDIENCES.index(self.audience) <= AUDIENCES.index(audience)
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values that :meth:`from_json` reads back."""
        plain = dict(self.__dict__)
        plain["quick_replies"] = [lead.__dict__ for lead in self.quick_replies]
        for name in ("effective", "expires", "reviewed_on"):
            plain[name] = plain[name] and plain[name].isoformat()
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Entry:
        """The entry that :meth:`to_json` wrote."""
        values = dict(plain)
        for name in ("effective", "expires", "reviewed_on"):
            values[name] = date.fromisoformat(values[name]) if values[name] else None
        values["quick_replies"] = tuple(Lead(**lead) for lead in values["quick_replies"])
        for name in ("variants", "related"):
            values[name] = tuple(values[name])
        return cls(**values)
