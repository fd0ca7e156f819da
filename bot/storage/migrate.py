"""Bringing a database to the present schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.storage.engine import Database

MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(db: Database, revision: str = "head") -> None:
    """Apply every migration up to ``revision`` in one transaction; none pending is a no-op."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with db.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def load_tables() -> None:
    """Import every domain's tables, so that the shared metadata is complete."""
    import bot.banking.stub.business_tables
    import bot.banking.stub.tables
    import bot.banking.tables
    import bot.complaints.tables
    import bot.conversations.tables
    import bot.faq.tables
    import bot.handoff.desk_tables
    import bot.handoff.tables
    import bot.staff.tables  # noqa: F401
