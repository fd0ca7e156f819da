"""Faults on demand, so that failure can be seen and tested.

A fault is set for an operation (``accounts.list``, ``cards.report_loss`` …) in the database, so
that it holds in every process at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select

from bot.banking.errors import BankBadAnswer, BankTimeout, BankUnavailable
from bot.banking.stub.tables import faults
from bot.errors import Invalid
from bot.storage import Database

Result = TypeVar("Result")

KINDS = {
    "latency": "慢：先等几秒再正常应答",
    "unavailable": "不可用：什么也不做，立即报错",
    "timeout_before": "超时：等几秒后报错，业务没有做",
    "timeout_after": "超时：业务做了，但应答丢失",
    "wrong_data": "错误数据：业务做了，但应答不可能是真的",
}
# Port and method of everything the bank can be asked.
OPERATIONS = tuple(
    f"{port}.{method}"
    for port, methods in {
        "customers": "get",
        "accounts": "list details transactions summary unlock freeze unfreeze",
        "cards": "list report_loss lift_loss replacement_terms replace deliveries activate bill statement limit"
        " instalments take_instalments raise_limit repay",
        "payments": "billers saved_numbers due duplicates pay",
        "transfers": "payees bank_of quote limits records duplicates execute cancel",
        "loans": "products applications loans save add_material submit withdraw",
        "rewards": "points catalogue redeem",
        "disputes": "candidates open list",
        "outcomes": "of",
    }.items()
    for method in methods.split()
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
        return garbled(result) if fault.kind == "wrong_data" else result


def garbled(result: Any) -> Any:
    """The result as a faulty core might send it, which its own checks must notice.

    Raises:
        BankBadAnswer: they did, or there is nothing in the result to garble.
    """
    if isinstance(result, (list, tuple)) and result:
        return type(result)([garbled(result[0]), *result[1:]])
    if is_dataclass(result) and not isinstance(result, type):
        for field in fields(result):
            value = getattr(result, field.name)
            if isinstance(value, str):
                result = replace(result, **{field.name: ""})
            elif isinstance(value, int) and not isinstance(value, bool):
                result = replace(result, **{field.name: -1 - abs(value)})
    raise BankBadAnswer("the bank answered nothing that can be read")
