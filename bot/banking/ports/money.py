"""Payments to billers and transfers to people."""

from __future__ import annotations

from typing import Protocol

from bot.banking.models import (
    AmountDue,
    Biller,
    Payee,
    Quote,
    Receipt,
    TransferLimits,
    TransferRecord,
)
from bot.banking.requests import CancelTransfer, PayBill, Transfer


class Payments(Protocol):
    """Utilities, phones and the like."""

    def billers(self, customer_id: str) -> list[Biller]:
        """Who can be paid."""

    def saved_numbers(self, customer_id: str, biller_id: str) -> list[str]:
        """Numbers the customer has paid for at this biller before, latest first."""

    def due(self, customer_id: str, biller_id: str, number: str) -> AmountDue:
        """What a customer number owes now.

        Raises:
            BankRefused: ``unknown_number``.
        """

    def pay(self, customer_id: str, request: PayBill, *, idempotency_key: str) -> Receipt:
        """Pay what is due, or charge a prepaid number.

        Raises:
            BankRefused: ``unknown_number``, ``nothing_due``, ``wrong_amount``, ``insufficient``,
                ``account_stopped``.
        """

    def duplicates(self, customer_id: str, request: PayBill) -> list[Receipt]:
        """Today's (Shanghai) payments of the same sum for the same number, the latest first."""


class Transfers(Protocol):
    """Transfers from an own account."""

    def payees(self, customer_id: str) -> list[Payee]:
        """Saved payees, the last used first."""

    def bank_of(self, customer_id: str, number: str) -> str | None:
        """The bank that keeps an account, where the number tells."""

    def quote(self, customer_id: str, request: Transfer) -> Quote:
        """Fee and arrival, without doing anything.

        Raises:
            BankRefused: as :meth:`execute`.
        """

    def limits(self, customer_id: str, account_id: str) -> TransferLimits:
        """Limits of the account and what of today's (Shanghai) is used."""

    def records(self, customer_id: str, limit: int = 20) -> list[TransferRecord]:
        """Transfers made, newest first."""

    def duplicates(self, customer_id: str, request: Transfer) -> list[TransferRecord]:
        """Transfers of the same amount to the same account made today, cancelled ones left out."""

    def execute(self, customer_id: str, request: Transfer, *, idempotency_key: str) -> Receipt:
        """Transfer the money.

        Raises:
            BankRefused: ``insufficient``, ``over_single``, ``over_daily``, ``over_new_payee``,
                ``account_stopped``, ``bad_number``, ``name_mismatch``, ``same_account``.
        """

    def cancel(self, customer_id: str, request: CancelTransfer, *, idempotency_key: str) -> Receipt:
        """Call back a transfer that has not arrived; the money is on the account again at once.

        Raises:
            BankRefused: ``arrived``, ``cancelled``.
        """
