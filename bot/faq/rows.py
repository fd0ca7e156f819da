"""Sets of feature codes: one a question, and counted by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.faq.features import look_up


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


@dataclass(frozen=True)
class Asked:
    """A text's codes among the :class:`Counts` of a bank.

    Attributes:
        total: how many codes the text has.
        columns: of those that some question has.
        spans: where each column's cells are.
        lengths: how many cells each column has.
        owners: the entry of each cell, column by column.
    """

    total: int
    columns: np.ndarray
    spans: Sequence[slice]
    lengths: np.ndarray
    owners: np.ndarray

    def of(self, values: np.ndarray) -> np.ndarray:
        """Of one value a cell of the bank those of the text's columns, column by column."""
        return _joined(values, self.spans)

    @property
    def strange(self) -> int:
        """How many codes no question has."""
        return self.total - len(self.columns)


class Counts:
    """How many questions of each entry have each feature, feature by feature.

    Column ``n`` is the feature with code ``codes[n]``: entries ``owners[starts[n]:starts[n + 1]]``
    have it, in ``counts`` of their questions.

    Args:
        rows: features of every question.
        owners: entry number of every question, int32, ascending.
        entries: how many entries there are.
    """

    def __init__(self, rows: Rows, owners: np.ndarray, entries: int) -> None:
        self.entries = entries
        order = _ascending(rows.codes)
        ordered = rows.codes[order]
        # Owners ascend within a code, as they do from question to question.
        owner = np.repeat(owners, rows.lengths)[order]
        new = np.diff(ordered, prepend=-1) != 0
        cells = np.flatnonzero(new | (np.diff(owner, prepend=-1) != 0))
        columns = np.flatnonzero(new)
        self.codes = ordered[columns]
        # The column of each code of the rows, so that they need not be looked up again.
        self.columns = np.empty(len(order), dtype=np.int32)
        self.columns[order] = np.cumsum(new) - 1
        # As wide as numpy counts by, or it would widen them for every text anew.
        self.owners = owner[cells].astype(np.intp)
        self.counts = np.diff(cells, append=len(order)).astype(np.float32)
        self.starts = np.append(np.searchsorted(cells, columns), len(cells))
        self.questions = np.diff(columns, append=len(order))

    def ask(self, codes: np.ndarray) -> Asked:
        """Where the codes of a text are counted."""
        _, columns = look_up(codes, self.codes)
        starts, ends = self.starts[columns], self.starts[columns + 1]
        spans = list(map(slice, starts.tolist(), ends.tolist()))
        return Asked(len(codes), columns, spans, ends - starts, _joined(self.owners, spans))


def _joined(values: np.ndarray, spans: Sequence[slice]) -> np.ndarray:
    # Copying whole spans is quicker than picking their values one by one.
    return np.concatenate([values[:0], *(values[span] for span in spans)])


def _ascending(codes: np.ndarray) -> np.ndarray:
    """The stable order of uint32 codes; of 16-bit numbers numpy's sort takes linear time."""
    order = np.argsort(codes.astype(np.uint16), kind="stable")
    found: np.ndarray = order[np.argsort((codes[order] >> 16).astype(np.uint16), kind="stable")]
    return found


def spread(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All numbers of the half-open spans, one span after the other; and each span's length."""
    lengths = ends - starts
    offsets = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(starts - offsets, lengths), lengths
