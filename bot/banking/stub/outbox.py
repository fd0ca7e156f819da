"""Where the simulated bank's text messages go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select

from bot.banking.models import Customer, yuan
from bot.banking.requests import TITLES
from bot.banking.stub.tables import customers, outbox
from bot.storage import Database
from bot.text.clock import Clock, utc_now


def purpose_of(operation: str, facts: Mapping[str, str]) -> str:
    """What the message says that its code is for: ``转账 ¥500.00 给 李梅（尾号 8821）``.

    Whoever was talked into something else can see it here.
    """
    purpose = TITLES.get(operation, operation)
    if facts.get("amount", "").isdigit():
        purpose += f" {yuan(int(facts['amount']))}"
    if facts.get("periods"):
        purpose += f" 分 {facts['periods']} 期"
    if facts.get("points", "").isdigit():
        purpose += f" {int(facts['points']):,} 积分"
    if facts.get("payee_name"):
        purpose += f" 给 {facts['payee_name'][:20]}（尾号 {facts['payee_number'][-4:]}）"
    return purpose


class Outbox:
    """The text messages sent, and the list of demo customers who may read them."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def deliver(
        self, customer: Customer, code: str, operation: str, facts: Mapping[str, str]
    ) -> None:
        """What the code issuer calls instead of a telephone network."""
        purpose = purpose_of(operation, facts)
        with self._db.begin() as tx:
            tx.execute(
                insert(outbox).values(
                    customer_id=customer.id, code=code, purpose=purpose, at=self._clock()
                )
            )

    def outbox(self, customer_id: str, limit: int = 20) -> list[dict[str, Any]]:
        """``[{"code", "purpose", "at"}]``, newest first."""
        with self._db.read() as tx:
            rows = tx.execute(
                select(outbox)
                .where(outbox.c.customer_id == customer_id)
                .order_by(outbox.c.id.desc())
                .limit(limit)
            ).all()
        return [{"code": row.code, "purpose": row.purpose, "at": row.at} for row in rows]

    def list_customers(self) -> list[dict[str, str]]:
        """``[{"id", "name", "about"}]`` of the demo customers."""
        with self._db.read() as tx:
            rows = tx.execute(select(customers).order_by(customers.c.id)).all()
        return [{"id": row.id, "name": row.name, "about": row.about} for row in rows]
