"""Loans."""

from __future__ import annotations

from typing import Protocol

from bot.banking.models import Loan, LoanApplication, LoanProduct, Receipt
from bot.banking.requests import (
    AddMaterial,
    SaveApplication,
    SubmitApplication,
    WithdrawApplication,
)


class Loans(Protocol):
    """Products, applications and running loans. Whether a loan is granted is decided by people
    at the bank; legal moves are in :data:`~bot.banking.models.APPLICATION_MOVES`."""

    def products(self, customer_id: str) -> list[LoanProduct]:
        """What the customer may apply for."""

    def applications(self, customer_id: str) -> list[LoanApplication]:
        """All applications with their progress and materials, the last touched first."""

    def save(self, customer_id: str, request: SaveApplication, *, idempotency_key: str) -> Receipt:
        """Start an application or fill more of it in.

        Raises:
            BankRefused: ``bad_amount``, ``bad_months``, ``bad_method``, ``not_open``.
        """

    def add_material(
        self, customer_id: str, request: AddMaterial, *, idempotency_key: str
    ) -> Receipt:
        """Hand in one material, replacing an earlier one of its kind. With the last one that a
        submitted application lacked it goes to be decided.

        Raises:
            BankRefused: ``unknown_material``, ``not_open``.
        """

    def submit(
        self, customer_id: str, request: SubmitApplication, *, idempotency_key: str
    ) -> Receipt:
        """Send the application to be decided; it waits for materials that are not there yet.

        Raises:
            BankRefused: ``unfilled``, the message names what is missing; ``changed`` where the
                application is no longer what the request says; ``not_open``.
        """

    def withdraw(
        self, customer_id: str, request: WithdrawApplication, *, idempotency_key: str
    ) -> Receipt:
        """Raises :class:`BankRefused` ``not_open`` once it is decided."""

    def loans(self, customer_id: str) -> list[Loan]:
        """Running loans with their schedules."""
