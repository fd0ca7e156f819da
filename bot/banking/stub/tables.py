"""Tables of the simulated core bank: customers, accounts, cards, the ledger, operations."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from bot.storage.base import BigId, UtcDateTime, metadata

customers = Table(
    "stub_customers",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(32), nullable=False),
    Column("phone", String(16), nullable=False),
    Column("about", Text, nullable=False),
    # Where cards are sent to.
    Column("address", String(128), nullable=False, server_default=""),
    Column("id_number", String(18), nullable=False, server_default=""),
    Column("tier", String(16), nullable=False, server_default="standard"),
)

# Customers' accounts, and internal ones (no customer) that stand for the rest of the world.
# ``closed_to``: the last day whose interest, fees and instalments are booked.
accounts = Table(
    "stub_accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("customer_id", ForeignKey("stub_customers.id"), index=True),
    Column("number", String(24), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("credit_limit", BigInteger, nullable=False),
    Column("frozen", BigInteger, nullable=False),
    Column("raised_limit", BigInteger),
    Column("raised_until", Date),
    Column("opened_on", Date),
    Column("branch", String(32)),
    # Of a credit account: 1 to 28.
    Column("statement_day", Integer),
    Column("closed_to", Date),
)

cards = Table(
    "stub_cards",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account_id", ForeignKey("stub_accounts.id"), nullable=False, index=True),
    Column("number", String(24), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("loss_receipt", String(32)),
    Column("loss_until", UtcDateTime),
    Column("expires_on", Date),
    # Of a new card in its place that is not activated yet: its last day.
    Column("renewed_until", Date),
    # Of a new card that is not activated yet: when it was ordered, and when it came back.
    Column("ordered_at", UtcDateTime),
    Column("returned_on", Date),
)

# Double entry: the postings of one journal entry add up to zero.
postings = Table(
    "stub_postings",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("entry", String(40), nullable=False, index=True),
    Column("account_id", ForeignKey("stub_accounts.id"), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("summary", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("counterparty", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_stub_postings_account_id_at", "account_id", "at"),
)

operations = Table(
    "stub_operations",
    metadata,
    Column("customer_id", String(16), primary_key=True),
    Column("idempotency_key", String(128), primary_key=True),
    Column("operation", String(32), nullable=False),
    # Of the request: the same key with another one is refused.
    Column("fingerprint", String(64), nullable=False),
    Column("receipt", String(32), nullable=False, unique=True),
    Column("facts", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

receipt_numbers = Table(
    "stub_receipt_numbers",
    metadata,
    Column("prefix", String(16), primary_key=True),
    Column("last", Integer, nullable=False),
)

outbox = Table(
    "stub_outbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("customer_id", String(16), nullable=False, index=True),
    Column("code", String(8), nullable=False),
    Column("purpose", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

faults = Table(
    "stub_faults",
    metadata,
    Column("operation", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("seconds", Integer, nullable=False),
)
