"""A small simulated core bank: accounts, double-entry ledger, cards, one-time codes, faults.

It behaves as a bank does (limits, states, errors, latency), keeps its books in the project's
database and is the one stub of the project. The ``bank`` setting names :func:`make_bank`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.banking.conformance.bench import Subjects
from bot.banking.otp import OneTimeCodeIssuer
from bot.banking.ports import Bank
from bot.banking.risk import TransferRisk
from bot.banking.stub.accounts import StubAccounts, StubCustomers
from bot.banking.stub.cards import StubCards
from bot.banking.stub.core import Core
from bot.banking.stub.faults import Faults
from bot.banking.stub.loans import StubLoans
from bot.banking.stub.outbox import Outbox
from bot.banking.stub.outcomes import StubOutcomes
from bot.banking.stub.payments import StubPayments
from bot.banking.stub.seed import reset_demo, seed_demo
from bot.banking.stub.service import StubDisputes, StubRewards
from bot.banking.stub.transfers import StubTransfers
from bot.storage import Database
from bot.text.clock import Clock, utc_now

__all__ = ["Outbox", "conformance_subjects", "make_bank", "reset_demo", "seed_demo"]


def make_bank(
    db: Database,
    secret: bytes,
    clock: Clock = utc_now,
    sleep: Callable[[float], None] = time.sleep,
) -> Bank:
    """The simulated bank on ``db``, which :func:`seed_demo` has filled; ``sleep`` is what a
    fault of latency waits with."""
    core = Core(db, Faults(db, sleep), clock)
    customers, accounts, transfers = StubCustomers(core), StubAccounts(core), StubTransfers(core)
    return Bank(
        customers=customers,
        accounts=accounts,
        cards=StubCards(core),
        payments=StubPayments(core),
        transfers=transfers,
        loans=StubLoans(core),
        rewards=StubRewards(core),
        disputes=StubDisputes(core),
        codes=OneTimeCodeIssuer(db, customers, Outbox(db, clock).deliver, secret, clock=clock),
        outcomes=StubOutcomes(core),
        risk=TransferRisk(transfers, accounts, clock),
    )


def conformance_subjects(db: Database, clock: Clock = utc_now) -> Subjects:
    """Seeds ``db`` and names two demo customers whom an adapter's checks can be run with."""
    seed_demo(db, clock)
    outbox = Outbox(db, clock)
    return Subjects("C1001", "C1003", lambda customer: str(outbox.outbox(customer, 1)[0]["code"]))
