"""Tables of staff: accounts, open sessions, and what happened to either."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, String, Table, Text

from bot.storage.base import BigId, UtcDateTime, metadata

staff_accounts = Table(
    "staff_accounts",
    metadata,
    # The name in lower case: nobody is two people by a capital letter.
    Column("key", String(32), primary_key=True),
    Column("name", String(32), nullable=False),
    Column("display", String(64), nullable=False),
    Column("roles", JSON, nullable=False),
    # As `bot.staff.passwords` writes it; the password itself is nowhere.
    Column("password", String(200), nullable=False),
    Column("disabled", Boolean, nullable=False),
    # Works in demo mode only.
    Column("demo", Boolean, nullable=False),
    # When the password or `disabled` last changed.
    Column("changed_at", UtcDateTime, nullable=False),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    # SHA-256 of the token: who reads the database cannot take a session over.
    Column("token", String(64), primary_key=True),
    Column("account", ForeignKey("staff_accounts.key"), nullable=False, index=True),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

staff_events = Table(
    "staff_events",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    # The account's key; of a name that nobody has, a keyed digest: it may be a mistyped password.
    Column("who", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    # Who did it, where it was somebody else.
    Column("by", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("detail", Text, nullable=False),
)
