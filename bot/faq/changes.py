"""The audit trail: who changed which entry, when, why, and what it was before and after."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, select

from bot.errors import Invalid
from bot.faq.entry import Entry
from bot.faq.tables import faq_changes
from bot.storage import Database
from bot.text.clock import Clock, utc_now

Action = Literal["add", "edit", "withdraw", "import", "revert", "undo"]
ACTION_NAMES: dict[str, str] = {
    "add": "新增",
    "edit": "修改",
    "withdraw": "撤下",
    "import": "导入",
    "revert": "恢复",
    "undo": "未写入，作废",
}
LONGEST_NAME = 64


@dataclass(frozen=True)
class Change:
    """One change of one entry. ``before`` is ``None`` for a new one."""

    id: int
    at: datetime
    by: str
    action: str
    entry_id: str
    why: str
    before: Entry | None
    after: Entry | None


@dataclass(frozen=True)
class Edit:
    """What an entry was and what it shall be."""

    before: Entry | None
    after: Entry


def person(by: str) -> str:
    """A name or number as it is kept: one spelling, so that nobody is two people.

    Raises:
        Invalid: it is empty or too long.
    """
    name = " ".join(unicodedata.normalize("NFKC", by).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(f"--by {by!r} 无效：请写姓名或工号（1 到 {LONGEST_NAME} 个字符）")
    return name


def same_person(one: str, other: str) -> bool:
    """Whether two names mean one person; case does not make a difference."""
    return person(one).casefold() == person(other).casefold()


class ChangeLog:
    """The table of changes; it only grows."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def record(self, edits: Sequence[Edit], action: Action, by: str, why: str) -> list[Change]:
        """Write one row an edit, all of one moment, in one transaction."""
        now, who = self._clock(), person(by)
        written = []
        with self._db.begin() as tx:
            for edit in edits:
                row: dict[str, Any] = {
                    "at": now,
                    "by": who,
                    "action": action,
                    "entry_id": edit.after.id,
                    "why": why.strip(),
                    "before": edit.before and edit.before.to_json(),
                    "after": edit.after.to_json(),
                }
                key = tx.execute(insert(faq_changes).values(**row)).inserted_primary_key[0]
                written.append(
                    Change(id=key, **{**row, "before": edit.before, "after": edit.after})
                )
        return written

    def undo(self, changes: Sequence[Change], why: str) -> None:
        """Say of recorded changes that they did not reach the files."""
        now = self._clock()
        with self._db.begin() as tx:
            for change in changes:
                tx.execute(
                    insert(faq_changes).values(
                        at=now,
                        by=change.by,
                        action="undo",
                        entry_id=change.entry_id,
                        why=why,
                        before=change.after and change.after.to_json(),
                        after=change.before and change.before.to_json(),
                    )
                )

    def list(self, entry_id: str | None = None, limit: int | None = None) -> list[Change]:
        """Changes, oldest first; of one entry, or the last ``limit`` of all."""
        query = select(faq_changes).order_by(faq_changes.c.id.desc())
        if entry_id is not None:
            query = query.where(faq_changes.c.entry_id == entry_id)
        if limit is not None:
            query = query.limit(limit)
        with self._db.read() as tx:
            rows = tx.execute(query).all()
        return [_change(row._mapping) for row in reversed(rows)]


def _change(row: Mapping[str, Any]) -> Change:
    values = dict(row)
    for name in ("before", "after"):
        values[name] = Entry.from_json(values[name]) if values[name] else None
    return Change(**values)
