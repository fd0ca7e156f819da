"""Who of the desk looked at which customer, and who was shown what in plain: rows are only added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.sql import ColumnElement

from bot.handoff.desk_tables import desk_audit
from bot.storage import Database
from bot.text.clock import SHANGHAI, Clock, shanghai, utc_now

AUDIT_KINDS: dict[str, str] = {
    "looked": "查看工单",
    "looked_case": "查看投诉",
    "revealed": "查看明文",
    "opened_file": "打开客户的文件",
    "exported": "导出",
}


@dataclass(frozen=True)
class Act:
    """One line of the record; ``field`` and ``why`` say what was shown in plain, and what for."""

    id: int
    at: datetime
    by: str
    kind: str
    ticket_id: str | None
    customer_id: str | None
    field: str
    why: str


class DeskAudit:
    """The record. What is looked at is written down in the transaction that allows it."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def record(
        self,
        by: str,
        kind: str,
        *,
        ticket_id: str | None = None,
        customer_id: str | None = None,
        field: str = "",
        why: str = "",
    ) -> None:
        """Write a row; ``kind`` is one of ``AUDIT_KINDS``."""
        assert kind in AUDIT_KINDS, kind
        row = {"ticket_id": ticket_id, "customer_id": customer_id, "field": field, "why": why}
        with self._db.begin() as tx:
            tx.execute(insert(desk_audit).values(at=self._clock(), by=by, kind=kind, **row))

    def count_today(self, by: str, kind: str) -> int:
        """How often somebody did so on this day (Shanghai)."""
        midnight = datetime.combine(shanghai(self._clock()).date(), time.min, SHANGHAI)
        query = select(func.count()).where(
            desk_audit.c.by == by,
            desk_audit.c.kind == kind,
            desk_audit.c.at >= midnight,
            desk_audit.c.at < midnight + timedelta(days=1),
        )
        with self._db.read() as tx:
            return int(tx.execute(query).scalar_one())

    def list(
        self, *, customer_id: str | None = None, by: str | None = None, limit: int = 100
    ) -> list[Act]:
        """The last rows, newest first; about one customer, or by one person, if given."""
        wanted: list[ColumnElement[bool]] = []
        if customer_id is not None:
            wanted.append(desk_audit.c.customer_id == customer_id)
        if by is not None:
            # Nobody is two people by a capital letter.
            wanted.append(func.lower(desk_audit.c.by) == by.lower())
        query = select(desk_audit).where(*wanted).order_by(desk_audit.c.id.desc()).limit(limit)
        with self._db.read() as tx:
            return [Act(**row._mapping) for row in tx.execute(query)]
