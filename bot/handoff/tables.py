"""Tables of tickets, their history and their numbers."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.handoff.ticket import OPEN_STATES
from bot.storage.base import BigId, UtcDateTime, metadata

tickets = Table(
    "tickets",
    metadata,
    Column("id", String(24), primary_key=True),
    # No foreign key: a ticket may come from a channel whose log is kept elsewhere.
    Column("conversation_id", String(36), nullable=False, index=True),
    Column("customer_id", String(64)),
    Column("reason", String(32), nullable=False),
    Column("line", String(32), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("summary", Text, nullable=False),
    Column("slots", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("agent", String(32)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_tickets_queue", "state", "priority", "created_at"),
)
# The database itself keeps a conversation from having two open tickets.
Index(
    "uq_tickets_open_conversation",
    tickets.c.conversation_id,
    unique=True,
    sqlite_where=tickets.c.state.in_(OPEN_STATES),
    postgresql_where=tickets.c.state.in_(OPEN_STATES),
)

ticket_moves = Table(
    "ticket_moves",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("agent", String(32)),
    Column("note", Text, nullable=False),
)

ticket_numbers = Table(
    "ticket_numbers",
    metadata,
    Column("day", String(8), primary_key=True),
    Column("last", Integer, nullable=False),
)
