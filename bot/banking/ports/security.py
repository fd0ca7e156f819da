"""One-time codes, outcomes and risk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.banking.models import Assessment, Challenge, Receipt, RiskContext
from bot.banking.requests import Transfer


class OneTimeCodes(Protocol):
    """Codes sent to the customer's phone, each bound to one operation and its facts."""

    def send(
        self, customer_id: str, operation: str, facts: Mapping[str, str], *, again: bool = False
    ) -> Challenge:
        """Send a code. While a fresh one for the same operation is on its way, that one is
        returned; with ``again`` a new one is sent, or refused (``too_soon``, ``too_many``)."""

    def verify(
        self,
        customer_id: str,
        challenge_id: str,
        operation: str,
        facts: Mapping[str, str],
        code: str,
    ) -> None:
        """Use up the code.

        Raises:
            CodeRejected: it is wrong, expired, used, or was sent for something else.
        """


class Outcomes(Protocol):
    """What became of an operation whose answer was lost."""

    def of(self, customer_id: str, idempotency_key: str) -> Receipt | None:
        """The receipt if the operation was done, ``None`` if it was not.

        While the bank itself does not know yet, :class:`BankTimeout`.
        """


class Risk(Protocol):
    """What risk control says before money goes to somebody."""

    def assess(
        self, customer_id: str, request: Transfer | None, context: RiskContext
    ) -> Assessment:
        """Pass, warn or hold. Changes nothing, so it may be asked at every step: without a
        request before it is known what is to be transferred, and where a bill is paid."""
