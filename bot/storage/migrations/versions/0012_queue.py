"""The real queue: groups, tiers, clocks, offers and callbacks of tickets; agents at work;
events for a desk elsewhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENTS = (
    "offered_until",
    "taken_at",
    "first_reply_at",
    "awaiting_since",
    "ended_at",
    "callback_at",
    "callback_until",
    "alarm_at",
)
# What tickets of before get; new ones always say.
ADDED = (
    ("skill_group", sa.String(length=32), "consult"),
    ("tier", sa.Integer(), "1"),
    ("reach", sa.Integer(), "1"),
    ("urgent", sa.Boolean(), sa.false()),
    ("why", sa.JSON(), "[]"),
    ("signals", sa.JSON(), "[]"),
    ("language", sa.String(length=8), "zh"),
    ("customer_tier", sa.String(length=16), "standard"),
    ("tried", sa.JSON(), "[]"),
    ("declined", sa.JSON(), "{}"),
    ("assistant_stays", sa.Boolean(), sa.false()),
)
FROM_CREATION = ("life_at", "queued_at", "sort_at")
BEFORE = ("waiting", "active")
OPEN = ("waiting", "reopened", "offered", "active", "on_hold", "callback")


def _open_index(states: tuple[str, ...]) -> None:
    where = sa.column("state").in_(states)
    op.create_index(
        "uq_tickets_open_conversation", "tickets", ["conversation_id"], unique=True,
        sqlite_where=where, postgresql_where=where,
    )  # fmt: skip


def upgrade() -> None:
    moment = bot.storage.base.UtcDateTime()
    op.drop_index("uq_tickets_open_conversation", table_name="tickets")
    op.drop_index("ix_tickets_queue", table_name="tickets")
    with op.batch_alter_table("tickets") as table:
        for name, kind, default in ADDED:
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        table.add_column(sa.Column("due_at", moment))
        table.add_column(sa.Column("last_agent", sa.String(length=32)))
        for name in (*FROM_CREATION, *MOMENTS):
            table.add_column(sa.Column(name, moment))
    op.execute("UPDATE tickets SET life_at = created_at, queued_at = created_at")
    op.execute("UPDATE tickets SET sort_at = created_at, alarm_at = NULL, taken_at = NULL")
    op.execute("UPDATE tickets SET urgent = (priority = 1)")
    op.execute("UPDATE tickets SET ended_at = updated_at WHERE state IN ('resolved', 'abandoned')")
    # Those who wait are looked at by the first sweep.
    op.execute("UPDATE tickets SET alarm_at = updated_at WHERE state IN ('waiting', 'active')")
    with op.batch_alter_table("tickets") as table:
        for name in FROM_CREATION:
            table.alter_column(name, existing_type=moment, nullable=False)
    op.create_index(op.f("ix_tickets_customer_id"), "tickets", ["customer_id"])
    op.create_index("ix_tickets_queue", "tickets", ["state", "urgent", "sort_at"])
    op.create_index("ix_tickets_held", "tickets", ["agent", "state"])
    op.create_index("ix_tickets_recent", "tickets", ["skill_group", "ended_at"])
    _open_index(OPEN)
    op.create_table(
        "desk_agents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("seen_at", moment),
        sa.Column("assigned_at", moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_agents")),
    )
    op.create_table(
        "handoff_outbox",
        sa.Column("id", bot.storage.base.BigId, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ticket_id", sa.String(length=24), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("delivered_at", moment),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_handoff_outbox_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_handoff_outbox_key")),
    )
    op.create_index("ix_handoff_outbox_due", "handoff_outbox", ["delivered_at", "id"])
    op.create_table(
        "handoff_inbox",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_inbox")),
    )


# What each new state comes nearest to among those of before.
NEAREST = {
    "waiting": ("reopened", "offered", "callback"),
    "active": ("on_hold", "wrap_up"),
    "resolved": ("closed",),
}


def downgrade() -> None:
    for name in ("handoff_inbox", "handoff_outbox", "desk_agents"):
        op.drop_table(name)
    for former, states in NEAREST.items():
        listed = ", ".join(f"'{state}'" for state in states)
        op.execute(f"UPDATE tickets SET state = '{former}' WHERE state IN ({listed})")
    for name in ("ix_tickets_queue", "ix_tickets_held", "ix_tickets_recent"):
        op.drop_index(name, table_name="tickets")
    op.drop_index(op.f("ix_tickets_customer_id"), table_name="tickets")
    op.drop_index("uq_tickets_open_conversation", table_name="tickets")
    with op.batch_alter_table("tickets") as table:
        for name in (*(name for name, *_ in ADDED), "due_at", "last_agent"):
            table.drop_column(name)
        for name in (*FROM_CREATION, *MOMENTS):
            table.drop_column(name)
    op.create_index("ix_tickets_queue", "tickets", ["state", "priority", "created_at"])
    _open_index(BEFORE)
