"""SQLite databases for tests: each is copied from a migrated one, since migrating takes a while."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from bot.storage import Database
from bot.storage.migrate import upgrade


def database(path: Path) -> Database:
    """A fresh database of the present schema in a file of that name."""
    path.write_bytes(_migrated())
    return Database(f"sqlite:///{path}")


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        template = Database(f"sqlite:///{path}")
        upgrade(template)
        template.dispose()
        return path.read_bytes()
