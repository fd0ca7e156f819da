"""History of the FAQ bank: changes, reviews and publications, in tables that only grow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("faq_changes", "faq_reviews", "faq_publications")
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "faq_changes",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=128), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_changes")),
    )
    op.create_index(op.f("ix_faq_changes_entry_id"), "faq_changes", ["entry_id"], unique=False)
    op.create_table(
        "faq_reviews",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("entry_id", sa.String(length=128), nullable=False),
        sa.Column("change_id", BIG_ID, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["faq_changes.id"], name=op.f("fk_faq_reviews_change_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_reviews")),
    )
    op.create_index(op.f("ix_faq_reviews_entry_id"), "faq_reviews", ["entry_id"], unique=False)
    op.create_table(
        "faq_publications",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("override", sa.Text(), nullable=True),
        sa.Column("worse", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_publications")),
    )
    op.create_index(
        "uq_faq_publications_published_number",
        "faq_publications",
        ["number"],
        unique=True,
        sqlite_where=sa.text("kind = 'publish'"),
        postgresql_where=sa.text("kind = 'publish'"),
    )
    _forbid_changes()


def _forbid_changes() -> None:
    """The database itself refuses to change or remove a row of history."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION faq_history_only_grows() RETURNS trigger AS $$ "
            "BEGIN RAISE EXCEPTION 'the history of the FAQ bank only grows'; END; "
            "$$ LANGUAGE plpgsql"
        )
        for table in TABLES:
            op.execute(
                f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE "
                f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION faq_history_only_grows()"
            )
        return
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the history of the FAQ bank only grows'); END"
            )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION faq_history_only_grows()")
