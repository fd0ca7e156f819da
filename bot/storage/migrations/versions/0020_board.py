"""What the wall board counts by: the day, and since when an agent is as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.base import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("desk_agents", sa.Column("state_at", UtcDateTime()))
    op.create_index("ix_tickets_life_at", "tickets", ["life_at"])


def downgrade() -> None:
    op.drop_index("ix_tickets_life_at", table_name="tickets")
    op.drop_column("desk_agents", "state_at")
