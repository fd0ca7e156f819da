"""Indexes by which the queue is read from its front, and what is due from what is due first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PENDING = ("waiting", "reopened", "offered")


def upgrade() -> None:
    where = sa.column("state").in_(PENDING)
    op.create_index(
        "ix_tickets_line", "tickets", ["skill_group", sa.text("urgent DESC"), "sort_at", "id"],
        sqlite_where=where, postgresql_where=where,
    )  # fmt: skip
    raised = sa.and_(where, sa.column("reach") > sa.literal_column("1"))
    op.create_index(
        "ix_tickets_raised", "tickets", ["skill_group", sa.text("urgent DESC"), "sort_at", "id"],
        sqlite_where=raised, postgresql_where=raised,
    )  # fmt: skip
    op.create_index("ix_tickets_ended", "tickets", ["state", "ended_at"])
    op.create_index("ix_tickets_alarm", "tickets", ["alarm_at"])


def downgrade() -> None:
    for name in ("ix_tickets_alarm", "ix_tickets_ended", "ix_tickets_raised", "ix_tickets_line"):
        op.drop_index(name, table_name="tickets")
