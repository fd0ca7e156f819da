"""What speaks for each entry that might answer a text: numbers that calibration turns into odds.

The nearest vectors and the likelihoods name candidates, and all of them are weighed by every judge.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bot.faq.features import sound_codes, written_codes
from bot.faq.index import Index
from bot.faq.likelihood import Likelihood
from bot.faq.rows import Asked, Counts, spread

# Questions nearest by vector, and entries likeliest by writing and by sound, that are weighed.
NEAREST = 30
NAMED = 6
# Of an entry's questions so many, nearest by vector, are compared word by word.
OVERLAPPING = 3
UNKNOWN_SHARE = 0.4

# ``cosine`` and ``overlap`` (weighted, of n-grams) of a text to an entry's nearest question;
# ``centre``: cosine to the mean of its questions; ``coverage`` of the text's weight by all of its
# words; ``writing`` and ``sound``: log ratios of :class:`Likelihood`.
NAMES = ("cosine", "centre", "overlap", "coverage", "writing", "sound")


@dataclass(frozen=True)
class Evidence:
    """What speaks for some entries; row ``n`` of everything is one of them.

    Attributes:
        entries: their ids.
        questions: of each the question that is nearest to the text.
        numbers: float64, shape (entries, :data:`NAMES`).
    """

    entries: tuple[str, ...]
    questions: tuple[str, ...]
    numbers: np.ndarray


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
    ) -> Evidence:
        """Evidence for every entry that some judge names.

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
        writing = self._writing.ratios(asked, own)
        sound = self._sound.ratios(self._heard.ask(heard), own)
        near = self._owners[self.index.search(vector, NEAREST)]
        named = np.unique(np.concatenate([near, _largest(writing), _largest(sound)]))
        numbers = named[[allowed(self._ids[n]) for n in named.tolist()]]
        if not len(numbers):
            return Evidence((), (), np.zeros((0, len(NAMES))))
        weights = self._words.weights(asked)
        rows, cosines, overlaps = self._nearest(numbers, vector, weights, itself)
        covered = self._words.covered(weights, asked, own)
        centres = self._to_centres(numbers, vector, itself, own)
        likely = writing[numbers], sound[numbers]
        return Evidence(
            tuple(self._ids[n] for n in numbers.tolist()),
            tuple(self.index.texts[row] for row in rows.tolist()),
            np.column_stack([cosines, centres, overlaps, covered[numbers], *likely]),
        )

    def _to_centres(
        self, numbers: np.ndarray, vector: np.ndarray, itself: int | None, own: int | None
    ) -> np.ndarray:
        cosines: np.ndarray = self._centres[numbers] @ vector
        if own is not None:
            rest = _unit((self._sums[own] - self.index.vectors[itself])[None])[0]
            cosines[numbers == own] = rest @ vector
        return cosines

    def _nearest(
        self, numbers: np.ndarray, vector: np.ndarray, weights: Weights, itself: int | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
        return rows[best], near[best], overlaps[best]


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


def _largest(values: np.ndarray) -> np.ndarray:
    """Places of the :data:`NAMED` largest."""
    if len(values) <= NAMED:
        return np.arange(len(values))
    return np.argpartition(values, -NAMED)[-NAMED:]
