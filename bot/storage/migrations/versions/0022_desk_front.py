"""The desk: an index of the queue in the very order in which it is served, so that its front is
read alone; whether a customer reads in large type; files by their conversation; the
simulated bank's tiers and identity numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OF_CUSTOMERS = (("id_number", 18, ""), ("tier", 16, "standard"))
NAME, TABLE = "ix_tickets_queue", "tickets"


def upgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, ["state", sa.text("urgent DESC"), "sort_at", "id"])
    large = sa.Column("large_type", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("conversations", large)
    op.create_index("ix_uploads_conversation_id", "uploads", ["conversation_id"])
    for name, length, value in OF_CUSTOMERS:
        column = sa.Column(name, sa.String(length), nullable=False, server_default=value)
        op.add_column("stub_customers", column)


def downgrade() -> None:
    for name, *_ in OF_CUSTOMERS:
        op.drop_column("stub_customers", name)
    op.drop_index("ix_uploads_conversation_id", table_name="uploads")
    op.drop_column("conversations", "large_type")
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, ["state", "urgent", "sort_at"])
