"""Cards, and the bill, limit and instalments of a credit card."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from bot.banking.models import (
    Card,
    CardBill,
    CardDelivery,
    CardStatement,
    CreditLimit,
    InstalmentOffer,
    Receipt,
    ReplacementTerms,
    Transaction,
)
from bot.banking.requests import (
    ActivateCard,
    LiftLoss,
    OrderReplacement,
    RaiseLimit,
    RepayCard,
    ReportLoss,
    TakeInstalments,
)

_Cards = list[Card]
_Deliveries = list[CardDelivery]
_Transactions = list[Transaction]


class Cards(Protocol):
    """Cards and their state; legal moves are in :data:`~bot.banking.models.CARD_MOVES`."""

    def list(self, customer_id: str) -> _Cards:
        """All cards of the customer, replaced ones left out."""

    def report_loss(
        self, customer_id: str, request: ReportLoss, *, idempotency_key: str
    ) -> Receipt:
        """Stop all payments by a card at once; a loss reported for a while may become formal.

        Raises:
            BankRefused: ``already_lost``; the message names the earlier receipt.
        """

    def lift_loss(self, customer_id: str, request: LiftLoss, *, idempotency_key: str) -> Receipt:
        """The card was found again.

        Raises:
            BankRefused: ``not_suspended``, or ``formal_loss``, which only a branch may lift.
        """

    def replacement_terms(self, customer_id: str, request: OrderReplacement) -> ReplacementTerms:
        """What :meth:`replace` would do and cost now; raises what it would."""

    def replace(
        self, customer_id: str, request: OrderReplacement, *, idempotency_key: str
    ) -> Receipt:
        """Order a new card, sent to the registered address, and take its fee.

        One for a card reported lost has a new number, others the old one. The card that was lost
        or is damaged is worth nothing any more, and the new one waits to be activated; one that
        expires works until then. Where the new one was returned it is sent once more.

        Raises:
            BankRefused: ``not_lost``; ``not_usable`` for a card that is not in use; ``too_early``
                for one that does not expire soon; ``under_way`` where a new one is already;
                ``not_returned``; ``insufficient`` for the fee.
        """

    def deliveries(self, customer_id: str) -> _Deliveries:
        """New cards that are not activated yet and where they are, the last ordered first."""

    def activate(self, customer_id: str, request: ActivateCard, *, idempotency_key: str) -> Receipt:
        """Make a new card usable.

        Raises:
            BankRefused: ``not_inactive``.
        """

    def bill(self, customer_id: str, card_id: str) -> CardBill:
        """The latest statement of a credit card and what has happened since.

        Raises:
            BankRefused: ``not_credit``.
        """

    def statement(self, customer_id: str, card_id: str, month: date) -> CardStatement:
        """The statement that was made in the calendar month of ``month``.

        Raises:
            BankRefused: ``not_credit``; ``no_statement`` where none was made, or not yet.
        """

    def limit(self, customer_id: str, card_id: str) -> CreditLimit:
        """Raises :class:`BankRefused` ``not_credit``."""

    def splittable(self, customer_id: str, card_id: str) -> _Transactions:
        """The purchases that may be paid in instalments one by one, newest first.

        Raises:
            BankRefused: ``not_credit``.
        """

    def instalments(
        self,
        customer_id: str,
        card_id: str,
        purchase_id: str | None = None,
        amount: int | None = None,
    ) -> InstalmentOffer:
        """Plans for the bill, or for one purchase that is not billed yet.

        Args:
            amount: plans for this part of it, fen; by default for as much as may be.

        Raises:
            BankRefused: ``not_credit``; ``not_possible`` (too small, paid or taken already);
                ``bad_amount`` for a part that is not offered, the message says what is.
        """

    def take_instalments(
        self, customer_id: str, request: TakeInstalments, *, idempotency_key: str
    ) -> Receipt:
        """Take one of the plans offered.

        Raises:
            BankRefused: ``not_possible``; ``bad_amount``; ``bad_plan`` for a number of periods
                that is not offered, or at another interest.
        """

    def raise_limit(
        self, customer_id: str, request: RaiseLimit, *, idempotency_key: str
    ) -> Receipt:
        """Raise the limit for a while, up to what the bank has approved beforehand.

        Raises:
            BankRefused: ``too_high``, ``not_higher``, ``bad_days``, ``overdue``,
                ``card_stopped``.
        """

    def repay(self, customer_id: str, request: RepayCard, *, idempotency_key: str) -> Receipt:
        """Pay debt from an own account.

        Raises:
            BankRefused: ``insufficient``, ``nothing_owed``, ``too_much``, ``account_stopped``.
        """
