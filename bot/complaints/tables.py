"""Tables of complaints and of all that happens to one. What proves something is only added to."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage.base import BigId, UtcDateTime, metadata


def _id() -> Column:
    return Column("id", BigId, primary_key=True, autoincrement=True)


def _case() -> Column:
    return Column("number", ForeignKey("complaints.number"), nullable=False, index=True)


complaints = Table(
    "complaints",
    metadata,
    Column("number", String(24), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    # The caller's key and what it came with: a repeated request is one complaint.
    Column("key", String(64), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("relation", String(8), nullable=False),
    Column("category", String(32), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("source", String(16), nullable=False),
    # The passing body's own number.
    Column("source_ref", String(64), nullable=False),
    # Who acts for the customer, and what shows who they are and that they may.
    Column("complainant", String(64), nullable=False),
    Column("proof", Text, nullable=False),
    Column("people", Integer, nullable=False),
    Column("text", Text, nullable=False),
    # No foreign key: a complaint may come from a channel whose log is kept elsewhere.
    Column("conversation_id", String(36)),
    Column("state", String(16), nullable=False, index=True),
    Column("handler", String(64)),
    Column("received_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("root_cause", String(32)),
    Column("root_note", Text, nullable=False),
    # Of the bank's table after JR/T 0169-2018.
    Column("channel_code", String(32)),
    Column("business_code", String(32)),
    Column("cause_code", String(32)),
    # No foreign key: SQLite can add one only by making the table anew.
    Column("merged_into", String(24)),
    UniqueConstraint("customer_id", "key"),
)

complaint_moves = Table(
    "complaint_moves",
    metadata,
    _id(),
    _case(),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(64), nullable=False),
    Column("what", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("why", Text, nullable=False),
    Column("whom", String(64)),
)

complaint_facts = Table(
    "complaint_facts",
    metadata,
    _id(),
    _case(),
    Column("key", String(64), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("new", Boolean),
    Column("judged_at", UtcDateTime),
    Column("judged_by", String(64)),
    UniqueConstraint("number", "key"),
)

complaint_extensions = Table(
    "complaint_extensions",
    metadata,
    _id(),
    _case(),
    Column("step", String(16), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("approver", String(64)),
    Column("approved_at", UtcDateTime),
    Column("told_at", UtcDateTime),
)

complaint_pauses = Table(
    "complaint_pauses",
    metadata,
    _id(),
    _case(),
    Column("kind", String(16), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("told_at", UtcDateTime),
)

complaint_notices = Table(
    "complaint_notices",
    metadata,
    _id(),
    _case(),
    Column("what", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("proof", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
)

complaint_answers = Table(
    "complaint_answers",
    metadata,
    _id(),
    _case(),
    Column("outcome", String(16), nullable=False),
    Column("findings", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("grounds", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("remedies", Text, nullable=False),
    Column("written_by", String(64), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("approved_by", String(64)),
    Column("approved_at", UtcDateTime),
)

complaint_reviews = Table(
    "complaint_reviews",
    metadata,
    Column("number", ForeignKey("complaints.number"), primary_key=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("why", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reviewer", String(64)),
    Column("outcome", String(16)),
    Column("findings", Text, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("told_at", UtcDateTime),
)

# Who must not handle a complaint.
complaint_recusals = Table(
    "complaint_recusals",
    metadata,
    Column("number", ForeignKey("complaints.number"), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(64), nullable=False),
    Column("why", Text, nullable=False),
)

# What a customer asked of a case, by the caller's key: a repeated request is done once.
complaint_requests = Table(
    "complaint_requests",
    metadata,
    Column("number", ForeignKey("complaints.number"), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("body_hash", String(64), nullable=False),
)

# Cases that stay whatever their age, such as those before a court.
complaint_holds = Table(
    "complaint_holds",
    metadata,
    Column("number", ForeignKey("complaints.number"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(64), nullable=False),
    Column("why", Text, nullable=False),
)

complaint_numbers = Table(
    "complaint_numbers",
    metadata,
    Column("day", String(8), primary_key=True),
    Column("last", Integer, nullable=False),
)

# No case and no deadline, but departments work through them: the log alone would bury them.
suggestions = Table(
    "suggestions",
    metadata,
    _id(),
    # The message's id: a repeated one is one suggestion.
    Column("key", String(64), nullable=False, unique=True),
    Column("customer_id", String(64)),
    Column("conversation_id", String(36)),
    Column("text", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False, index=True),
)

Index("ix_complaints_customer", complaints.c.customer_id, complaints.c.received_at)
