"""Tables that belong to us, whichever bank is behind the ports: codes and the audit trail."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table, Text

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
