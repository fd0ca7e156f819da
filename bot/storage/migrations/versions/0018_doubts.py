"""Operations whose outcome at the bank is not known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.base import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "doubtful_operations",
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=128), nullable=False),
        sa.Column("operation", sa.String(length=32), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "customer_id", "idempotency_key", name=op.f("pk_doubtful_operations")
        ),
    )
    op.create_index(
        op.f("ix_doubtful_operations_next_try_at"), "doubtful_operations", ["next_try_at"]
    )


def downgrade() -> None:
    op.drop_table("doubtful_operations")
