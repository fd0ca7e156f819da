"""Where the simulated bank's customers live, for cards that are sent to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    address = sa.Column("address", sa.String(length=128), nullable=False, server_default="")
    op.add_column("stub_customers", address)
    # Demo customers of an earlier seeding; a bank has no customer without an address.
    op.execute("UPDATE stub_customers SET address = '云杉市滨江区江南路1号'")


def downgrade() -> None:
    with op.batch_alter_table("stub_customers") as batch_op:
        batch_op.drop_column("address")
