"""Complaints: the cases, what their terms depend on, answers, notices and reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PROOFS = ("complaint_moves", "complaint_notices")


def upgrade() -> None:
    _cases()
    _terms()
    _answers()
    _keep_proofs()


def _cases() -> None:
    """Complaints and their history."""
    op.create_table(
        "complaint_numbers",
        sa.Column("day", sa.String(length=8), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_complaint_numbers")),
    )
    op.create_table(
        "complaints",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("relation", sa.String(length=8), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("handler", sa.String(length=64), nullable=True),
        sa.Column("received_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("ended_at", bot.storage.base.UtcDateTime(), nullable=True),
        sa.Column("root_cause", sa.String(length=32), nullable=True),
        sa.Column("root_note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_complaints")),
        sa.UniqueConstraint("customer_id", "key", name=op.f("uq_complaints_customer_id_key")),
    )
    op.create_index(
        "ix_complaints_customer", "complaints", ["customer_id", "received_at"], unique=False
    )
    op.create_index(op.f("ix_complaints_state"), "complaints", ["state"], unique=False)
    op.create_table(
        "complaint_moves",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("whom", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["number"], ["complaints.number"], name=op.f("fk_complaint_moves_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_moves")),
    )
    op.create_index(op.f("ix_complaint_moves_number"), "complaint_moves", ["number"], unique=False)


def _terms() -> None:
    """What a deadline depends on."""
    op.create_table(
        "complaint_facts",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("received_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("new", sa.Boolean(), nullable=True),
        sa.Column("judged_at", bot.storage.base.UtcDateTime(), nullable=True),
        sa.Column("judged_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["number"], ["complaints.number"], name=op.f("fk_complaint_facts_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_facts")),
        sa.UniqueConstraint("number", "key", name=op.f("uq_complaint_facts_number_key")),
    )
    op.create_index(op.f("ix_complaint_facts_number"), "complaint_facts", ["number"], unique=False)
    op.create_table(
        "complaint_extensions",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("asked_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approver", sa.String(length=64), nullable=True),
        sa.Column("approved_at", bot.storage.base.UtcDateTime(), nullable=True),
        sa.Column("told_at", bot.storage.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["number"], ["complaints.number"], name=op.f("fk_complaint_extensions_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_extensions")),
    )
    op.create_index(
        op.f("ix_complaint_extensions_number"), "complaint_extensions", ["number"], unique=False
    )
    op.create_table(
        "complaint_pauses",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("begun_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("ended_at", bot.storage.base.UtcDateTime(), nullable=True),
        sa.Column("told_at", bot.storage.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["number"], ["complaints.number"], name=op.f("fk_complaint_pauses_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_pauses")),
    )
    op.create_index(
        op.f("ix_complaint_pauses_number"), "complaint_pauses", ["number"], unique=False
    )


def _answers() -> None:
    """Answers, what was told, reviews, and who keeps out."""
    op.create_table(
        "complaint_answers",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("remedies", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=64), nullable=False),
        sa.Column("written_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_at", bot.storage.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["number"], ["complaints.number"], name=op.f("fk_complaint_answers_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_answers")),
    )
    op.create_index(
        op.f("ix_complaint_answers_number"), "complaint_answers", ["number"], unique=False
    )
    op.create_table(
        "complaint_notices",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["complaints.number"], name=op.f("fk_complaint_notices_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_notices")),
    )
    op.create_index(
        op.f("ix_complaint_notices_number"), "complaint_notices", ["number"], unique=False
    )
    op.create_table(
        "complaint_reviews",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("asked_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reviewer", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("decided_at", bot.storage.base.UtcDateTime(), nullable=True),
        sa.Column("told_at", bot.storage.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["number"], ["complaints.number"], name=op.f("fk_complaint_reviews_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_complaint_reviews")),
    )
    op.create_table(
        "complaint_recusals",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["complaints.number"], name=op.f("fk_complaint_recusals_number")
        ),
        sa.PrimaryKeyConstraint("number", "person", name=op.f("pk_complaint_recusals")),
    )


def _keep_proofs() -> None:
    """History and notices are proof: the database itself refuses to rewrite a line of them.

    Removing whole cases once their time of keeping is over stays possible.
    """
    message = "the history of a complaint is not rewritten"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION complaint_proof_stays() RETURNS trigger AS $$ "
            f"BEGIN RAISE EXCEPTION '{message}'; END $$ LANGUAGE plpgsql"
        )
        for table in PROOFS:
            op.execute(
                f"CREATE TRIGGER {table}_stay BEFORE UPDATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION complaint_proof_stays()"
            )
        return
    for table in PROOFS:
        op.execute(
            f"CREATE TRIGGER {table}_stay BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def downgrade() -> None:
    for table in (
        "complaint_recusals", "complaint_reviews", "complaint_notices", "complaint_answers",
        "complaint_pauses", "complaint_extensions", "complaint_facts", "complaint_moves",
        "complaints", "complaint_numbers",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION complaint_proof_stays()")
