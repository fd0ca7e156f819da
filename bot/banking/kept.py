"""Requests that cannot wait for the bank to answer again: kept on our disk, and retried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from bot.banking.requests import REQUESTS, Request
from bot.banking.tables import kept_requests
from bot.storage import Database
from bot.text.clock import Clock, utc_now

_kept = kept_requests.c
# The wait doubles from the first to the longest; a loss report is never given up.
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True)
class Kept:
    """A request that is kept: ``receipt`` once it is done, ``refusal`` (for the customer) once
    the bank has refused it; with neither it is still being tried."""

    customer_id: str
    key: str
    request: Request
    kept_at: datetime
    tries: int
    receipt: str | None
    refusal: str | None

    @property
    def waiting(self) -> bool:
        """Whether it is neither done nor refused yet."""
        return self.receipt is None and self.refusal is None


class KeptRequests:
    """The queue of them."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def keep(self, customer_id: str, request: Request, key: str) -> None:
        """Keep a request; one that is kept already stays as it is."""
        now = self._clock()
        with self._db.begin() as tx:
            here = (_kept.customer_id == customer_id, _kept.idempotency_key == key)
            if tx.execute(select(_kept.tries).where(*here)).first() is None:
                tx.execute(
                    insert(kept_requests).values(
                        customer_id=customer_id, idempotency_key=key, tries=0, kept_at=now,
                        operation=request.operation, fields=asdict(request),
                        next_try_at=now + FIRST_WAIT,
                    )
                )  # fmt: skip

    def of(self, customer_id: str) -> Sequence[Kept]:
        """What is or was kept for a customer, newest first."""
        here = select(kept_requests).where(_kept.customer_id == customer_id)
        with self._db.read() as tx:
            return [_read(row) for row in tx.execute(here.order_by(_kept.kept_at.desc())).all()]

    def waiting(self, customer_id: str, key: str) -> bool:
        """Whether this request is kept and neither done nor refused yet."""
        here = (_kept.customer_id == customer_id, _kept.idempotency_key == key)
        with self._db.read() as tx:
            row = tx.execute(select(_kept.next_try_at).where(*here)).first()
        return row is not None and row.next_try_at is not None

    def due(self) -> Sequence[Kept]:
        """What is to be tried now, oldest first."""
        here = select(kept_requests).where(_kept.next_try_at <= self._clock())
        with self._db.read() as tx:
            return [_read(row) for row in tx.execute(here.order_by(_kept.kept_at)).all()]

    def settle(self, kept: Kept) -> None:
        """Note that the bank has done it or refused it; with neither, when to try again."""
        with self._db.begin() as tx:
            tx.execute(
                update(kept_requests)
                .where(_kept.customer_id == kept.customer_id, _kept.idempotency_key == kept.key)
                .values(
                    tries=kept.tries + 1, receipt=kept.receipt, refusal=kept.refusal,
                    next_try_at=self._clock() + wait_after(kept.tries) if kept.waiting else None,
                )
            )  # fmt: skip


def wait_after(tries: int) -> timedelta:
    """How long to leave the bank alone after so many tries in vain."""
    return min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)


def _read(row: Any) -> Kept:
    request = REQUESTS[row.operation](**row.fields)
    return Kept(
        row.customer_id, row.idempotency_key, request, row.kept_at, row.tries, row.receipt,
        row.refusal,
    )  # fmt: skip
