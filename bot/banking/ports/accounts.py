"""Customers and their accounts."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from bot.banking.models import (
    EVERYTHING,
    Account,
    AccountDetails,
    Customer,
    MonthSummary,
    Page,
    Receipt,
    TransactionFilter,
)
from bot.banking.requests import FreezeAccount, UnfreezeAccount, UnlockAccount

# Inside a class with a method of that name, `list` means the method.
_Accounts = list[Account]
_Months = list[MonthSummary]


class Customers(Protocol):
    """Who the customers are."""

    def get(self, customer_id: str) -> Customer:
        """The customer, with the tier that human service goes by; :class:`NotFound` for an unknown
        id."""


class Accounts(Protocol):
    """Accounts and what moved on them."""

    def list(self, customer_id: str) -> _Accounts:
        """All accounts with present balances in fen."""

    def details(self, customer_id: str, account_id: str) -> AccountDetails:
        """What may be told of one account, its number masked."""

    def transactions(
        self,
        customer_id: str,
        account_id: str,
        first: date,
        last: date,
        limit: int,
        *,
        where: TransactionFilter = EVERYTHING,
        cursor: str | None = None,
    ) -> Page:
        """Entries of the Shanghai days ``first`` to ``last``, both included, newest first.

        ``cursor`` is an earlier page's and goes on after it: nothing is shown twice or left out,
        though new entries came in between.
        """

    def summary(self, customer_id: str, account_id: str, first: date, last: date) -> _Months:
        """Calendar months from ``first``'s to ``last``'s, oldest first; quiet ones are included."""

    def unlock(self, customer_id: str, request: UnlockAccount, *, idempotency_key: str) -> Receipt:
        """Open an account again that wrong passwords have locked.

        Raises:
            BankRefused: ``not_locked``, or ``frozen`` where only a person may lift it.
        """

    def freeze(self, customer_id: str, request: FreezeAccount, *, idempotency_key: str) -> Receipt:
        """Stop all payments of an account until the customer lifts that again.

        Raises:
            BankRefused: ``already_frozen``; ``already_stopped`` where wrong passwords have locked
                it; ``not_possible`` for the account's kind.
        """

    def unfreeze(
        self, customer_id: str, request: UnfreezeAccount, *, idempotency_key: str
    ) -> Receipt:
        """Lift what :meth:`freeze` did.

        Raises:
            BankRefused: ``not_frozen``, or ``frozen`` where only a person may lift it.
        """
