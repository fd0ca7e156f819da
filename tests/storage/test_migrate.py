"""A migrated database is the database the code expects."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.storage import Database, metadata
from bot.storage.migrate import load_tables, upgrade


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/bank.db")


def test_migrations_make_the_schema_of_the_tables(db: Database) -> None:
    load_tables()
    upgrade(db)
    with db.read() as connection:
        # SQLite's own counter table is nobody's business.
        options = {"include_object": lambda _o, name, *_: name != "sqlite_sequence"}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_upgrading_twice_changes_nothing(db: Database) -> None:
    upgrade(db)
    upgrade(db)


def test_inner_transaction_joins_the_outer(db: Database) -> None:
    with db.begin() as connection:
        connection.execute(text("create table t (x integer)"))
    with pytest.raises(RuntimeError), db.begin() as outer:
        outer.execute(text("insert into t values (1)"))
        with db.begin() as inner:
            inner.execute(text("insert into t values (2)"))
        raise RuntimeError
    with db.read() as connection:
        assert connection.execute(text("select count(*) from t")).scalar_one() == 0
