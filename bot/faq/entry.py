"""One entry of the FAQ bank."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from bot.errors import Invalid

Status = Literal["draft", "approved", "withdrawn"]
Audience = Literal["public", "signed_in", "agents"]
STATUSES: tuple[str, ...] = get_args(Status)
# Each audience also sees what the ones before it see.
AUDIENCES: tuple[str, ...] = get_args(Audience)

# Fields that hold several lines of their own kind, and those whose text may break lines.
LISTS = ("variants", "expected", "quick_replies", "related")
DATES = ("effective", "expires", "reviewed_on")
PARAGRAPHS = ("answer", "advice")

LONGEST_ID = 128
_ID = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
# What neither YAML, CSV nor XLSX carries unharmed; tab and line feed are looked at by field.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


class FieldError(Invalid):
    """A field's value is wrong; ``item`` numbers the element of a list from 0."""

    def __init__(self, field: str, what: str, item: int | None = None) -> None:
        at = "" if item is None else f" 第 {item + 1} 项"
        super().__init__(f"'{field}'{at} {what}")
        self.field = field
        self.item = item


@dataclass(frozen=True)
class Lead:
    """A quick reply under an answer: its title and the business intent it leads to."""

    title: str
    intent: str

    def __post_init__(self) -> None:
        if not self.title.strip() or not re.fullmatch(r"\S+", self.intent):
            raise FieldError("quick_replies", "每个快捷回复要有 title 和 intent（各一行）")


@dataclass(frozen=True)
class Entry:
    """A question with its wordings and its reviewed answer (light Markdown).

    ``effective`` and ``expires`` are Shanghai days; the entry answers from the first through the
    day before the second. ``expected`` are regression questions: asked before each publication,
    never indexed and never trained on.
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
    expected: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("id", "topic", "question", "answer", "owner", "source"):
            _check_text(name, getattr(self, name), paragraph=name in PARAGRAPHS)
        if self.advice:
            _check_text("advice", self.advice, paragraph=True)
        if not _ID.fullmatch(self.id) or len(self.id) > LONGEST_ID:
            raise FieldError("id", f"{self.id} 无效（用字母、数字、下划线，以点分段：主题.名称）")
        _check_items("variants", self.variants)
        _check_items("expected", self.expected)
        _check_items("related", self.related)
        _check_items("quick_replies", [lead.title for lead in self.quick_replies])
        if self.status not in STATUSES:
            raise FieldError("status", f"{self.status!r} 无效（可选：{'、'.join(STATUSES)}）")
        if self.audience not in AUDIENCES:
            raise FieldError("audience", f"{self.audience!r} 无效（可选：{'、'.join(AUDIENCES)}）")
        if self.expires is not None and self.expires <= self.effective:
            raise FieldError(
                "expires", f"{self.expires} 不晚于 'effective' {self.effective}（请改日期）"
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
        plain["quick_replies"] = [dict(lead.__dict__) for lead in self.quick_replies]
        for name in ("variants", "related", "expected"):
            plain[name] = list(plain[name])
        for name in DATES:
            plain[name] = plain[name] and plain[name].isoformat()
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Entry:
        """The entry that :meth:`to_json` wrote."""
        values = dict(plain)
        for name in DATES:
            values[name] = date.fromisoformat(values[name]) if values[name] else None
        values["quick_replies"] = tuple(Lead(**lead) for lead in values["quick_replies"])
        # Publications made before there were regression questions have none.
        for name in ("variants", "related", "expected"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)


def _check_text(name: str, text: str, item: int | None = None, paragraph: bool = False) -> None:
    if not text.strip():
        raise FieldError(name, "不能为空（请填写）", item)
    if found := _CONTROL.search(text):
        raise FieldError(name, f"含有看不见的字符 U+{ord(found[0]):04X}（请删去）", item)
    if not paragraph and ("\n" in text or "\t" in text):
        raise FieldError(name, "中间有换行或制表符（请写成一行）", item)


def _check_items(name: str, items: Sequence[str]) -> None:
    for number, text in enumerate(items):
        _check_text(name, text, number)
