"""The simulated bank, seeded once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.banking.operations import Operations
from bot.banking.ports import Bank
from bot.banking.stub import Outbox, make_bank, seed_demo
from bot.storage import Database
from bot.storage.migrate import upgrade
from tests.conftest import Hands


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the demo customers of the test clock's day."""
    path = tmp_path_factory.mktemp("bank") / "seeded.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    seed_demo(database, Hands())
    database.dispose()
    return path


@pytest.fixture
def db(seeded: Path, tmp_path: Path) -> Iterator[Database]:
    """A seeded database of its own."""
    shutil.copy(seeded, tmp_path / "bankbot.db")
    database = Database(f"sqlite:///{tmp_path}/bankbot.db")
    yield database
    database.dispose()


@pytest.fixture
def bank(db: Database, clock: Hands) -> Bank:
    return make_bank(db, b"secret", clock, sleep=lambda _seconds: None)


@pytest.fixture
def operations(db: Database, bank: Bank, clock: Hands) -> Operations:
    return Operations(db, bank, clock)


@pytest.fixture
def outbox(db: Database, clock: Hands) -> Outbox:
    return Outbox(db, clock)
