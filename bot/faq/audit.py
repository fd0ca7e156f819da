"""Everything that was done to the bank and by whom, a page at a time; for one entry or person too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.sql import Select

from bot.faq.changes import ACTION_NAMES, person
from bot.faq.differences import compare_entries
from bot.faq.entry import Entry
from bot.faq.gate import Worse
from bot.faq.publication import title_of
from bot.faq.review import VERDICT_NAMES
from bot.faq.tables import faq_changes, faq_mined_decisions, faq_publications, faq_reviews
from bot.storage import Database


@dataclass(frozen=True)
class Act:
    """Who did what, when and why.

    ``kind`` is an action, ``approve``, ``reject``, ``publish``, ``rollback``, or for a suggestion
    of mining ``accepted``, ``rejected``; ``text`` says it in Chinese, ``details`` are lines beneath.
    """

    at: datetime
    by: str
    kind: str
    entry_id: str | None
    why: str
    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuditPage:
    """Some acts, newest first, and how many there are in all."""

    total: int
    acts: tuple[Act, ...]


def audit(
    db: Database, *, entry_id: str = "", by: str = "", offset: int = 0, limit: int = 50
) -> AuditPage:
    """Acts of all kinds; an empty ``entry_id`` or ``by`` means all."""
    sources = [_source(name, entry_id, by) for name in _TABLES]
    every = union_all(*[each for each in sources if each is not None]).subquery()
    page = select(every).order_by(every.c.at.desc(), every.c.source, every.c.id.desc())
    with db.read() as tx:
        total = tx.execute(select(func.count()).select_from(every)).scalar_one()
        keys = [(row.source, row.id) for row in tx.execute(page.offset(offset).limit(limit))]
        found: dict[tuple[str, int], Act] = {}
        for name, (table, read, _) in _TABLES.items():
            ids = [key for source, key in keys if source == name]
            rows = tx.execute(select(table).where(table.c.id.in_(ids))) if ids else ()
            found.update({(name, row.id): read(row) for row in rows})
    return AuditPage(total, tuple(found[key] for key in keys))


def _source(name: str, entry_id: str, by: str) -> Select | None:
    table, _, has_entry = _TABLES[name]
    query = select(literal(name).label("source"), table.c.id, table.c.at)
    if entry_id:
        if not has_entry:
            return None
        query = query.where(table.c.entry_id == entry_id)
    if by:
        query = query.where(func.lower(table.c.by) == person(by).lower())
    return query


def _change(row: Any) -> Act:
    details: list[str] = []
    if row.before and row.after:
        fields = compare_entries(Entry.from_json(row.before), Entry.from_json(row.after))
        details = [line for field in fields for line in field.lines()]
    text = f"{ACTION_NAMES[row.action]} {row.entry_id}"
    return Act(row.at, row.by, row.action, row.entry_id, row.why, text, tuple(details))


def _review(row: Any) -> Act:
    text = f"复核{VERDICT_NAMES[row.verdict]} {row.entry_id}"
    return Act(row.at, row.by, row.verdict, row.entry_id, row.note, text)


def _publication(row: Any) -> Act:
    verb = "发布" if row.kind == "publish" else "退回到"
    details = [f"变差但仍发布：{row.override}"] if row.override else []
    details += [str(Worse(**each)) for each in row.worse]
    text = f"{verb}{title_of(row.number, row.version)}（{row.entries} 个条目）"
    return Act(row.at, row.by, row.kind, None, row.why, text, tuple(details))


def _decision(row: Any) -> Act:
    verb = "采纳" if row.verdict == "accepted" else "不采纳"
    text = f"{verb}客户的问法“{row.suggestion}”"
    return Act(row.at, row.by, row.verdict, row.entry_id, row.why, text)


# Each table, how a row of it is told, and whether it is about one entry.
_TABLES: dict[str, tuple[Any, Callable[[Any], Act], bool]] = {
    "change": (faq_changes, _change, True),
    "review": (faq_reviews, _review, True),
    "decision": (faq_mined_decisions, _decision, True),
    "publication": (faq_publications, _publication, False),
}
