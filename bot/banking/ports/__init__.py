"""The seams to a bank's systems, one Protocol a line of business.

Every method takes the ``customer_id`` of the signed-in customer first and reaches only what is
theirs; anything else is :class:`bot.errors.NotFound`. Every method may raise
:class:`~bot.banking.errors.BankUnavailable`, and one that changes something also
:class:`~bot.banking.errors.BankTimeout` and :class:`~bot.banking.errors.BankRefused`.

A changing method takes a typed request of :mod:`bot.banking.requests` and an
``idempotency_key``, which belongs to the customer: called again with the same key and request it
returns the same receipt and does nothing; with another request it is refused (``key_reused``).
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.banking.ports.accounts import Accounts, Customers
from bot.banking.ports.cards import Cards
from bot.banking.ports.loans import Loans
from bot.banking.ports.money import Payments, Transfers
from bot.banking.ports.security import OneTimeCodes, Outcomes, Risk
from bot.banking.ports.service import Disputes, Rewards

__all__ = [
    "Accounts",
    "Bank",
    "Cards",
    "Customers",
    "Disputes",
    "Loans",
    "OneTimeCodes",
    "Outcomes",
    "Payments",
    "Rewards",
    "Risk",
    "Transfers",
]


@dataclass(frozen=True)
class Bank:
    """All ports of one bank, as an adapter's factory returns them."""

    customers: Customers
    accounts: Accounts
    cards: Cards
    payments: Payments
    transfers: Transfers
    loans: Loans
    rewards: Rewards
    disputes: Disputes
    codes: OneTimeCodes
    outcomes: Outcomes
    risk: Risk
