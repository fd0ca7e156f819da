"""The agents' desk: how a ticket ended, notes, guests, read marks, who looked at what, who types."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RESOLUTION = (
    sa.Column("resolution", sa.String(length=16), nullable=True),
    sa.Column("resolution_note", sa.Text(), nullable=True),
)
TABLES = ("conversation_typing", "desk_audit", "ticket_reads", "ticket_guests", "ticket_notes")


def _ticket_key(table: str) -> tuple[sa.Column, sa.Column, sa.Constraint, sa.Constraint]:
    return (
        sa.Column("ticket_id", sa.String(length=24), nullable=False),
        sa.Column("agent", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f(f"fk_{table}_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "agent", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    for column in RESOLUTION:
        op.add_column("tickets", column)
    moment = bot.storage.base.UtcDateTime()
    op.create_table(
        "ticket_notes",
        sa.Column("id", bot.storage.base.BigId, autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.String(length=24), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("whisper", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_notes_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_notes")),
    )
    op.create_index(op.f("ix_ticket_notes_ticket_id"), "ticket_notes", ["ticket_id"])
    op.create_table(
        "ticket_guests",
        *_ticket_key("ticket_guests"),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("life_at", moment, nullable=False),
    )
    op.create_table(
        "ticket_reads",
        *_ticket_key("ticket_reads"),
        sa.Column("seq", sa.Integer(), nullable=False),
    )
    op.create_table(
        "desk_audit",
        sa.Column("id", bot.storage.base.BigId, autoincrement=True, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ticket_id", sa.String(length=24), nullable=True),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_audit")),
    )
    op.create_index(op.f("ix_desk_audit_customer_id"), "desk_audit", ["customer_id"])
    op.create_index("ix_desk_audit_by", "desk_audit", ["by", "kind", "at"])
    op.create_table(
        "conversation_typing",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_typing_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", "role", name=op.f("pk_conversation_typing")),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for column in RESOLUTION:
        op.drop_column("tickets", column.name)
