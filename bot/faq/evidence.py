"""What speaks for each entry that might answer a text: numbers that calibration turns into odds.

Dense and lexical judges each name candidates, and all of them are weighed by every judge.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
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
        self._words = Words([features(question) for question in index.questions])
        self._coverage = [
            Counter(word for n in group for word in self._words.of(n))
            for group in self._questions_of
        ]
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
        weights = self._words.weights(asked)
        found = []
        for number in named:
            if not allowed(self._ids[number]):
                continue
            nearest, cosine, overlap = self._nearest(number, vector, weights, itself)
            found.append(
                Evidence(
                    self._ids[number],
                    self._index.questions[nearest],
                    cosine,
                    float(centres[number]),
                    overlap,
                    self._covered(number, weights, own),
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
        self, number: int, vector: np.ndarray, weights: Words.Weights, itself: int | None
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

    def _covered(self, number: int, weights: Words.Weights, own: int | None) -> float:
        known = self._coverage[number]
        least = 2 if number == own else 1
        held = sum(weight for word, weight in weights.squares.items() if known[word] >= least)
        return held / (weights.total + 1e-9)


class Words:
    """Weights of features by how few questions have them."""

    @dataclass(frozen=True)
    class Weights:
        """Squared weights of a text's features, and their sum with the unknown ones' included."""

        squares: dict[str, float]
        total: float

    def __init__(self, questions: Sequence[Sequence[str]]) -> None:
        self._of = questions
        counts = Counter(word for question in questions for word in question)
        rarest = math.log(1 + len(questions))
        # A word the whole bank lacks says that the text is about something else, so it counts
        # against coverage, but not as much as a rare word that the bank does have.
        self._unknown = (UNKNOWN_SHARE * rarest) ** 2
        self._squares = {w: math.log((1 + len(questions)) / n) ** 2 for w, n in counts.items()}
        self._totals = [sum(self._squares[word] for word in question) for question in questions]

    def of(self, question: int) -> Sequence[str]:
        """The features of a question."""
        return self._of[question]

    def weights(self, asked: Iterable[str]) -> Weights:
        """The weights of a text's features."""
        squares = {word: self._squares.get(word, self._unknown) for word in asked}
        return Words.Weights(squares, sum(squares.values()))

    def overlap(self, weights: Weights, question: int) -> float:
        """Cosine of the weighted feature sets of a text and a question, in 0..1."""
        get = weights.squares.get
        shared = sum(get(word, 0.0) for word in self._of[question])
        return shared / math.sqrt(weights.total * self._totals[question] + 1e-9)


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
