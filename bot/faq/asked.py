"""What customers asked, as mining is told of it, and what the bank might learn of that."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.faq.checks import plain

Kind = Literal["cluster", "variant", "answer"]
# What a decision settles: the entry it is about or "", and the wording or "".
Key = tuple[str, str]

MOST_REMARKS = 5
_LEAD = re.compile(
    r"^(?:(?:[你您]好|请问|请教|麻烦问|我?想?(?:问|咨询|了解)一?下|我想问|那个|嗯+|呃+)[，,、。！!\s]*)+"
)
_TAIL = re.compile(r"[。.!！?？~…，,；;\s]+$")


class Asked(Protocol):
    """One question of a customer's, by now without anything personal, and what became of it.

    ``outcome``: ``unanswered``, ``none_of_these`` (of ``offered``, questions), ``picked`` (the
    entry ``entry_id``) or ``unhelpful`` (the answer ``shown`` of ``entry_id``). ``thumb_down`` for
    ``cause``, in the customer's words ``remark``. ``answer`` is what a person then answered, or
    empty.
    """

    @property
    def conversation_id(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def text(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def entry_id(self) -> str | None: ...
    @property
    def offered(self) -> Sequence[str]: ...
    @property
    def shown(self) -> str: ...
    @property
    def thumb_down(self) -> bool: ...
    @property
    def cause(self) -> str | None: ...
    @property
    def remark(self) -> str: ...
    @property
    def answer(self) -> str: ...


@dataclass(frozen=True)
class Wording:
    """How customers put it, and in how many conversations."""

    text: str
    count: int


@dataclass(frozen=True)
class Suggestion:
    """Something the bank might learn.

    Attributes:
        id: the same whenever the same thing is found again.
        texts: how it was put, most often first; a variant's own wording before others like it.
        entry_id: the entry that gets the wording, or whose answer did not help.
        suggestion: the draft's question, or the wording to add.
        draft_answer: what a person answered; may be empty.
        signals: conversations by what happened in them: ``asked``, ``unanswered``,
            ``none_of_these``, ``thumbs_down``, ``picked``, ``by_person``.
        causes: conversations by why the answer did not help, as the customer said.
        remarks: what customers wrote of the answer, latest first.
    """

    id: str
    kind: Kind
    texts: tuple[Wording, ...]
    entry_id: str | None
    suggestion: str
    draft_answer: str
    signals: Mapping[str, int]
    causes: Mapping[str, int]
    remarks: tuple[str, ...]
    first_at: datetime
    last_at: datetime

    @property
    def draft(self) -> dict[str, Any]:
        """Field values to begin a new entry with: ``question``, ``variants`` and ``answer``."""
        said = (wording.text for wording in self.texts)
        variants = tuple(text for text in said if plain(text) != plain(self.suggestion))
        return {
            "question": self.suggestion, "variants": variants, "answer": self.draft_answer
        }  # fmt: skip

    @property
    def keys(self) -> tuple[Key, ...]:
        """What a decision on it settles."""
        if self.kind == "variant":
            return ((self.entry_id or "", plain(self.suggestion)),)
        if self.entry_id is not None:
            return ((self.entry_id, ""),)
        return tuple(("", plain(wording.text)) for wording in self.texts)


@dataclass(frozen=True)
class Put:
    """One way of putting it, and every time that it was put so, in order of time."""

    text: str
    plain: str
    asked: tuple[Asked, ...]

    @property
    def talks(self) -> set[str]:
        """The conversations: a customer who repeats is still one."""
        return {each.conversation_id for each in self.asked}


def puts_of(asked: Iterable[Asked]) -> list[Put]:
    """What was asked, by how it was put; of texts that differ in punctuation the first is kept."""
    found: dict[str, list[Asked]] = {}
    for each in asked:
        found.setdefault(plain(each.text), []).append(each)
    return [Put(same[0].text, key, tuple(same)) for key, same in found.items()]


def by_count(puts: Iterable[Put]) -> list[Put]:
    """The commonest first, of equals the first put so."""
    return sorted(puts, key=lambda put: (-len(put.talks), put.asked[0].at, put.plain))


def suggestion_of(
    kind: Kind, key: Key, suggestion: str, draft_answer: str, puts: Sequence[Put]
) -> Suggestion:
    """What some ways of putting one thing amount to; ``key`` is what it is found again by."""
    asked = sorted((each for put in puts for each in put.asked), key=lambda each: each.at)
    talks = {
        "asked": asked,
        "unanswered": [each for each in asked if each.outcome == "unanswered"],
        "none_of_these": [each for each in asked if each.outcome == "none_of_these"],
        "thumbs_down": [each for each in asked if each.thumb_down],
        "picked": [each for each in asked if each.outcome == "picked"],
        "by_person": [each for each in asked if each.answer],
    }
    causes = {(each.conversation_id, each.cause) for each in asked if each.cause}
    remarks = dict.fromkeys(each.remark for each in reversed(asked) if each.remark)
    return Suggestion(
        id=hashlib.sha256("\0".join(key).encode()).hexdigest()[:12],
        kind=kind,
        texts=tuple(Wording(put.text, len(put.talks)) for put in puts),
        entry_id=key[0] or None,
        suggestion=suggestion,
        draft_answer=draft_answer,
        signals={name: len({e.conversation_id for e in some}) for name, some in talks.items()},
        causes=dict(sorted(Counter(cause for _, cause in causes).items())),
        remarks=tuple(remarks)[:MOST_REMARKS],
        first_at=asked[0].at,
        last_at=asked[-1].at,
    )


def as_question(text: str) -> str:
    """A customer's words as a draft's question: without a greeting, with a question mark."""
    bare = _TAIL.sub("", _LEAD.sub("", text))
    return f"{bare or text}？"
