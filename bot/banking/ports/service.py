"""Rewards and disputes."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from bot.banking.models import (
    EVERYTHING,
    Dispute,
    Gift,
    Page,
    Points,
    Receipt,
    TransactionFilter,
)
from bot.banking.requests import OpenDispute, RedeemPoints

_Disputes = list[Dispute]


class Rewards(Protocol):
    """Points."""

    def points(self, customer_id: str) -> Points:
        """Balance and what expires within a year."""

    def catalogue(self, customer_id: str) -> list[Gift]:
        """What points can be redeemed for, cheapest first."""

    def redeem(self, customer_id: str, request: RedeemPoints, *, idempotency_key: str) -> Receipt:
        """Redeem points; those that expire soonest are used first.

        Raises:
            BankRefused: ``too_few_points``, ``out_of_stock``, ``price_changed``.
        """


class Disputes(Protocol):
    """Charges and transfers that the customer disputes."""

    def candidates(
        self,
        customer_id: str,
        first: date,
        last: date,
        *,
        where: TransactionFilter = EVERYTHING,
        cursor: str | None = None,
    ) -> Page:
        """Transactions of all accounts that may be meant: money out, newest first, few at a time.

        Each has its ``account_id``; ``cursor`` goes on behind an earlier page.
        """

    def open(self, customer_id: str, request: OpenDispute, *, idempotency_key: str) -> Receipt:
        """Open a dispute; the receipt's facts name the deadline.

        Raises:
            BankRefused: ``already_disputed``, the message names its number; ``too_old``;
                ``not_disputable`` for money that came in.
        """

    def list(self, customer_id: str) -> _Disputes:
        """All disputes with their status, newest first."""
