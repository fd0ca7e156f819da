"""The queue of what was learnt from customers' questions, and what maintainers decided on it.

========  ===============================  =================================================
state     comes from                       leaves the open queue
========  ===============================  =================================================
open      mining                           decided; or no longer found: answered by now, old
accepted  a change of the bank's files     (comes back when several more conversations ask)
rejected  a maintainer, who said why       (the same)
========  ===============================  =================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.errors import Conflict, Invalid, NotFound
from bot.faq.asked import Asked, Key, Kind, Suggestion, Wording
from bot.faq.bank import Bank
from bot.faq.changes import Change, person
from bot.faq.coverage import Coverage
from bot.faq.editing import Editor
from bot.faq.encoder import Encoder
from bot.faq.entry import Entry
from bot.faq.grouping import cut_for
from bot.faq.mining import mine
from bot.faq.retriever import Retriever
from bot.faq.tables import faq_asked, faq_mined, faq_mined_decisions, faq_mining
from bot.storage import Database
from bot.text.clock import Clock, utc_now

State = Literal["open", "accepted", "rejected"]
KINDS: tuple[str, ...] = get_args(Kind)
STATE_NAMES: dict[str, str] = {"open": "待处理", "accepted": "已采纳", "rejected": "未采纳"}

# What nobody asked for so long is worth no entry any more, and is kept no longer either.
KEPT = timedelta(days=180)
# Read again each time: a message may be committed a little later than its own time says.
OVERLAP = timedelta(minutes=10)
# Rows that one statement names; SQLite takes 999 parameters at least.
AT_ONCE = 500


@dataclass(frozen=True)
class Mined(Suggestion):
    """A suggestion as it stands in the queue."""

    state: State


@dataclass(frozen=True)
class Decision:
    """What a maintainer decided. ``verdict`` is ``accepted`` or ``rejected``; ``entry_id`` the
    entry it was about or became; ``change_id`` the change that was made; ``keys`` what it settles.
    """

    id: int
    at: datetime
    by: str
    verdict: str
    mined_id: str
    kind: str
    suggestion: str
    entry_id: str | None
    why: str
    change_id: int | None
    keys: tuple[Key, ...]


class MinedQueue:
    """Suggestions to accept or reject.

    Mining now, for gateway and CLI alike::

        queue = MinedQueue(db, clock)
        talks = read_questions(db, queue.mined_to())  # bot.conversations.questions
        new = queue.refresh(talks, encoder, retriever, bank, today)
    """

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    # ── mining ───────────────────────────────────────────────────────────────
    def mined_to(self) -> datetime:
        """Conversations in which nothing happened since then need not be read."""
        with self._db.read() as tx:
            reached: datetime | None = tx.execute(select(faq_mining.c.mined_to)).scalar()
        return reached or self._clock() - KEPT

    def refresh(
        self,
        talks: Iterable[tuple[str, Sequence[Asked]]],
        encoder: Encoder,
        retriever: Retriever | None,
        bank: Bank,
        today: date,
    ) -> int:
        """Take in what was asked, and bring the open suggestions up to date.

        Args:
            talks: every conversation that was read again, with all that it now says; what was
                known of it before is replaced.
            retriever: of the publication in use; ``None`` when there is none.
            today: Shanghai day on which the bank is asked.

        Returns:
            How many suggestions are open that were not before.
        """
        self._take_in(talks)
        with self._db.read() as tx:
            asked = tx.execute(select(faq_asked)).all()
        decisions = self.decisions()
        decided = {key: each.at for each in decisions for key in each.keys}
        coverage = Coverage(bank, retriever, today)
        # Seconds of thought, in no transaction: customers' messages are written meanwhile.
        found = mine(asked, coverage, encoder, cut_for(bank, encoder), decided)
        return self._show(found, decisions[-1].id if decisions else 0)

    def _take_in(self, talks: Iterable[tuple[str, Sequence[Asked]]]) -> None:
        now = self._clock()
        read = list(talks)
        rows = [_row(each) for _, asked in read for each in asked if each.at > now - KEPT]
        with self._locked() as tx:
            tx.execute(update(faq_mining).values(mined_to=now - OVERLAP))
            tx.execute(delete(faq_asked).where(faq_asked.c.at <= now - KEPT))
            for start in range(0, len(read), AT_ONCE):
                ids = [conversation for conversation, _ in read[start : start + AT_ONCE]]
                tx.execute(delete(faq_asked).where(faq_asked.c.conversation_id.in_(ids)))
            if rows:
                tx.execute(insert(faq_asked), rows)

    def _show(self, found: Sequence[Suggestion], seen: int) -> int:
        """Make ``found`` the open suggestions, but for those decided on after ``seen``."""
        with self._locked() as tx:
            just_decided = set(
                tx.execute(
                    select(faq_mined_decisions.c.mined_id).where(faq_mined_decisions.c.id > seen)
                ).scalars()
            )
            before = dict(tx.execute(select(faq_mined.c.id, faq_mined.c.state)).all())
            shown = [each for each in found if each.id not in just_decided]
            kept = {each.id for each in shown}
            gone = [key for key, state in before.items() if state == "open" or key in kept]
            for start in range(0, len(gone), AT_ONCE):
                ids = gone[start : start + AT_ONCE]
                tx.execute(delete(faq_mined).where(faq_mined.c.id.in_(ids)))
            if shown:
                tx.execute(insert(faq_mined), [{**asdict(each), "state": "open"} for each in shown])
        return sum(before.get(key) != "open" for key in kept)

    # ── deciding ─────────────────────────────────────────────────────────────
    def get(self, mined_id: str) -> Mined:
        """Raises :class:`bot.errors.NotFound`."""
        with self._db.read() as tx:
            row = tx.execute(select(faq_mined).where(faq_mined.c.id == mined_id)).first()
        if row is None:
            raise NotFound(f"没有待学习的 {mined_id}（可能已经能回答了，请重新查看列表）")
        return _mined(row)

    def undecided(self, mined_id: str) -> Mined:
        """The suggestion, if it is still open; :class:`bot.errors.Conflict` if not."""
        mined = self.get(mined_id)
        if mined.state != "open":
            raise Conflict(f"{mined_id} {STATE_NAMES[mined.state]}，不能再处理")
        return mined

    def accept(
        self, editor: Editor, bank: Bank, mined_id: str, entry: Entry | None, *, by: str, why: str
    ) -> Change:
        """Make a change of the bank's files of it, which waits for review as any other.

        Args:
            entry: the entry written for a cluster or an answer. A new one is saved as ``draft``
                whatever its status; an existing one (same id) keeps its status. For a variant
                ``None`` adds the suggested wording to its entry.

        Raises:
            NotFound: there is no such suggestion.
            Conflict: it was decided already; or as :meth:`Editor.add`.
            Invalid: a cluster without an entry.
            Refused: the bank would have an error more.
        """
        mined = self.undecided(mined_id)
        if entry is None:
            if mined.kind != "variant" or mined.entry_id is None:
                raise Invalid("请先写好条目，再采纳")
            entry = bank.get(mined.entry_id)
            entry = replace(entry, variants=(*entry.variants, mined.suggestion))
        known = bank.find(entry.id)
        if known is None:
            change = editor.add(bank, replace(entry, status="draft"), by=by, why=why)
        else:
            change = editor.edit(bank, replace(entry, status=known.status), by=by, why=why)
        with self._locked() as tx:
            self._decide(tx, mined, "accepted", by, why, change)
        return change

    def reject(self, mined_id: str, *, by: str, why: str) -> Decision:
        """Put it aside, saying why; it comes back only when several more conversations ask.

        Raises:
            NotFound, Conflict: as :meth:`accept`.
            Invalid: no reason is given.
        """
        if not why.strip():
            raise Invalid("--why 不能为空：请写明为什么不采纳")
        with self._locked() as tx:
            return self._decide(tx, self.undecided(mined_id), "rejected", by, why, None)

    @contextmanager
    def _locked(self) -> Iterator[Connection]:
        """A transaction in which nobody else mines or decides."""
        with self._db.begin() as tx:
            tx.execute(select(faq_mining.c.id).with_for_update())
            yield tx

    def _decide(
        self, tx: Connection, mined: Mined, verdict: State, by: str, why: str, change: Change | None
    ) -> Decision:
        row: dict[str, Any] = {
            "at": self._clock(),
            "by": person(by),
            "verdict": verdict,
            "mined_id": mined.id,
            "kind": mined.kind,
            "suggestion": mined.suggestion,
            "entry_id": change.entry_id if change else mined.entry_id,
            "why": why.strip(),
            "change_id": change.id if change else None,
            "keys": mined.keys,
        }
        key = tx.execute(insert(faq_mined_decisions).values(**row)).inserted_primary_key[0]
        tx.execute(update(faq_mined).where(faq_mined.c.id == mined.id).values(state=verdict))
        return Decision(id=key, **row)

    # ── reading ──────────────────────────────────────────────────────────────
    def decisions(self, limit: int | None = None) -> Sequence[Decision]:
        """What was decided, oldest first; the last ``limit``."""
        query = select(faq_mined_decisions).order_by(faq_mined_decisions.c.id.desc())
        with self._db.read() as tx:
            rows = tx.execute(query.limit(limit) if limit is not None else query).all()
        return [_decision(row._mapping) for row in reversed(rows)]

    def list(self, state: State = "open", kind: Kind | None = None) -> list[Mined]:
        """Suggestions, those of most conversations first."""
        query = select(faq_mined).where(faq_mined.c.state == state)
        if kind is not None:
            query = query.where(faq_mined.c.kind == kind)
        with self._db.read() as tx:
            found = [_mined(row) for row in tx.execute(query)]
        return sorted(found, key=lambda each: (-each.signals["asked"], each.first_at, each.id))


def _row(asked: Asked) -> dict[str, Any]:
    return {column.name: getattr(asked, column.name) for column in faq_asked.columns}


def _mined(row: Any) -> Mined:
    values = dict(row._mapping)
    values["texts"] = tuple(Wording(**each) for each in values["texts"])
    values["remarks"] = tuple(values["remarks"])
    return Mined(**values)


def _decision(row: Mapping[str, Any]) -> Decision:
    return Decision(**{**row, "keys": tuple((entry, text) for entry, text in row["keys"])})
