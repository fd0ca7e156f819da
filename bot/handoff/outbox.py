"""Events for a desk elsewhere: written with what they tell of, delivered until they have arrived."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError

from bot.errors import Unavailable
from bot.handoff.tables import handoff_inbox, handoff_outbox
from bot.storage import Database
from bot.text.clock import Clock

logger = logging.getLogger(__name__)

# Twice as long after each failure, an hour at most, and without an end: a customer waits.
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
# How long a delivery may take before another process may try.
LEASE = timedelta(seconds=30)
AT_ONCE = 50


@dataclass(frozen=True)
class Event:
    """Something that happened; ``id`` is the same at every attempt."""

    id: str
    kind: str
    ticket_id: str
    body: dict[str, Any]


class Outbox:
    """What waits for delivery, and what has come in."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def add(self, kind: str, ticket_id: str, body: dict[str, Any]) -> None:
        """Write an event, in the transaction of what it tells of."""
        now = self._clock()
        with self._db.begin() as tx:
            tx.execute(
                insert(handoff_outbox).values(
                    key=uuid4().hex, kind=kind, ticket_id=ticket_id, body=body, at=now,
                    next_at=now, tries=0,
                )
            )  # fmt: skip

    def deliver(self, send: Callable[[Event], None]) -> None:
        """Send what is due, each ticket's events in their order.

        Args:
            send: raises :class:`~bot.errors.Unavailable` unless the event has arrived.
        """
        # As long as something arrives, what came behind it may be next.
        while any([self._deliver(row, send) for row in self._due()]):
            pass

    def _due(self) -> Sequence[Row]:
        """The oldest undelivered event of each ticket, where it is due: what is refused again and
        again is only in its own ticket's way."""
        row = handoff_outbox.c
        oldest = select(func.min(row.id)).where(row.delivered_at.is_(None)).group_by(row.ticket_id)
        query = select(handoff_outbox).where(row.id.in_(oldest), row.next_at <= self._clock())
        with self._db.read() as tx:
            return tx.execute(query.order_by(row.id).limit(AT_ONCE)).all()

    def first_time(self, message_id: str) -> bool:
        """Whether a message from elsewhere is new; noted in the transaction that acts on it."""
        with self._db.begin() as tx:
            try:
                with tx.begin_nested():
                    tx.execute(insert(handoff_inbox).values(id=message_id, at=self._clock()))
            except IntegrityError:
                return False
        return True

    def _deliver(self, row: Any, send: Callable[[Event], None]) -> bool:
        now = self._clock()
        if not self._mark(row, next_at=now + LEASE, tries=row.tries + 1):
            return False
        try:
            send(Event(row.key, row.kind, row.ticket_id, row.body))
        except Unavailable as error:
            logger.warning("event %s of %s did not arrive: %s", row.key, row.ticket_id, error)
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row.tries, 16))
            self._mark(row, tries=row.tries + 1, next_at=now + pause, leased=now + LEASE)
            return False
        return self._mark(row, delivered_at=now, leased=now + LEASE)

    def _mark(self, row: Any, leased: Any = None, **values: Any) -> bool:
        """Change a row that nobody else has taken up."""
        with self._db.begin() as tx:
            return bool(
                tx.execute(
                    update(handoff_outbox)
                    .where(
                        handoff_outbox.c.id == row.id,
                        handoff_outbox.c.next_at == (leased or row.next_at),
                        handoff_outbox.c.delivered_at.is_(None),
                    )
                    .values(**values)
                ).rowcount
            )
