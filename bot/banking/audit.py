"""The audit trail: every operation with its masked facts, each record chained to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update

from bot.banking.tables import audit_head, audit_records
from bot.storage import Database
from bot.text.clock import Clock, utc_now

FIRST = "0" * 64
HEAD = 1


class AuditTrail:
    """Append-only; changing or removing a record breaks every hash after it."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def record(
        self, customer_id: str, operation: str, facts: Mapping[str, str], outcome: str
    ) -> None:
        """Add a record; ``facts`` must be masked already."""
        content = {
            "at": self._clock(),
            "customer_id": customer_id,
            "operation": operation,
            "facts": dict(facts),
            "outcome": outcome,
        }
        with self._db.begin() as tx:
            head = tx.execute(select(audit_head).where(audit_head.c.id == HEAD).with_for_update())
            last = head.one()
            link = _hash(content, last.hash)
            tx.execute(insert(audit_records).values(**content, previous=last.hash, hash=link))
            tx.execute(
                update(audit_head)
                .where(audit_head.c.id == HEAD)
                .values(hash=link, count=last.count + 1)
            )

    def first_broken(self) -> int | None:
        """The id of the first record that does not fit its chain; ``None`` if all do.

        Records missing at the end count as the one after the last there is.
        """
        with self._db.read() as tx:
            rows = tx.execute(select(audit_records).order_by(audit_records.c.id)).all()
            head = tx.execute(select(audit_head).where(audit_head.c.id == HEAD)).one()
        previous, last = FIRST, 0
        for row in rows:
            content = {
                key: getattr(row, key)
                for key in ("at", "customer_id", "operation", "facts", "outcome")
            }
            if row.previous != previous or row.hash != _hash(content, previous):
                return int(row.id)
            previous, last = row.hash, int(row.id)
        return None if (head.hash, head.count) == (previous, len(rows)) else last + 1


def _hash(content: Mapping[str, Any], previous: str) -> str:
    plain = {**content, "at": content["at"].isoformat(), "previous": previous}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
