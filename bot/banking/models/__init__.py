"""What ports take and give, one module a line of business; all of it can be had from here.

Money is integer fen, time aware UTC, a day one of Shanghai's. A result checks itself when it is
made: one that cannot be true is :class:`~bot.banking.errors.BankBadAnswer`.
"""

from bot.banking.models.accounts import (
    EVERYTHING,
    KIND_NAMES,
    TRANSACTION_NAMES,
    Account,
    AccountDetails,
    MonthSummary,
    Page,
    Transaction,
    TransactionFilter,
    TransactionKind,
    label_of,
)
from bot.banking.models.base import Challenge, Customer, Fact, Receipt, yuan
from bot.banking.models.cards import (
    CARD_MOVES,
    CARD_STATUS_NAMES,
    Card,
    CardBill,
    CardDelivery,
    CardStatement,
    CardStatus,
    CreditLimit,
    InstalmentOffer,
    ReplacementReason,
    ReplacementTerms,
)
from bot.banking.models.loans import (
    APPLICATION_MOVES,
    APPLICATION_NAMES,
    METHOD_NAMES,
    Loan,
    LoanApplication,
    LoanPayment,
    LoanProduct,
    Material,
    MaterialState,
    Method,
)
from bot.banking.models.money import (
    BILLER_NAMES,
    AmountDue,
    Biller,
    Payee,
    Quote,
    Speed,
    TransferLimits,
    TransferRecord,
)
from bot.banking.models.service import (
    REASON_NAMES,
    Assessment,
    Dispute,
    DisputeReason,
    ExpiringPoints,
    Gift,
    Points,
    RiskContext,
)

__all__ = [
    "APPLICATION_MOVES", "APPLICATION_NAMES", "BILLER_NAMES", "CARD_MOVES", "CARD_STATUS_NAMES",
    "EVERYTHING", "KIND_NAMES", "METHOD_NAMES", "REASON_NAMES", "TRANSACTION_NAMES", "Account",
    "AccountDetails", "AmountDue", "Assessment", "Biller", "Card", "CardBill", "CardDelivery", "CardStatement", "CardStatus",
    "Challenge", "CreditLimit", "Customer", "Dispute", "DisputeReason", "ExpiringPoints", "Fact",
    "Gift", "InstalmentOffer", "Loan", "LoanApplication", "LoanPayment", "LoanProduct",
    "Material", "MaterialState", "Method", "MonthSummary", "Page", "Payee", "Points", "Quote",
    "Receipt", "ReplacementReason", "ReplacementTerms", "RiskContext", "Speed", "Transaction", "TransactionFilter", "TransactionKind",
    "TransferLimits", "TransferRecord", "label_of", "yuan",
]  # fmt: skip
