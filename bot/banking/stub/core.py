"""How the simulated bank carries anything out: once a key, up to date, under faults."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.banking.errors import BankRefused
from bot.banking.models import Fact, Receipt
from bot.banking.requests import Request
from bot.banking.stub.closing import bring_to_date, is_behind
from bot.banking.stub.faults import Faults
from bot.banking.stub.tables import customers, operations, receipt_numbers
from bot.errors import NotFound
from bot.storage import Database
from bot.storage.series import next_in_series
from bot.text.clock import Clock, shanghai

Result = TypeVar("Result")
AnyRequest = TypeVar("AnyRequest", bound=Request)
Facts = tuple[Fact, ...]

# How receipt numbers begin; the rest is the day and a running number.
PREFIXES = {
    "unlock": "UL", "freeze_account": "FZ", "unfreeze_account": "UF", "report_loss": "LR",
    "lift_loss": "LL", "order_replacement": "RC", "activate_card": "AC", "repay_card": "RP",
    "raise_limit": "RL", "take_instalments": "IN", "pay_bill": "PB", "transfer": "TF",
    "cancel_transfer": "TC", "save_application": "LA", "add_material": "LM",
    "submit_application": "LS", "withdraw_application": "LW", "redeem_points": "RD",
    "open_dispute": "DP",
}  # fmt: skip


@dataclass(frozen=True)
class Work:
    """One call being served: for whom, when, and in which transaction.

    ``number`` is the receipt's, empty while only reading.
    """

    tx: Connection
    customer_id: str
    now: datetime
    number: str = ""

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return shanghai(self.now).date()


class Core:
    """Runs the reads and changes of all lines of business."""

    def __init__(self, db: Database, faults: Faults, clock: Clock) -> None:
        self._db = db
        self._faults = faults
        self._clock = clock

    def read(self, name: str, customer_id: str, call: Callable[[Work], Result]) -> Result:
        """``call`` on books that are up to date, under the fault set for ``name``."""
        return self._faults.run(name, lambda: self._read(customer_id, call))

    def change(
        self,
        name: str,
        customer_id: str,
        request: AnyRequest,
        key: str,
        call: Callable[[Work, AnyRequest], Facts],
    ) -> Receipt:
        """``call`` once under ``key``, under the fault set for ``name``."""
        return self._faults.run(name, lambda: self._change(customer_id, request, key, call))

    def _read(self, customer_id: str, call: Callable[[Work], Result]) -> Result:
        now = self._clock()
        with self._db.read() as tx:
            behind = is_behind(tx, customer_id, now)
        if behind:
            with self._db.begin() as tx:
                _lock(tx, customer_id)
                bring_to_date(tx, customer_id, now)
        with self._db.read() as tx:
            return call(Work(tx, customer_id, now))

    def _change(
        self,
        customer_id: str,
        request: AnyRequest,
        key: str,
        call: Callable[[Work, AnyRequest], Facts],
    ) -> Receipt:
        now = self._clock()
        with self._db.begin() as tx:
            _lock(tx, customer_id)
            row = _operation(tx, customer_id, key)
            if row is not None:
                if row.fingerprint != _fingerprint(request):
                    raise BankRefused("key_reused", "这笔业务与已受理的一笔编号相同，未重复办理。")
                return _receipt(row)
            bring_to_date(tx, customer_id, now)
            number = _next_number(tx, PREFIXES[request.operation], now)
            facts = call(Work(tx, customer_id, now, number), request)
            receipt = Receipt(number, request.operation, now, facts)
            tx.execute(
                insert(operations).values(
                    idempotency_key=key, customer_id=customer_id, operation=request.operation,
                    fingerprint=_fingerprint(request), receipt=number,
                    facts=[asdict(fact) for fact in facts], at=now,
                )
            )  # fmt: skip
        return receipt


def done(tx: Connection, customer_id: str, key: str) -> Receipt | None:
    """The receipt of what was done under ``key``."""
    row = _operation(tx, customer_id, key)
    return None if row is None else _receipt(row)


def receipts(work: Work, operation: str, since: datetime) -> list[Receipt]:
    """The customer's receipts of one kind from a moment on, the latest first."""
    here = select(operations).where(
        operations.c.customer_id == work.customer_id,
        operations.c.operation == operation,
        operations.c.at >= since,
    )
    return [_receipt(row) for row in work.tx.execute(here.order_by(operations.c.at.desc()))]


def _lock(tx: Connection, customer_id: str) -> None:
    """One change of a customer at a time, also where the database serves many at once."""
    here = select(customers.c.id).where(customers.c.id == customer_id).with_for_update()
    if tx.execute(here).first() is None:
        raise NotFound(f"没有客户 {customer_id}")


def _operation(tx: Connection, customer_id: str, key: str) -> Any:
    return tx.execute(
        select(operations).where(
            operations.c.idempotency_key == key, operations.c.customer_id == customer_id
        )
    ).first()


def _receipt(row: Any) -> Receipt:
    return Receipt(row.receipt, row.operation, row.at, tuple(Fact(**fact) for fact in row.facts))


def _fingerprint(request: Request) -> str:
    content: Mapping[str, Any] = {"operation": request.operation, **request.facts()}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _next_number(tx: Connection, prefix: str, now: datetime) -> str:
    series = prefix + shanghai(now).strftime("%Y%m%d")
    return f"{series}{next_in_series(tx, receipt_numbers, series):06d}"
