"""What speaks for each entry that might answer a text: numbers that calibration turns into odds.

Dense and lexical judges each name candidates, and all of them are weighed by every judge.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bot.faq.features import features, sounds
from bot.faq.index import Index
from bot.faq.likelihood import Likelihood

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
        self._index = index
        self._ids = tuple(dict.fromkeys(index.owners))
        self._numbers = {entry_id: n for n, entry_id in enumerate(self._ids)}
        owners = [self._numbers[owner] for owner in index.owners]
        self._owners = np.array(owners, dtype=np.int32)
        self._questions_of = _grouped(owners, len(self._ids))
        self._words = Words(index.questions)
        self._counts = [self._words.counts(group) for group in self._questions_of]
        self._writing = Likelihood(
            zip(owners, map(features, index.questions), strict=True), len(self._ids)
        )
        self._sound = Likelihood(
            zip(owners, map(sounds, index.questions), strict=True), len(self._ids)
        )
        self._vectors = index.vectors()
        self._sums = np.zeros((len(self._ids), self._vectors.shape[1]), dtype=np.float32)
        np.add.at(self._sums, self._owners, self._vectors)
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
        asked = features(text)
        centres = self._to_centres(vector, itself, own)
        writing = self._writing.ratios(asked, own)
        sound = self._sound.ratios(sounds(text), own)
        named = {int(self._owners[hit.question]) for hit in self._index.search(vector, NEAREST)}
        for judge in (centres, writing, sound):
            named.update(_largest(judge, NAMED).tolist())
        asked_weights = self._words.weights(asked)
        found = []
        for number in named:
            if not allowed(self._ids[number]):
                continue
            nearest, cosine, overlap = self._nearest(number, vector, asked_weights, itself)
            found.append(
                Evidence(
                    self._ids[number],
                    self._index.questions[nearest],
                    cosine,
                    float(centres[number]),
                    overlap,
                    self._covered(number, asked_weights, own),
                    float(writing[number]),
                    float(sound[number]),
                )
            )
        return found

    def _to_centres(self, vector: np.ndarray, itself: int | None, own: int | None) -> np.ndarray:
        cosines: np.ndarray = self._centres @ vector
        if own is not None:
            rest = _unit((self._sums[own] - self._vectors[itself])[None])[0]
            cosines[own] = float(rest @ vector)
        return cosines

    def _nearest(
        self, number: int, vector: np.ndarray, weights: Weights, itself: int | None
    ) -> tuple[int, float, float]:
        """The entry's question that is nearest by both measures: its number and the two."""
        group = self._questions_of[number]
        cosines = self._vectors[group] @ vector
        best, most = (group[0], 0.0, 0.0), -1.0
        for place in np.argsort(-cosines)[: OVERLAPPING + 1]:
            question, cosine = group[place], float(cosines[place])
            if question == itself:
                continue
            overlap = self._words.overlap(weights, question)
            if cosine + overlap > most:
                best, most = (question, cosine, overlap), cosine + overlap
        return best

    def _covered(self, number: int, weights: Weights, own: int | None) -> float:
        words, counts = self._counts[number]
        known = words[counts >= 2] if number == own else words
        return float(weights.squares[known].sum() / (weights.total + 1e-9))


@dataclass(frozen=True)
class Weights:
    """Squared weights of a text's features, shape (vocabulary,), 0 where it lacks the feature; and
    their sum with those of features that the bank lacks."""

    squares: np.ndarray
    total: float


class Words:
    """The features of all questions as numbers, weighted by how few questions have them."""

    def __init__(self, questions: Sequence[str]) -> None:
        self._numbers: dict[str, int] = {}
        self._of = [
            np.array(
                [self._numbers.setdefault(word, len(self._numbers)) for word in features(question)],
                dtype=np.int32,
            )
            for question in questions
        ]
        counts = np.bincount(np.concatenate(self._of), minlength=len(self._numbers))
        self._squares = np.log((1 + len(questions)) / counts) ** 2
        # A word the whole bank lacks says that the text is about something else, so it counts
        # against coverage, but not as much as a rare word that the bank does have.
        self._unknown = (UNKNOWN_SHARE * math.log(1 + len(questions))) ** 2
        self._totals = np.array([self._squares[words].sum() for words in self._of])

    def counts(self, questions: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """The distinct features of some questions, and how many of them have each."""
        words, counts = np.unique(
            np.concatenate([self._of[n] for n in questions]), return_counts=True
        )
        return words, counts

    def weights(self, asked: Sequence[str]) -> Weights:
        """The weights of a text's features."""
        known = [n for n in map(self._numbers.get, asked) if n is not None]
        squares = np.zeros(len(self._squares))
        squares[known] = self._squares[known]
        strange = len(asked) - len(known)
        return Weights(squares, float(squares.sum() + strange * self._unknown))

    def overlap(self, weights: Weights, question: int) -> float:
        """Cosine of the weighted feature sets of a text and a question, in 0..1."""
        shared = weights.squares[self._of[question]].sum()
        return float(shared / math.sqrt(weights.total * self._totals[question] + 1e-9))


def _grouped(owners: Sequence[int], count: int) -> list[list[int]]:
    groups: list[list[int]] = [[] for _ in range(count)]
    for number, owner in enumerate(owners):
        groups[owner].append(number)
    return groups


def _unit(rows: np.ndarray) -> np.ndarray:
    found: np.ndarray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return found


def _largest(values: np.ndarray, count: int) -> np.ndarray:
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, -count)[-count:]
