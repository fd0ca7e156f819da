"""A small simulated core bank: accounts, double-entry ledger, cards, one-time codes, faults.

It behaves as a bank does (limits, states, errors, latency), keeps its books in the project's
database and is the one stub of the project. The ``bank`` setting names :func:`make_bank`.
"""

from __future__ import annotations

from bot.banking.otp import OneTimeCodeIssuer
from bot.banking.ports import Bank
from bot.banking.stub.core import StubAccounts, StubCards, StubCustomers, StubOutcomes
from bot.banking.stub.faults import Faults
from bot.banking.stub.outbox import Outbox
from bot.banking.stub.seed import seed_demo
from bot.storage import Database
from bot.text.clock import Clock, utc_now

__all__ = ["Outbox", "make_bank", "seed_demo"]


def make_bank(db: Database, secret: bytes, clock: Clock = utc_now) -> Bank:
    """The simulated bank on ``db``, which :func:`seed_demo` has filled."""
    faults = Faults(db)
    customers = StubCustomers(db, faults)
    codes = OneTimeCodeIssuer(db, customers, Outbox(db, clock).deliver, secret, clock=clock)
    return Bank(
        customers=customers,
        accounts=StubAccounts(db, faults, clock),
        cards=StubCards(db, faults, clock),
        codes=codes,
        outcomes=StubOutcomes(db, faults),
    )
