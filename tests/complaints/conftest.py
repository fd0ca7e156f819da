"""The sides of complaints over an empty database."""

from __future__ import annotations

import pytest

from bot.storage import Database
from tests.complaints.desk import Sides
from tests.conftest import Hands


@pytest.fixture
def sides(db: Database, clock: Hands) -> Sides:
    return Sides.of(db, clock)
