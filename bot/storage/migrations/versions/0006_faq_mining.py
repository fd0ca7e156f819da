"""What customers asked, what was mined of it, and what was decided on that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "faq_mined_decisions",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("mined_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.String(length=128), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("change_id", BIG_ID, nullable=True),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["faq_changes.id"], name=op.f("fk_faq_mined_decisions_change_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_mined_decisions")),
    )
    op.create_index(
        op.f("ix_faq_mined_decisions_entry_id"), "faq_mined_decisions", ["entry_id"], unique=False
    )
    op.create_table(
        "faq_asked",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=128), nullable=True),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("thumb_down", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_faq_asked")),
    )
    op.create_index(op.f("ix_faq_asked_at"), "faq_asked", ["at"], unique=False)
    op.create_table(
        "faq_mined",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("entry_id", sa.String(length=128), nullable=True),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("draft_answer", sa.Text(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("causes", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("first_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("last_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_mined")),
    )
    op.create_index(op.f("ix_faq_mined_state"), "faq_mined", ["state"], unique=False)
    mark = op.create_table(
        "faq_mining",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mined_to", bot.storage.base.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_mining")),
    )
    op.bulk_insert(mark, [{"id": 1, "mined_to": None}])
    _forbid_changes()


def _forbid_changes() -> None:
    """Decisions are history: the database itself refuses to change or remove one."""
    table = "faq_mined_decisions"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION faq_history_only_grows()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the history of the FAQ bank only grows'); END"
        )


def downgrade() -> None:
    for table in ("faq_mining", "faq_mined", "faq_asked", "faq_mined_decisions"):
        op.drop_table(table)
