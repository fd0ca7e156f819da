"""What colleagues ask of each other about a conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.base import BigId, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_asks",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("to", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("passed", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_asks_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_asks")),
    )
    op.create_index(op.f("ix_ticket_asks_ticket_id"), "ticket_asks", ["ticket_id"])
    op.create_index(op.f("ix_ticket_asks_answered_at"), "ticket_asks", ["answered_at"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_ticket_asks_open", "ticket_asks", ["ticket_id", "kind"], unique=True,
        sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("ticket_asks")
