"""Tables of conversations, messages, who types, feedback, reminders, sealed inputs and uploads."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.storage.base import BigId, UtcDateTime, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("customer_id", String(64), index=True),
    # Counts up with each message in the same transaction: the next number is never guessed.
    Column("last_seq", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # The customer reads it in large type, as of late.
    Column("large_type", Boolean, nullable=False, server_default=false()),
)

messages = Table(
    "messages",
    metadata,
    # Grows over all conversations: one look tells which have something new.
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("role", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("quick_replies", JSON, nullable=False),
    Column("card", JSON(none_as_null=True)),
    Column("source", JSON(none_as_null=True)),
    Column("client_id", String(64)),
    Column("body_hash", String(64)),
    Column("payload", Text),
    # A customer's message: pending, taken, done. Everything else is done from the start.
    Column("status", String(8), nullable=False),
    Column("taken_at", UtcDateTime),
    Column("at", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "client_id"),
    sqlite_autoincrement=True,
)
Index(
    "ix_messages_unfinished",
    messages.c.conversation_id,
    messages.c.seq,
    sqlite_where=messages.c.status != "done",
    postgresql_where=messages.c.status != "done",
)

feedback = Table(
    "feedback",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("verdict", String(16), nullable=False),
    Column("cause", String(16)),
    Column("reason", Text),
    Column("at", UtcDateTime, nullable=False),
)

# Each line is a day (Shanghai) on which the customer was reminded.
reminders = Table(
    "reminders",
    metadata,
    Column("customer_id", String(64), primary_key=True),
    Column("about", String(32), primary_key=True),
    Column("day", Date, primary_key=True),
)

sealed_inputs = Table(
    "sealed_inputs",
    metadata,
    Column("ref", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

# Who of a conversation is writing just now; worth nothing a few seconds later.
conversation_typing = Table(
    "conversation_typing",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("until", UtcDateTime, nullable=False),
)

# Files that customers handed in, encrypted; the column ``name`` is masked already.
uploads = Table(
    "uploads",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("media_type", String(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_uploads_customer_id_at", uploads.c.customer_id, uploads.c.at)
Index("ix_uploads_conversation_id", uploads.c.conversation_id)
