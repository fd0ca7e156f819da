"""Tables that belong to us, whichever bank is behind the ports: codes, the audit trail, requests
kept while the bank does not answer, and operations whose outcome is not known."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Integer, String, Table, Text

from bot.storage.base import BigId, UtcDateTime, metadata

one_time_codes = Table(
    "one_time_codes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("customer_id", String(64), nullable=False, index=True),
    # What the code is good for, and the code itself: keyed hashes only.
    Column("binding", String(64), nullable=False),
    Column("code_mac", String(64), nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

audit_records = Table(
    "audit_records",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("operation", String(32), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# One row: the hash of the last record and how many there are. Who appends locks it, so that the
# chain never forks, and a trail whose end was cut off no longer reaches it.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("count", BigInteger, nullable=False),
)

# ``receipt`` once the bank has done it, ``refusal`` (for the customer) once it will not.
kept_requests = Table(
    "kept_requests",
    metadata,
    Column("customer_id", String(64), primary_key=True),
    Column("idempotency_key", String(128), primary_key=True),
    Column("operation", String(32), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", UtcDateTime, index=True),
    Column("receipt", String(32)),
    Column("refusal", Text),
)

# Rows leave when it is known what became of the operation; the audit trail holds both moments.
doubtful_operations = Table(
    "doubtful_operations",
    metadata,
    Column("customer_id", String(64), primary_key=True),
    Column("idempotency_key", String(128), primary_key=True),
    Column("operation", String(32), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False, index=True),
)
