"""Fixtures that several rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import settings

from bot.storage import Database
from tests import postgres, sqlite
from tests.assistant import Assistant

# pytest --hypothesis-profile=thorough tests/banking/test_properties.py
settings.register_profile("thorough", max_examples=10_000, deadline=None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for servers goes first, so that no worker is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("service") is None)


class Hands:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 4, 0, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty database of the present schema."""
    database = sqlite.database(tmp_path / "bankbot.db")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server; `apt-get install postgresql` where there is none."""
    if postgres.binary("initdb") is None:
        pytest.skip("no PostgreSQL server: apt-get install postgresql")
    with postgres.running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def either_db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the present schema, of each kind that a bank may use."""
    if request.param == "sqlite":
        database = sqlite.database(tmp_path / "bankbot.db")
    else:
        server: postgres.Server = request.getfixturevalue("postgres_server")
        database = Database(server.database())
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def running_assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The running assistant; one for the whole session, since starting takes a while."""
    running = Assistant(tmp_path_factory.mktemp("var"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def assistant(running_assistant: Assistant) -> Assistant:
    """The running assistant with a bank in which nothing was done before this module."""
    running_assistant.bankbot("stub", "reset")
    return running_assistant
