"""Tables of tickets, their history and numbers, of agents at work, of announcements and surveys."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, and_

from bot.handoff.ticket import OPEN_STATES, PENDING
from bot.storage.base import BigId, UtcDateTime, metadata

tickets = Table(
    "tickets",
    metadata,
    Column("id", String(24), primary_key=True),
    # No foreign key: a ticket may come from a channel whose log is kept elsewhere.
    Column("conversation_id", String(36), nullable=False, index=True),
    Column("customer_id", String(64), index=True),
    Column("reason", String(32), nullable=False),
    Column("line", String(32), nullable=False),
    Column("skill_group", String(32), nullable=False),
    Column("tier", Integer, nullable=False),
    Column("reach", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("why", JSON, nullable=False),
    Column("signals", JSON, nullable=False),
    Column("language", String(8), nullable=False),
    Column("customer_tier", String(16), nullable=False),
    Column("summary", Text, nullable=False),
    Column("slots", JSON, nullable=False),
    Column("tried", JSON, nullable=False),
    Column("due_at", UtcDateTime),
    Column("state", String(16), nullable=False),
    Column("agent", String(32)),
    Column("last_agent", String(32)),
    Column("declined", JSON, nullable=False),
    Column("assistant_stays", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("life_at", UtcDateTime, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("sort_at", UtcDateTime, nullable=False),
    Column("offered_until", UtcDateTime),
    Column("taken_at", UtcDateTime),
    Column("first_reply_at", UtcDateTime),
    Column("awaiting_since", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("callback_at", UtcDateTime),
    Column("callback_until", UtcDateTime),
    Column("alarm_at", UtcDateTime),
    Column("resolution", String(16)),
    Column("resolution_note", Text),
    Index("ix_tickets_held", "agent", "state"),
    Index("ix_tickets_ended", "state", "ended_at"),
    Index("ix_tickets_alarm", "alarm_at"),
    Index("ix_tickets_recent", "skill_group", "ended_at"),
    # The wall board counts by the day.
    Index("ix_tickets_life_at", "life_at"),
)
# The database itself keeps a conversation from having two open tickets.
Index(
    "uq_tickets_open_conversation",
    tickets.c.conversation_id,
    unique=True,
    sqlite_where=tickets.c.state.in_(OPEN_STATES),
    postgresql_where=tickets.c.state.in_(OPEN_STATES),
)

# Those of a state in the order of the queue, whichever group they are for.
Index(
    "ix_tickets_queue",
    tickets.c.state,
    tickets.c.urgent.desc(),
    tickets.c.sort_at,
    tickets.c.id,
)

# The line of each group in its order, and nobody who is served already.
Index(
    "ix_tickets_line",
    tickets.c.skill_group,
    tickets.c.urgent.desc(),
    tickets.c.sort_at,
    tickets.c.id,
    sqlite_where=tickets.c.state.in_(PENDING),
    postgresql_where=tickets.c.state.in_(PENDING),
)

# Those of them who are for leads, too: few, while a lead is mostly free and looked for.
Index(
    "ix_tickets_raised",
    tickets.c.skill_group,
    tickets.c.urgent.desc(),
    tickets.c.sort_at,
    tickets.c.id,
    sqlite_where=and_(tickets.c.state.in_(PENDING), tickets.c.reach > 1),
    postgresql_where=and_(tickets.c.state.in_(PENDING), tickets.c.reach > 1),
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

# Its row is locked by whoever gives an agent more to do: see `docs/queue.md`.
desk_agents = Table(
    "desk_agents",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("state_at", UtcDateTime),
    # None for whoever works without a page that reports in.
    Column("seen_at", UtcDateTime),
    Column("assigned_at", UtcDateTime),
)

# Events for a desk elsewhere, in their order; see `bot.handoff.outbox`.
handoff_outbox = Table(
    "handoff_outbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("body", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("delivered_at", UtcDateTime),
    Index("ix_handoff_outbox_due", "delivered_at", "id"),
)

# Messages from there that have been acted on.
handoff_inbox = Table(
    "handoff_inbox",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# What a customer thought of a ticket's service; one a ticket.
surveys = Table(
    "surveys",
    metadata,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("skill_group", String(32), nullable=False),
    Column("agent", String(32)),
    Column("satisfied", Boolean, nullable=False),
    Column("why", JSON, nullable=False),
    Column("comment", Text, nullable=False),
    Column("large_type", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

# What all customers are told first, and where tickets go meanwhile; only its end is ever written to
# a line once more.
announcements = Table(
    "announcements",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("text", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("lines", JSON, nullable=False),
    Column("routing", String(16), nullable=False),
    Column("skill_group", String(32)),
    Column("set_by", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    Column("ended_by", String(32)),
    Column("ended_at", UtcDateTime),
    # True, or null once it has ended: the database itself keeps two from being in force at once.
    Column("in_force", Boolean, unique=True),
    sqlite_autoincrement=True,
)

announcement_tellings = Table(
    "announcement_tellings",
    metadata,
    Column("announcement_id", ForeignKey("announcements.id"), primary_key=True),
    Column("conversation_id", String(36), primary_key=True),
)
