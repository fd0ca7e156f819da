"""Fixtures that several rooms share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.assistant import Assistant


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The running assistant; one for the whole session, since starting takes a while."""
    running = Assistant(tmp_path_factory.mktemp("var"))
    try:
        running.start()
        yield running
    finally:
        running.stop()
