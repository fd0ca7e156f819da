"""When cards of the simulated bank expire, and where new ones are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = {
    "expires_on": sa.Date(),
    "renewed_until": sa.Date(),
    "ordered_at": UtcDateTime(),
    "returned_on": sa.Date(),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("stub_cards", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("stub_cards") as batch_op:
        for name in COLUMNS:
            batch_op.drop_column(name)
