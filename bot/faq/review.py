"""Four eyes: whoever wrote a change cannot approve it.

Only changes made by the tools wait here. What git brought without a record was reviewed by git's
own process.

===========  =========================  ==========================================
state        comes from                 publishing
===========  =========================  ==========================================
(none)       nothing changed, or what   free
             changed was put back
waiting      a change                   stopped, if it touches published content
approved     approve by another person  free
rejected     reject by another person   stopped until changed, reverted or drafted
===========  =========================  ==========================================
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from bot.errors import Conflict, Forbidden, Invalid, NotFound
from bot.faq.bank import Bank
from bot.faq.changes import Change, ChangeLog, person, same_person
from bot.faq.differences import EntryChange, compare_banks
from bot.faq.entry import Entry
from bot.faq.publication import SYSTEM
from bot.faq.tables import faq_changes, faq_reviews
from bot.storage import Database
from bot.text.clock import Clock, utc_now

VERDICT_NAMES = {"approve": "通过", "reject": "退回"}


@dataclass(frozen=True)
class Review:
    """What somebody said of an entry's changes up to ``change_id``."""

    id: int
    at: datetime
    by: str
    verdict: str
    entry_id: str
    change_id: int
    note: str


@dataclass(frozen=True)
class Pending:
    """An entry whose changes nobody else has approved yet.

    ``base`` is what it was before them (``None``: it is new), ``present`` what it is in the
    files; ``rejected`` the verdict, if its last change was rejected.
    """

    entry_id: str
    changes: tuple[Change, ...]
    base: Entry | None
    present: Entry
    rejected: Review | None = None

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote what waits, in order; none of them may approve it."""
        return tuple(dict.fromkeys(change.by for change in self.changes))

    @property
    def seen(self) -> int:
        """What an approval has to name, so that it does not cover a later change."""
        return self.changes[-1].id

    @property
    def standing(self) -> str:
        """Where it stands, in Chinese."""
        return f"已退回：{self.rejected.note}" if self.rejected else "待复核"

    @property
    def stops_publishing(self) -> bool:
        """Whether it touches what customers get; a draft does not."""
        return any(entry is not None and entry.status == "approved" for entry in self._both)

    @property
    def _both(self) -> tuple[Entry | None, Entry]:
        return self.base, self.present

    def difference(self) -> EntryChange:
        """What there is to review."""
        (found,) = compare_banks([self.base] if self.base else [], [self.present])
        return found


class Reviews:
    """What waits for a second person, and what that person said."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock
        self._log = ChangeLog(db, clock)

    def pending(self, bank: Bank) -> list[Pending]:
        """Entries awaiting approval, by id."""
        reviews: dict[str, list[Review]] = {}
        for review in self.list():
            reviews.setdefault(review.entry_id, []).append(review)
        changes: dict[str, list[Change]] = {}
        for change in self._log.list():
            changes.setdefault(change.entry_id, []).append(change)
        found = [
            _pending(bank.find(entry_id), changes[entry_id], reviews.get(entry_id, []))
            for entry_id in sorted(changes)
        ]
        return [each for each in found if each is not None]

    def get(self, bank: Bank, entry_id: str) -> Pending:
        """Raises :class:`NotFound` when nothing of the entry waits."""
        for each in self.pending(bank):
            if each.entry_id == entry_id:
                return each
        raise NotFound(f"条目 {entry_id} 没有待复核的修改（用 bankbot faq review 查看）")

    def approve(self, bank: Bank, entry_id: str, seen: int, *, by: str, note: str = "") -> Review:
        """Approve an entry's changes up to ``seen`` (:attr:`Pending.seen`).

        Raises:
            NotFound: nothing waits.
            Forbidden: ``by`` wrote part of it, or is nobody.
            Conflict: it was changed again meanwhile.
        """
        return self._say("approve", bank, entry_id, seen, by, note)

    def reject(self, bank: Bank, entry_id: str, seen: int, *, by: str, note: str) -> Review:
        """Send an entry's changes back, saying why; raises as :meth:`approve`."""
        if not note.strip():
            raise Invalid("--note 不能为空：请写明为什么退回")
        return self._say("reject", bank, entry_id, seen, by, note)

    def _say(
        self, verdict: str, bank: Bank, entry_id: str, seen: int, by: str, note: str
    ) -> Review:
        who = person(by)
        with self._db.begin() as tx:
            waiting = self.get(bank, entry_id)
            if same_person(who, SYSTEM):
                raise Forbidden(f"{SYSTEM} 不能复核：请写复核人的姓名或工号")
            if any(same_person(who, author) for author in waiting.authors):
                raise Forbidden(f"{who} 改过条目 {entry_id}，不能复核自己的修改（请换一位同事）")
            latest = tx.execute(
                select(func.max(faq_changes.c.id)).where(faq_changes.c.entry_id == entry_id)
            ).scalar_one()
            if seen != latest:
                raise Conflict(f"条目 {entry_id} 刚又被改过，请重新查看后再复核")
            row: dict[str, Any] = {
                "at": self._clock(),
                "by": who,
                "verdict": verdict,
                "entry_id": entry_id,
                "change_id": seen,
                "note": note.strip(),
            }
            key = tx.execute(insert(faq_reviews).values(**row)).inserted_primary_key[0]
        return Review(id=key, **row)

    def list(self, limit: int | None = None) -> list[Review]:
        """Verdicts, oldest first; the last ``limit`` of them."""
        query = select(faq_reviews).order_by(faq_reviews.c.id.desc())
        with self._db.read() as tx:
            rows = tx.execute(query.limit(limit) if limit is not None else query).all()
        return [Review(**row._mapping) for row in reversed(rows)]


def _pending(present: Entry | None, changes: list[Change], reviews: list[Review]) -> Pending | None:
    approved = max((r.change_id for r in reviews if r.verdict == "approve"), default=0)
    waiting: list[Change] = []
    for change in changes:
        if change.id <= approved:
            continue
        waiting.append(change)
        # Put back to what it was: there is nothing left to look at.
        if change.after == waiting[0].before:
            waiting = []
    # An entry that is gone was taken out by hand, and by git's process.
    if not waiting or present is None or present == waiting[0].before:
        return None
    last = next((r for r in reversed(reviews) if r.change_id == waiting[-1].id), None)
    rejected = last if last is not None and last.verdict == "reject" else None
    return Pending(present.id, tuple(waiting), waiting[0].before, present, rejected)
