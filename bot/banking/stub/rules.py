"""The simulated bank's rules, every figure of them. Money in fen, rates a fraction.

A real bank's figures live in its own systems; these are chosen to be plausible and to let every
refusal be reached in a demonstration.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

OWN_BANK = "云杉银行"
OWN_BINS = ("621700", "625809", "020010")

# Deposits: simple interest on each day's closing balance, paid on this day of a quarter's last
# month.
DEPOSIT_RATE = Decimal("0.0005")
# A year of current deposits has so many days (银发〔2005〕129号).
DEPOSIT_YEAR = 360
INTEREST_DAY = 21

# Credit cards. Interest is due only if a statement was not paid in full in time: then on what it
# holds from the day it was booked, and on every day's debt since. The late fee is a share of the
# unpaid minimum. As the FAQ bank (credit.interest, credit.overdue, credit.tolerance) tells
# customers, what comes so many days after the due day is in time, and a statement of which so
# little is missing is paid in full.
GRACE_DAYS = 3
TOLERANCE = 1_000
CARD_DAILY_RATE = Decimal("0.0005")
LATE_FEE_SHARE = Decimal("0.05")
CASH_SHARE = Decimal("0.5")
# A limit may be raised to this multiple of the granted one, and for so many days.
RAISE_SHARE = Decimal("1.5")
RAISE_DAYS = (7, 60)

# As the FAQ bank (instalment.*) tells customers.
INSTALMENT_FEES = {
    3: Decimal("0.0070"),
    6: Decimal("0.0065"),
    12: Decimal("0.0060"),
}
INSTALMENT_LEAST = 50_000
INSTALMENT_MOST = 5_000_000
# Of a statement only this much goes into instalments; the rest is to be paid.
INSTALMENT_BILL_SHARE = Decimal("0.9")

TEMPORARY_LOSS = timedelta(days=5)
REPLACEMENT_DAYS = 7
# A new card is on its way from this day after it was ordered.
SENT_AFTER_DAYS = 2
CARRIER = "邮政 EMS"
CARD_YEARS = 5
# As the FAQ bank (debit.expiry, credit.expiry) tells customers.
RENEWAL_MONTHS = 3
# By kind of card.
REPLACEMENT_FEES = {"debit": 500, "credit": 1_500}

# Transfers, by account and Shanghai day.
TRANSFER_SINGLE = 10_000_000
TRANSFER_DAILY = 20_000_000
TRANSFER_NEW_PAYEE = 5_000_000
NEXT_DAY = timedelta(hours=24)
# To other banks: free up to here, then a share between two bounds.
FREE_INTERBANK = 500_000
INTERBANK_SHARE = Decimal("0.0002")
INTERBANK_FEE = (200, 5_000)

POINTS_LIFE_DAYS = 730
FEN_PER_POINT = 100

# Calendar days until a dispute is decided, and how old a transaction may be.
DISPUTE_DAYS = {"wrong_transfer": 15}
DISPUTE_DAYS_OTHERWISE = 30
DISPUTE_AGE = timedelta(days=180)
MOST_CANDIDATES = 6
