"""What became of an operation at the simulated bank."""

from __future__ import annotations

from bot.banking.models import Receipt
from bot.banking.stub.core import Core, done


class StubOutcomes:
    """Implements :class:`~bot.banking.ports.Outcomes`; the books know at once."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def of(self, customer_id: str, idempotency_key: str) -> Receipt | None:
        return self._core.read(
            "outcomes.of", customer_id, lambda work: done(work.tx, customer_id, idempotency_key)
        )
