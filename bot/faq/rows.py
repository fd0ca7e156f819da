"""Sets of feature codes: one a question, and counted by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Rows:
    """Row ``n`` is ``codes[starts[n]:starts[n + 1]]``, distinct and sorted.

    Attributes:
        codes: uint32, all rows end to end.
        starts: int64, one more than there are rows.
    """

    codes: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, rows: Sequence[np.ndarray]) -> Rows:
        """From one array a row."""
        starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        none = np.zeros(0, dtype=np.uint32)
        return cls(np.concatenate([none, *rows]), starts)

    def __getitem__(self, row: int) -> np.ndarray:
        found: np.ndarray = self.codes[self.starts[row] : self.starts[row + 1]]
        return found

    @property
    def lengths(self) -> np.ndarray:
        """Codes in each row."""
        found: np.ndarray = np.diff(self.starts)
        return found


class Counts:
    """How many questions of each entry have each feature, feature by feature.

    Column ``n`` is the feature with code ``codes[n]``: entries ``owners[starts[n]:starts[n + 1]]``
    have it, in ``counts`` of their questions.

    Args:
        rows: features of every question.
        owners: entry number of every question, int32.
        entries: how many entries there are.
    """

    def __init__(self, rows: Rows, owners: np.ndarray, entries: int) -> None:
        self.entries = entries
        self.codes, columns = np.unique(rows.codes, return_inverse=True)
        # The column of each code of the rows, so that they need not be looked up again.
        self.columns = columns.astype(np.int32)
        owner_of_each = np.repeat(owners, rows.lengths)
        cells, counts = np.unique(
            columns.astype(np.int64) * entries + owner_of_each, return_counts=True
        )
        self.owners = (cells % entries).astype(np.int32)
        self.counts = counts.astype(np.float32)
        self.starts = np.searchsorted(cells, np.arange(len(self.codes) + 1) * entries)
        self.questions = np.bincount(self.columns, minlength=len(self.codes))

    def known(self, asked: np.ndarray) -> np.ndarray:
        """Columns of those asked codes that some question has."""
        if not len(self.codes):
            return np.zeros(0, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.codes, asked), len(self.codes) - 1)
        found: np.ndarray = places[self.codes[places] == asked]
        return found

    def cells(self, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Places in ``owners`` and ``counts`` of all cells of some columns, column by column; and
        how many cells each of the columns has."""
        return spread(self.starts[columns], self.starts[columns + 1])


def spread(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All numbers of the half-open spans, one span after the other; and each span's length."""
    lengths = ends - starts
    offsets = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(starts - offsets, lengths), lengths
