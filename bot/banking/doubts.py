"""Operations of which nobody knows whether the bank did them, until it can be asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.banking.kept import FIRST_WAIT, wait_after
from bot.banking.tables import doubtful_operations
from bot.storage import Database
from bot.text.clock import Clock, utc_now

_doubts = doubtful_operations.c


@dataclass(frozen=True)
class Doubt:
    """An operation that was asked for under ``key`` and not answered, ``since`` when."""

    customer_id: str
    key: str
    operation: str
    since: datetime
    tries: int


class Doubts:
    """The list of them. What was asked for is not kept here: only its outcome is asked for."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def note(self, customer_id: str, operation: str, key: str) -> None:
        """The bank did not say what it did; an operation noted already stays as it is."""
        now = self._clock()
        with self._db.begin() as tx:
            if not self.open(customer_id, key):
                tx.execute(
                    insert(doubtful_operations).values(
                        customer_id=customer_id, idempotency_key=key, operation=operation,
                        since=now, tries=0, next_try_at=now + FIRST_WAIT,
                    )
                )  # fmt: skip

    def open(self, customer_id: str, key: str) -> bool:
        """Whether it is still not known."""
        with self._db.read() as tx:
            return (
                tx.execute(select(_doubts.tries).where(*_of(customer_id, key))).first() is not None
            )

    def due(self) -> Sequence[Doubt]:
        """What is to be asked for now, oldest first."""
        here = select(doubtful_operations).where(_doubts.next_try_at <= self._clock())
        with self._db.read() as tx:
            return [
                Doubt(row.customer_id, row.idempotency_key, row.operation, row.since, row.tries)
                for row in tx.execute(here.order_by(_doubts.since))
            ]

    def later(self, doubt: Doubt) -> None:
        """It could not be found out; ask again, less and less often."""
        with self._db.begin() as tx:
            tx.execute(
                update(doubtful_operations)
                .where(*_of(doubt.customer_id, doubt.key))
                .values(
                    tries=doubt.tries + 1, next_try_at=self._clock() + wait_after(doubt.tries)
                )
            )  # fmt: skip

    def settle(self, customer_id: str, key: str) -> bool:
        """It is known now; whether it was in doubt till then."""
        with self._db.begin() as tx:
            return bool(
                tx.execute(delete(doubtful_operations).where(*_of(customer_id, key))).rowcount
            )


def _of(customer_id: str, key: str) -> tuple[bool, ...]:
    return _doubts.customer_id == customer_id, _doubts.idempotency_key == key
