"""Fixtures that several rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import settings

from bot.storage import Database
from bot.storage.migrate import upgrade
from tests.assistant import Assistant

# pytest --hypothesis-profile=thorough tests/banking/test_properties.py
settings.register_profile("thorough", max_examples=10_000, deadline=None)


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
    database = Database(f"sqlite:///{tmp_path}/bankbot.db")
    upgrade(database)
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
