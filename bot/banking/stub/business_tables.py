"""Tables of the simulated bank's lines of business."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    false,
)

from bot.storage.base import BigId, UtcDateTime, metadata

payees = Table(
    "stub_payees",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("customer_id", ForeignKey("stub_customers.id"), nullable=False, index=True),
    Column("name", String(64), nullable=False),
    Column("number", String(32), nullable=False),
    Column("bank", String(64), nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
)

transfers = Table(
    "stub_transfers",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("customer_id", ForeignKey("stub_customers.id"), nullable=False, index=True),
    Column("account_id", ForeignKey("stub_accounts.id"), nullable=False),
    Column("payee_name", String(64), nullable=False),
    Column("payee_number", String(32), nullable=False),
    Column("payee_bank", String(64), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("fee", BigInteger, nullable=False),
    Column("memo", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("arrives_at", UtcDateTime, nullable=False),
    Column("status", String(16), nullable=False, index=True),
)

# What numbers owe to billers; a number of a prepaid biller owes nothing.
dues = Table(
    "stub_dues",
    metadata,
    Column("biller_id", String(16), primary_key=True),
    Column("number", String(32), primary_key=True),
    Column("owner", String(32), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("period", String(16), nullable=False),
    Column("due_on", Date),
)

paid_numbers = Table(
    "stub_paid_numbers",
    metadata,
    Column("customer_id", ForeignKey("stub_customers.id"), primary_key=True),
    Column("biller_id", String(16), primary_key=True),
    Column("number", String(32), primary_key=True),
    Column("paid_at", UtcDateTime, nullable=False),
)

# Plans under way; what is still to be billed stands on the account's own instalment account.
instalments = Table(
    "stub_instalments",
    metadata,
    Column("receipt", String(32), primary_key=True),
    Column("account_id", ForeignKey("stub_accounts.id"), nullable=False, index=True),
    Column("purchase_id", String(40)),
    Column("amount", BigInteger, nullable=False),
    Column("periods", Integer, nullable=False),
    Column("billed", Integer, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
)

loans = Table(
    "stub_loans",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("customer_id", ForeignKey("stub_customers.id"), nullable=False, index=True),
    Column("product_id", String(16), nullable=False),
    Column("principal", BigInteger, nullable=False),
    Column("months", Integer, nullable=False),
    Column("method", String(24), nullable=False),
    Column("started_on", Date, nullable=False),
)

loan_applications = Table(
    "stub_loan_applications",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("customer_id", ForeignKey("stub_customers.id"), nullable=False, index=True),
    Column("product_id", String(16), nullable=False),
    Column("status", String(24), nullable=False),
    Column("amount", BigInteger),
    Column("months", Integer),
    Column("method", String(24)),
    Column("purpose", Text),
    Column("income", BigInteger),
    Column("credit_consent", Boolean, nullable=False, server_default=false()),
    Column("remark", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

loan_materials = Table(
    "stub_loan_materials",
    metadata,
    Column("application", ForeignKey("stub_loan_applications.number"), primary_key=True),
    Column("kind", String(24), primary_key=True),
    Column("reference", String(128), nullable=False),
    Column("problem", Text),
)

# Points in lots: each lot is what is left of points earned on one day.
points = Table(
    "stub_points",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("customer_id", ForeignKey("stub_customers.id"), nullable=False, index=True),
    Column("left", BigInteger, nullable=False),
    Column("expires_on", Date, nullable=False),
)

gifts = Table(
    "stub_gifts",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("points", Integer, nullable=False),
    Column("stock", Integer, nullable=False),
)

disputes = Table(
    "stub_disputes",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("customer_id", ForeignKey("stub_customers.id"), nullable=False, index=True),
    Column("account_id", ForeignKey("stub_accounts.id"), nullable=False),
    Column("entry", String(40), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("statement", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("remark", Text, nullable=False),
)
