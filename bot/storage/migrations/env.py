"""Alembic's entry: runs on the connection it is handed, inside the caller's transaction."""

from __future__ import annotations

from alembic import context

from bot.storage.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter a column in place; batch mode rebuilds the table.
    render_as_batch=True,
)
context.run_migrations()
