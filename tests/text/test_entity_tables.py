"""Tables of messages and what must be read out of them; ``entities/*.tsv`` has one case a line.

A line is ``message<TAB>type=value; type=value``, ``-`` for nothing, ``amount=?`` for open sums.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.text.entities import Entity, EntityFinder
from bot.text.normalise import normalise

TODAY = date(2026, 3, 2)  # a Monday
TABLES = sorted((Path(__file__).parent / "entities").glob("*.tsv"))
LEAST_EXACT = 0.98


def _written(entity: Entity) -> str:
    if entity.type == "unclear_amount":
        return "amount=?"
    return f"{entity.type}={entity.value}"


def _expected(column: str) -> Counter[str]:
    return Counter() if column == "-" else Counter(column.split("; "))


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_entities_are_read_exactly(table: Path, finder: EntityFinder) -> None:
    lines = [line.split("\t") for line in table.read_text("utf-8").splitlines() if line]
    misses = []
    for message, column in lines:
        found = Counter(map(_written, finder.find(normalise(message), TODAY)))
        if found != _expected(column):
            misses.append(f"{message}\n    not {column}\n    but {'; '.join(found.elements())}")
    share = 1 - len(misses) / len(lines)
    assert share >= LEAST_EXACT, f"{share:.1%} of {len(lines)} exact\n" + "\n".join(misses)
