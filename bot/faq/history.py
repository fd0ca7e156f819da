"""Everything that happened to the bank, as one list: changes, reviews, publications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.faq.changes import ACTION_NAMES, Change, ChangeLog
from bot.faq.differences import compare_entries
from bot.faq.release import Record, Releases
from bot.faq.review import VERDICT_NAMES, Review, Reviews
from bot.storage import Database

MOST = 30


@dataclass(frozen=True)
class Event:
    """Who did what, when and why; ``details`` are lines beneath it."""

    at: datetime
    by: str
    what: str
    why: str = ""
    details: tuple[str, ...] = ()


def timeline(
    db: Database, releases: Releases, entry_id: str | None = None, limit: int = MOST
) -> list[Event]:
    """The last ``limit`` events, newest first; of one entry, its changes and reviews alone."""
    # Of each kind so many are enough, whichever came last.
    many = None if entry_id else limit
    events = [_changed(each) for each in ChangeLog(db).list(entry_id, many)]
    events += [
        _reviewed(each) for each in Reviews(db).list(many) if entry_id in (None, each.entry_id)
    ]
    if entry_id is None:
        events += [_released(each) for each in releases.history(limit)]
    return sorted(events, key=lambda event: event.at, reverse=True)[:limit]


def _changed(change: Change) -> Event:
    details: list[str] = []
    if change.before is not None and change.after is not None:
        fields = compare_entries(change.before, change.after)
        details = [line for field in fields for line in field.lines()]
    what = f"{ACTION_NAMES[change.action]} {change.entry_id}"
    return Event(change.at, change.by, what, change.why, tuple(details))


def _reviewed(review: Review) -> Event:
    what = f"复核{VERDICT_NAMES[review.verdict]} {review.entry_id}"
    return Event(review.at, review.by, what, review.note)


def _released(record: Record) -> Event:
    verb = "发布" if record.kind == "publish" else "退回到"
    details = [f"变差但仍发布：{record.override}"] if record.override else []
    details += [f"  {worse}" for worse in record.worse]
    title = f"第 {record.number} 版" if record.number else f"旧版 {record.version}"
    what = f"{verb}{title}（{record.entries} 个条目）"
    return Event(record.at, record.by, what, record.why, tuple(details))
