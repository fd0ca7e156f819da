"""What speaks for each entry that might answer a text: numbers that calibration turns into odds.

Dense and lexical judges each name candidates, and all of them are weighed by every judge.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bot.faq.features import sound_codes, written_codes
from bot.faq.index import Index
from bot.faq.likelihood import Likelihood
from bot.faq.rows import Asked, Counts, spread

# Questions looked at by vector, and entries that each of the other judges may name.
NEAREST = 30
NAMED = 6
# Of an entry's questions so many, nearest by vector, are compared word by word.
OVERLAPPING = 3
UNKNOWN_SHARE = 0.4


@dataclass(frozen=True)
class Evidence:
    """What speaks for one entry.

    ``cosine`` and ``overlap`` (weighted, of n-grams) of the text to the entry's nearest question,
    named ``question``; ``centre``: cosine to the mean of its questions; ``coverage`` of the text's
    weight by all of its words; ``writing`` and ``sound``: log ratios of :class:`Likelihood`.
    """

    NAMES: ClassVar = ("cosine", "centre", "overlap", "coverage", "writing", "sound")

    entry_id: str
    question: str
    cosine: float
    centre: float
    overlap: float
    coverage: float
    writing: float
    sound: float

    def row(self) -> list[float]:
        """The numbers, in the order of :attr:`NAMES`."""
        return [getattr(self, name) for name in self.NAMES]


class Judges:
    """Weighs the entries of one index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._ids = tuple(dict.fromkeys(index.owners))
        numbers = {entry_id: n for n, entry_id in enumerate(self._ids)}
        self._owners = np.array([numbers[owner] for owner in index.owners], dtype=np.int32)
        # Questions of entry n: from the first through the one before the last.
        bounds = np.searchsorted(self._owners, np.arange(len(self._ids) + 1))
        self._firsts, self._lasts = bounds[:-1], bounds[1:]
        self._written = Counts(index.words, self._owners, len(self._ids))
        self._heard = Counts(index.sounds, self._owners, len(self._ids))
        self._words = Words(index, self._written)
        self._writing, self._sound = Likelihood(self._written), Likelihood(self._heard)
        self._sums = np.add.reduceat(index.vectors, self._firsts, axis=0)
        self._centres = _unit(self._sums)

    def weigh(
        self,
        text: str,
        vector: np.ndarray,
        allowed: Callable[[str], bool] = lambda _: True,
        itself: int | None = None,
    ) -> list[Evidence]:
        """Evidence for every entry that some judge names, in no order.

        Args:
            vector: the text's, of unit length, shape (dimension,).
            allowed: whether an entry, by its id, may answer at all.
            itself: the text is this question of the index, and must not speak for itself.
        """
        own = None if itself is None else int(self._owners[itself])
        if itself is None:
            written, heard = written_codes(text), sound_codes(text)
        else:
            written, heard = self.index.words[itself], self.index.sounds[itself]
        asked = self._written.ask(written)
        centres = self._to_centres(vector, itself, own)
        writing = self._writing.ratios(asked, own)
        sound = self._sound.ratios(self._heard.ask(heard), own)
        named = {int(owner) for owner in self._owners[self.index.search(vector, NEAREST)]}
        for judge in (centres, writing, sound):
            named.update(_largest(judge, NAMED).tolist())
        numbers = np.array([n for n in named if allowed(self._ids[n])], dtype=np.int64)
        if not len(numbers):
            return []
        weights = self._words.weights(asked)
        rows, cosines, overlaps = self._nearest(numbers, vector, weights, itself)
        covered = self._words.covered(weights, asked, own)
        return [
            Evidence(
                self._ids[n], self.index.texts[row], cosine, float(centres[n]),
                overlap, float(covered[n]), float(writing[n]), float(sound[n]),
            )
            for n, row, cosine, overlap in zip(numbers, rows, cosines, overlaps, strict=True)
        ]  # fmt: skip

    def _to_centres(self, vector: np.ndarray, itself: int | None, own: int | None) -> np.ndarray:
        cosines: np.ndarray = self._centres @ vector
        if own is not None:
            rest = _unit((self._sums[own] - self.index.vectors[itself])[None])[0]
            cosines[own] = float(rest @ vector)
        return cosines

    def _nearest(
        self, numbers: np.ndarray, vector: np.ndarray, weights: Weights, itself: int | None
    ) -> tuple[list[int], list[float], list[float]]:
        """Of each entry the question that is nearest by both measures: its row and the two."""
        firsts, lasts = self._firsts[numbers], self._lasts[numbers]
        cosines = np.full((len(numbers), max(OVERLAPPING, (lasts - firsts).max())), -np.inf)
        for row, first, last in zip(cosines, firsts, lasts, strict=True):
            row[: last - first] = self.index.vectors[first:last] @ vector
        few = np.argpartition(cosines, -OVERLAPPING, axis=1)[:, -OVERLAPPING:]
        each = np.arange(len(numbers))
        near = cosines[each[:, None], few]
        # An entry of fewer questions names its first once more, infinitely far.
        rows = firsts[:, None] + np.where(near > -np.inf, few, 0)
        overlaps = self._words.overlaps(weights, rows.ravel()).reshape(rows.shape)
        near[rows == itself] = overlaps[rows == itself] = 0.0
        best = each, (near + overlaps).argmax(axis=1)
        return rows[best].tolist(), near[best].tolist(), overlaps[best].tolist()


@dataclass(frozen=True)
class Weights:
    """What a text's features weigh.

    Attributes:
        squares: squared weight of every feature of the bank, 0 where the text lacks it.
        total: the sum of the text's squared weights, those that the bank lacks included.
    """

    squares: np.ndarray
    total: float


class Words:
    """The words of all questions, weighted by how few questions have them."""

    def __init__(self, index: Index, counts: Counts) -> None:
        self._counts = counts
        self._starts = index.words.starts
        total = len(index.texts)
        self._squares = (np.log((1 + total) / counts.questions) ** 2).astype(np.float32)
        # A word the whole bank lacks says that the text is about something else, so it counts
        # against coverage, but not as much as a rare word that the bank does have.
        self._unknown = (UNKNOWN_SHARE * math.log(1 + total)) ** 2
        summed = np.concatenate([[0.0], np.cumsum(self._squares[counts.columns], dtype=np.float64)])
        self._totals = np.diff(summed[self._starts])

    def weights(self, asked: Asked) -> Weights:
        """The weights of a text's features."""
        squares = np.zeros(len(self._squares), dtype=np.float32)
        known = squares[asked.columns] = self._squares[asked.columns]
        return Weights(squares, float(known.sum() + asked.strange * self._unknown))

    def overlaps(self, weights: Weights, rows: np.ndarray) -> np.ndarray:
        """Cosine of the weighted feature sets of a text and some questions, in 0..1."""
        places, lengths = spread(self._starts[rows], self._starts[rows + 1])
        shared = np.zeros(len(places) + 1)
        np.cumsum(weights.squares[self._counts.columns[places]], out=shared[1:])
        ends = np.cumsum(lengths)
        sums = shared[ends] - shared[ends - lengths]
        found: np.ndarray = sums / np.sqrt(weights.total * self._totals[rows] + 1e-9)
        return found

    def covered(self, weights: Weights, asked: Asked, own: int | None) -> np.ndarray:
        """The share of a text's weight that all words of an entry hold, shape (entries,).

        ``own``: the text is itself one of this entry's questions and does not count there.
        """
        held = np.repeat(weights.squares[asked.columns], asked.lengths)
        if own is not None:
            held[(asked.owners == own) & (asked.of(self._counts.counts) < 2)] = 0.0
        summed = np.bincount(asked.owners, weights=held, minlength=self._counts.entries)
        return summed / (weights.total + 1e-9)


def _unit(rows: np.ndarray) -> np.ndarray:
    found: np.ndarray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return found


def _largest(values: np.ndarray, count: int) -> np.ndarray:
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, -count)[-count:]
