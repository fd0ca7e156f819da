"""Faults on demand, so that failure can be seen and tested.

A fault is set for an operation (``accounts.list``, ``cards.report_loss`` …) in the database, so
that it holds in every process at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import delete, insert, select

from bot.banking.errors import BankTimeout, BankUnavailable
from bot.banking.stub.tables import faults
from bot.errors import Invalid
from bot.storage import Database

Result = TypeVar("Result")

KINDS = {
    "latency": "慢：先等几秒再正常应答",
    "unavailable": "不可用：什么也不做，立即报错",
    "timeout_before": "超时：等几秒后报错，业务没有做",
    "timeout_after": "超时：业务做了，但应答丢失",
}
OPERATIONS = (
    "customers.get",
    "accounts.list",
    "accounts.transactions",
    "accounts.unlock",
    "cards.list",
    "cards.report_loss",
    "outcomes.of",
)


class Faults:
    """Sets faults and runs calls under them."""

    def __init__(self, db: Database, sleep: Callable[[float], None] = time.sleep) -> None:
        self._db = db
        self._sleep = sleep

    def set(self, operation: str, kind: str, seconds: int = 0) -> None:
        """Let ``operation`` fail as ``kind`` says until cleared."""
        if operation not in OPERATIONS:
            raise Invalid(f"没有操作 {operation!r}，可选：{'、'.join(OPERATIONS)}")
        if kind not in KINDS:
            raise Invalid(f"没有故障类型 {kind!r}，可选：{'、'.join(KINDS)}")
        with self._db.begin() as tx:
            tx.execute(delete(faults).where(faults.c.operation == operation))
            tx.execute(insert(faults).values(operation=operation, kind=kind, seconds=seconds))

    def clear(self) -> None:
        """Remove every fault."""
        with self._db.begin() as tx:
            tx.execute(delete(faults))

    def list(self) -> dict[str, tuple[str, int]]:
        """Operation → (kind, seconds)."""
        with self._db.read() as tx:
            return {row.operation: (row.kind, row.seconds) for row in tx.execute(select(faults))}

    def run(self, operation: str, call: Callable[[], Result]) -> Result:
        """``call()``, under the fault set for ``operation`` if any."""
        with self._db.read() as tx:
            fault = tx.execute(select(faults).where(faults.c.operation == operation)).first()
        if fault is None:
            return call()
        if fault.kind == "unavailable":
            raise BankUnavailable(f"{operation}: core unavailable")
        self._sleep(fault.seconds)
        if fault.kind == "timeout_before":
            raise BankTimeout(f"{operation}: no answer")
        result = call()
        if fault.kind == "timeout_after":
            raise BankTimeout(f"{operation}: answer lost")
        return result
