"""What customers thought of a service, and announcements to all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.base import BigId, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "surveys",
        sa.Column("ticket_id", sa.String(length=24), nullable=False),
        sa.Column("skill_group", sa.String(length=32), nullable=False),
        sa.Column("agent", sa.String(length=32)),
        sa.Column("satisfied", sa.Boolean(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("large_type", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_surveys_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_surveys")),
    )
    op.create_index(op.f("ix_surveys_at"), "surveys", ["at"])
    op.create_table(
        "announcements",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("routing", sa.String(length=16), nullable=False),
        sa.Column("skill_group", sa.String(length=32)),
        sa.Column("set_by", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime()),
        sa.Column("ended_by", sa.String(length=32)),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("in_force", sa.Boolean()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint("in_force", name=op.f("uq_announcements_in_force")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "announcement_tellings",
        sa.Column("announcement_id", BigId, nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name=op.f("fk_announcement_tellings_announcement_id"),
        ),
        sa.PrimaryKeyConstraint(
            "announcement_id", "conversation_id", name=op.f("pk_announcement_tellings")
        ),
    )


def downgrade() -> None:
    op.drop_table("announcement_tellings")
    op.drop_table("announcements")
    op.drop_table("surveys")
