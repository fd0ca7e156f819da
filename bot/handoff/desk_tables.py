"""Tables of what goes on beside a ticket: notes, guests, what colleagues ask of each other, read
marks, and who looked at what."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.storage.base import BigId, UtcDateTime, metadata

# Only colleagues ever see these; numbers in them are masked before they are kept.
ticket_notes = Table(
    "ticket_notes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(32), nullable=False),
    Column("text", Text, nullable=False),
    # Said by a guest to the agent, while the conversation goes on.
    Column("whisper", Boolean, nullable=False),
)

ticket_guests = Table(
    "ticket_guests",
    metadata,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("agent", String(32), primary_key=True),
    Column("mode", String(8), nullable=False),
    # A guest belongs to one life of the ticket: reopened, it begins without them.
    Column("life_at", UtcDateTime, nullable=False),
)

# Somebody who has a conversation asks a colleague to take it, or a lead to look in.
ticket_asks = Table(
    "ticket_asks",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("by", String(32), nullable=False),
    # Null is any lead of the ticket's group.
    Column("to", String(32)),
    Column("note", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("passed", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answered_by", String(32)),
    Column("answered_at", UtcDateTime, index=True),
    Column("answer", Text, nullable=False),
)
# The database itself keeps a ticket from having two open asks of a kind.
Index(
    "uq_ticket_asks_open",
    ticket_asks.c.ticket_id,
    ticket_asks.c.kind,
    unique=True,
    sqlite_where=ticket_asks.c.state == "open",
    postgresql_where=ticket_asks.c.state == "open",
)

ticket_reads = Table(
    "ticket_reads",
    metadata,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("agent", String(32), primary_key=True),
    Column("seq", Integer, nullable=False),
)

# Rows are added and never changed.
desk_audit = Table(
    "desk_audit",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    # No foreign key: what was looked at may be kept for a shorter time than who did.
    Column("ticket_id", String(24)),
    Column("customer_id", String(64), index=True),
    Column("field", String(64), nullable=False),
    Column("why", Text, nullable=False),
    Index("ix_desk_audit_by", "by", "kind", "at"),
)
