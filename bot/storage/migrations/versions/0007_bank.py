"""The simulated bank's whole business, requests kept while a bank is down, the audit trail's head.

The simulated bank holds demo data only: its books are made anew and filled at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REBUILT = ("stub_postings", "stub_cards", "stub_operations", "stub_accounts")
NO_TRAIL = "0" * 64


def upgrade() -> None:
    for table in REBUILT:
        op.drop_table(table)
    op.execute("DELETE FROM stub_customers")
    _create()
    op.execute(
        "INSERT INTO audit_head (id, hash, count) SELECT 1, "
        f"COALESCE((SELECT hash FROM audit_records ORDER BY id DESC LIMIT 1), '{NO_TRAIL}'), "
        "(SELECT COUNT(*) FROM audit_records)"
    )


def _create() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "kept_requests",
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=128), nullable=False),
        sa.Column("operation", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", bot.storage.base.UtcDateTime(), nullable=True),
        sa.Column("receipt", sa.String(length=32), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "idempotency_key", name=op.f("pk_kept_requests")),
    )
    with op.batch_alter_table("kept_requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kept_requests_next_try_at"), ["next_try_at"], unique=False
        )

    op.create_table(
        "stub_dues",
        sa.Column("biller_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("biller_id", "number", name=op.f("pk_stub_dues")),
    )
    op.create_table(
        "stub_gifts",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stub_gifts")),
    )
    op.create_table(
        "stub_operations",
        sa.Column("customer_id", sa.String(length=16), nullable=False),
        sa.Column("idempotency_key", sa.String(length=128), nullable=False),
        sa.Column("operation", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "idempotency_key", name=op.f("pk_stub_operations")),
        sa.UniqueConstraint("receipt", name=op.f("uq_stub_operations_receipt")),
    )
    op.create_table(
        "stub_accounts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=16), nullable=True),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("credit_limit", sa.BigInteger(), nullable=False),
        sa.Column("frozen", sa.BigInteger(), nullable=False),
        sa.Column("raised_limit", sa.BigInteger(), nullable=True),
        sa.Column("raised_until", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("branch", sa.String(length=32), nullable=True),
        sa.Column("statement_day", sa.Integer(), nullable=True),
        sa.Column("closed_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["stub_customers.id"], name=op.f("fk_stub_accounts_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stub_accounts")),
    )
    with op.batch_alter_table("stub_accounts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stub_accounts_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_stub_accounts_number"), ["number"], unique=False)

    op.create_table(
        "stub_loan_applications",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=16), nullable=False),
        sa.Column("product_id", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(length=24), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("created_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("updated_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["stub_customers.id"],
            name=op.f("fk_stub_loan_applications_customer_id"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_stub_loan_applications")),
    )
    with op.batch_alter_table("stub_loan_applications", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stub_loan_applications_customer_id"), ["customer_id"], unique=False
        )

    op.create_table(
        "stub_loans",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=16), nullable=False),
        sa.Column("product_id", sa.String(length=16), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=24), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["stub_customers.id"], name=op.f("fk_stub_loans_customer_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_stub_loans")),
    )
    with op.batch_alter_table("stub_loans", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stub_loans_customer_id"), ["customer_id"], unique=False
        )

    op.create_table(
        "stub_paid_numbers",
        sa.Column("customer_id", sa.String(length=16), nullable=False),
        sa.Column("biller_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("paid_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["stub_customers.id"], name=op.f("fk_stub_paid_numbers_customer_id")
        ),
        sa.PrimaryKeyConstraint(
            "customer_id", "biller_id", "number", name=op.f("pk_stub_paid_numbers")
        ),
    )
    op.create_table(
        "stub_payees",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("customer_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("bank", sa.String(length=64), nullable=False),
        sa.Column("saved_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("last_used_at", bot.storage.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["stub_customers.id"], name=op.f("fk_stub_payees_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stub_payees")),
    )
    with op.batch_alter_table("stub_payees", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stub_payees_customer_id"), ["customer_id"], unique=False
        )

    op.create_table(
        "stub_points",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("customer_id", sa.String(length=16), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["stub_customers.id"], name=op.f("fk_stub_points_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stub_points")),
    )
    with op.batch_alter_table("stub_points", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stub_points_customer_id"), ["customer_id"], unique=False
        )

    op.create_table(
        "stub_cards",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("loss_receipt", sa.String(length=32), nullable=True),
        sa.Column("loss_until", bot.storage.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["stub_accounts.id"], name=op.f("fk_stub_cards_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stub_cards")),
    )
    with op.batch_alter_table("stub_cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stub_cards_account_id"), ["account_id"], unique=False)

    op.create_table(
        "stub_disputes",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("entry", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("opened_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["stub_accounts.id"], name=op.f("fk_stub_disputes_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["stub_customers.id"], name=op.f("fk_stub_disputes_customer_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_stub_disputes")),
    )
    with op.batch_alter_table("stub_disputes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stub_disputes_customer_id"), ["customer_id"], unique=False
        )

    op.create_table(
        "stub_instalments",
        sa.Column("receipt", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("purchase_id", sa.String(length=40), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("billed", sa.Integer(), nullable=False),
        sa.Column("taken_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["stub_accounts.id"], name=op.f("fk_stub_instalments_account_id")
        ),
        sa.PrimaryKeyConstraint("receipt", name=op.f("pk_stub_instalments")),
    )
    with op.batch_alter_table("stub_instalments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stub_instalments_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "stub_loan_materials",
        sa.Column("application", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application"],
            ["stub_loan_applications.number"],
            name=op.f("fk_stub_loan_materials_application"),
        ),
        sa.PrimaryKeyConstraint("application", "kind", name=op.f("pk_stub_loan_materials")),
    )
    op.create_table(
        "stub_postings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("entry", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("summary", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("counterparty", sa.String(length=64), nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["stub_accounts.id"], name=op.f("fk_stub_postings_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stub_postings")),
    )
    with op.batch_alter_table("stub_postings", schema=None) as batch_op:
        batch_op.create_index("ix_stub_postings_account_id_at", ["account_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stub_postings_entry"), ["entry"], unique=False)

    op.create_table(
        "stub_transfers",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("payee_name", sa.String(length=64), nullable=False),
        sa.Column("payee_number", sa.String(length=32), nullable=False),
        sa.Column("payee_bank", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("arrives_at", bot.storage.base.UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["stub_accounts.id"], name=op.f("fk_stub_transfers_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["stub_customers.id"], name=op.f("fk_stub_transfers_customer_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_stub_transfers")),
    )
    with op.batch_alter_table("stub_transfers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stub_transfers_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_stub_transfers_status"), ["status"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("the books of 0001 are gone: restore a backup of the database")
