"""Complaints: how they came in, codes, merging, the words of notices, requests made once, holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _text(name: str, kind: sa.types.TypeEngine, default: str = "") -> sa.Column:
    return sa.Column(name, kind, server_default=default, nullable=False)


ADDED: dict[str, list[sa.Column]] = {
    "complaints": [
        _text("source_ref", sa.String(length=64)),
        _text("complainant", sa.String(length=64)),
        _text("proof", sa.Text()),
        _text("people", sa.Integer(), "1"),
        sa.Column("channel_code", sa.String(length=32), nullable=True),
        sa.Column("business_code", sa.String(length=32), nullable=True),
        sa.Column("cause_code", sa.String(length=32), nullable=True),
        sa.Column("merged_into", sa.String(length=24), nullable=True),
    ],
    "complaint_notices": [_text("text", sa.Text())],
    "complaint_answers": [_text("reasons", sa.Text())],
    "complaint_recusals": [_text("kind", sa.String(length=16), "other")],
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for column in columns:
            op.add_column(table, column)
    # Grounds and reasons were one part.
    op.execute("UPDATE complaint_answers SET reasons = grounds")
    op.create_table(
        "complaint_requests",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["complaints.number"], name=op.f("fk_complaint_requests_number")
        ),
        sa.PrimaryKeyConstraint("number", "key", name=op.f("pk_complaint_requests")),
    )
    op.create_table(
        "complaint_holds",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["complaints.number"], name=op.f("fk_complaint_holds_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_complaint_holds")),
    )


def downgrade() -> None:
    op.drop_table("complaint_holds")
    op.drop_table("complaint_requests")
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column.name)
