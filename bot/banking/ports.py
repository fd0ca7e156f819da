"""The seams to a bank's systems, one Protocol a line of business.

Every method takes the ``customer_id`` of the signed-in customer first and reaches only what is
theirs; anything else is :class:`bot.errors.NotFound`. Every method may raise
:class:`~bot.banking.errors.BankUnavailable`, and one that changes something also
:class:`~bot.banking.errors.BankTimeout` and :class:`~bot.banking.errors.BankRefused`.

A changing method carries an ``idempotency_key``: called again with the same key it returns the
same receipt and does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.banking.models import Account, Card, Challenge, Customer, Page, Receipt


class Customers(Protocol):
    """Who the customers are."""

    def get(self, customer_id: str) -> Customer:
        """The customer; :class:`NotFound` for an unknown id."""


class Accounts(Protocol):
    """Accounts and what moved on them."""

    def list(self, customer_id: str) -> list[Account]:
        """All accounts with present balances in fen."""

    def transactions(
        self, customer_id: str, account_id: str, first: date, last: date, limit: int
    ) -> Page:
        """Entries of the Shanghai days ``first`` to ``last``, both included, newest first."""

    def unlock(self, customer_id: str, account_id: str, *, idempotency_key: str) -> Receipt:
        """Open an account again that wrong passwords have locked.

        Raises:
            BankRefused: ``not_locked``, or ``frozen`` where only a person may lift it.
        """


class Cards(Protocol):
    """Cards and their state."""

    def list(self, customer_id: str) -> list[Card]:
        """All cards of the customer."""

    def report_loss(self, customer_id: str, card_id: str, *, idempotency_key: str) -> Receipt:
        """Stop all payments by a card at once.

        Raises:
            BankRefused: ``already_lost``; the message names the earlier receipt.
        """


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
        """The receipt if the operation was done, ``None`` if it was not."""


@dataclass(frozen=True)
class Bank:
    """All ports of one bank, as an adapter's factory returns them."""

    customers: Customers
    accounts: Accounts
    cards: Cards
    codes: OneTimeCodes
    outcomes: Outcomes
