"""Reading complaints, and the one way in which they move; each side's verbs build on it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Table, insert, select, update
from sqlalchemy.engine import Row

from bot.complaints.case import (
    MOVES,
    OPEN_STATES,
    Answer,
    Complaint,
    Extension,
    Facts,
    Filing,
    Move,
    Notice,
    Pause,
    Review,
)
from bot.complaints.clock import Deadline, Timeline, deadline, review_ask_until
from bot.complaints.tables import (
    complaint_answers,
    complaint_extensions,
    complaint_facts,
    complaint_moves,
    complaint_notices,
    complaint_pauses,
    complaint_recusals,
    complaint_reviews,
    complaints,
)
from bot.complaints.vocabulary import RECUSALS, STATE_NAMES
from bot.errors import Conflict, Forbidden, NotFound
from bot.storage import Database
from bot.text.clock import Clock, utc_now

CUSTOMER = "customer"

Record = TypeVar("Record")


class CaseStore:
    """Complaints as they are on disk. Each method is one transaction, or part of one."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def get(self, number: str, *, lock: bool = False) -> Complaint:
        """The complaint; ``lock`` keeps it as it is until the caller's transaction ends.

        Raises:
            NotFound: no complaint has the number.
        """
        query = select(complaints).where(complaints.c.number == number)
        with self._db.read() as tx:
            row = tx.execute(query.with_for_update() if lock else query).first()
        if row is None:
            raise NotFound(f"没有投诉 {number}，请核对编号")
        return complaint_of(row)

    def cases(self, *conditions: Any) -> list[Complaint]:
        """All complaints for which every condition holds, oldest first."""
        order = (complaints.c.received_at, complaints.c.number)
        with self._db.read() as tx:
            rows = tx.execute(select(complaints).where(*conditions).order_by(*order)).all()
        return [complaint_of(row) for row in rows]

    def newest_first(self, most: int, *conditions: Any) -> list[Complaint]:
        """The latest ``most`` complaints for which every condition holds, newest first."""
        order = (complaints.c.received_at.desc(), complaints.c.number.desc())
        query = select(complaints).where(*conditions).order_by(*order).limit(most)
        with self._db.read() as tx:
            return [complaint_of(row) for row in tx.execute(query)]

    def deadline(self, number: str) -> Deadline:
        """Where the complaint's term stands now, or stood when it ended."""
        return deadline(self.timelines([self.get(number)])[number], self._clock())

    def history(self, number: str) -> tuple[Move, ...]:
        """Everything that happened, oldest first."""
        return tuple(record(Move, row) for row in self.rows(complaint_moves, [number]))

    def notices(self, number: str) -> tuple[Notice, ...]:
        """What the customer was told, in the order of recording."""
        return tuple(record(Notice, row) for row in self.rows(complaint_notices, [number]))

    def facts(self, number: str) -> tuple[Facts, ...]:
        """What the complainant added, oldest first."""
        return tuple(record(Facts, row) for row in self.rows(complaint_facts, [number]))

    def answer(self, number: str) -> Answer | None:
        """The newest answer written, whether approved and told or not."""
        row = self.newest(complaint_answers, number)
        return None if row is None else record(Answer, row)

    def review(self, number: str) -> Review | None:
        """The review of the decision, if one was asked for."""
        with self._db.read() as tx:
            row = tx.execute(
                select(complaint_reviews).where(complaint_reviews.c.number == number)
            ).first()
        return None if row is None else record(Review, row)

    def timelines(self, cases: Collection[Complaint]) -> dict[str, Timeline]:
        """What the deadlines of ``cases`` depend on, by number."""
        numbers = [case.number for case in cases]
        kinds: dict[type, Table] = {
            Facts: complaint_facts, Extension: complaint_extensions, Pause: complaint_pauses,
        }  # fmt: skip
        found: dict[type, dict[str, list[Any]]] = {}
        for kind, table in kinds.items():
            found[kind] = defaultdict(list)
            for row in self.rows(table, numbers):
                found[kind][row.number].append(record(kind, row))
        return {
            case.number: Timeline(
                case.received_at,
                case.source,
                found[Facts][case.number],
                found[Extension][case.number],
                found[Pause][case.number],
                case.ended_at,
            )
            for case in cases
        }

    def review_until(self, case: Complaint) -> datetime | None:
        """Until when a review may be asked for; None while nothing was decided and told."""
        told = self.newest(complaint_notices, case.number, complaint_notices.c.what == "decision")
        if case.state != "decided" or told is None:
            return None
        return review_ask_until(told.at, by_post=told.channel == "letter")

    def recused(self, number: str) -> dict[str, str]:
        """Who must not handle the complaint, and why."""
        with self._db.read() as tx:
            query = select(complaint_recusals).where(complaint_recusals.c.number == number)
            rows = tx.execute(query).all()
        return {row.person: f"{RECUSALS[row.kind]}：{row.why}" for row in rows}

    def barred(self, cases: Collection[Complaint], person: str) -> dict[str, str]:
        """Those of ``cases`` that ``person`` must keep out of (17), each with why: who was recused,
        and who is named in what the complainant wrote, as the person complained of is."""
        numbers, key = [case.number for case in cases], person.casefold()
        with self._db.read() as tx:
            query = select(complaint_recusals).where(complaint_recusals.c.number.in_(numbers))
            rows = [row for row in tx.execute(query) if row.person.casefold() == key]
        found = {
            row.number: f"{person} 须回避投诉 {row.number}（{RECUSALS[row.kind]}：{row.why}），请换人"
            for row in rows
        }
        named = re.compile(rf"(?<![A-Za-z0-9]){re.escape(person)}(?![A-Za-z0-9])", re.I)
        said = [(case.number, case.text) for case in cases]
        said += [(row.number, row.text) for row in self.rows(complaint_facts, numbers)]
        for number, text in said:
            if named.search(text):
                why = f"投诉 {number} 的内容提到 {person}，可能是被投诉人，请换人"
                found.setdefault(number, why)
        return found

    def check_impartial(self, number: str, person: str) -> None:
        """Raises :class:`Forbidden` for somebody who must not handle the complaint (17)."""
        why = self.barred([self.get(number)], person).get(number)
        if why is not None:
            raise Forbidden(why)

    def rows(self, table: Table, numbers: Collection[str]) -> list[Row]:
        """The rows of cases in ``table``, oldest first."""
        with self._db.read() as tx:
            query = select(table).where(table.c.number.in_(numbers)).order_by(table.c.id)
            return list(tx.execute(query))

    def newest(self, table: Table, number: str, *conditions: Any) -> Row | None:
        """The last row of a case in ``table`` for which all ``conditions`` hold."""
        with self._db.read() as tx:
            return tx.execute(
                select(table)
                .where(table.c.number == number, *conditions)
                .order_by(table.c.id.desc())
                .limit(1)
            ).first()

    def move(
        self,
        case: Complaint,
        by: str,
        what: str,
        state: str,
        why: str,
        *,
        whom: str | None = None,
        **changes: Any,
    ) -> Complaint:
        """Move a case that the caller's transaction has locked, and put it on record.

        Raises:
            Conflict: the table of moves does not have this one.
        """
        if state not in MOVES[case.state]:
            raise Conflict(f"投诉 {case.number} {STATE_NAMES[case.state]}，不能这样操作")
        with self._db.begin() as tx:
            tx.execute(
                update(complaints)
                .where(complaints.c.number == case.number)
                .values(state=state, **changes)
            )
        self.note(case.number, by, what, state, why, whom)
        return self.get(case.number)

    def note(
        self, number: str, by: str, what: str, state: str, why: str, whom: str | None = None
    ) -> None:
        """Put on record what left the case in ``state``."""
        with self._db.begin() as tx:
            tx.execute(
                insert(complaint_moves).values(
                    number=number, at=self._clock(), by=by, what=what, state=state, why=why,
                    whom=whom,
                )
            )  # fmt: skip

    def open_case(self, number: str) -> Complaint:
        """The case, locked, if it is still open.

        Raises:
            Conflict: it was answered or withdrawn.
        """
        case = self.get(number, lock=True)
        if case.state not in OPEN_STATES:
            raise Conflict(f"投诉 {number} {STATE_NAMES[case.state]}，不能再处理")
        return case


def complaint_of(row: Row) -> Complaint:
    """The complaint that a row of the table holds."""
    columns = {
        field.name: row._mapping[field.name]
        for field in fields(Complaint)
        if field.name != "filing"
    }
    return Complaint(filing=record(Filing, row), **columns)


def columns_of(case: Complaint) -> dict[str, Any]:
    """The complaint as a row of the table."""
    return {**{k: v for k, v in case.__dict__.items() if k != "filing"}, **case.filing.__dict__}


def record(kind: type[Record], row: Row) -> Record:
    """The row as a dataclass of ``kind``, which names the columns that it wants."""
    return kind(**{field.name: row._mapping[field.name] for field in fields(kind)})  # type: ignore[arg-type]
