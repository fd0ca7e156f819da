"""Loan applications with income and consent; files that customers hand in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stub_loan_applications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("income", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("credit_consent", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_uploads_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(
        op.f("ix_uploads_customer_id_at"), "uploads", ["customer_id", "at"], unique=False
    )


def downgrade() -> None:
    op.drop_table("uploads")
    with op.batch_alter_table("stub_loan_applications", schema=None) as batch_op:
        batch_op.drop_column("credit_consent")
        batch_op.drop_column("income")
