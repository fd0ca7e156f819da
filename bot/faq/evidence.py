"""What speaks for each entry that might answer a text: numbers that calibration turns into odds."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.faq.features import features
from bot.faq.index import Hit, Index

# Questions looked at; an entry has about nine, so this covers several entries.
NEAREST = 30
UNKNOWN_SHARE = 0.4


@dataclass(frozen=True)
class Evidence:
    """What speaks for one entry.

    ``cosine`` and ``overlap`` (weighted, of n-grams) of the text to the entry's nearest question,
    named ``question``; ``coverage`` of the text's weight by all of the entry's words.
    """

    NAMES: ClassVar = ("cosine", "overlap", "coverage")

    entry_id: str
    question: str
    cosine: float
    overlap: float
    coverage: float

    def row(self) -> list[float]:
        """The numbers, in the order of :attr:`NAMES`."""
        return [self.cosine, self.overlap, self.coverage]

    @property
    def strength(self) -> float:
        """What candidates are ordered by before anything is calibrated."""
        return self.cosine + self.overlap


class Lexicon:
    """Weights of features by how few entries have them."""

    def __init__(self, index: Index) -> None:
        words: dict[str, Counter[str]] = defaultdict(Counter)
        for question, owner in zip(index.questions, index.owners, strict=True):
            words[owner].update(features(question))
        counts = Counter(feature for owned in words.values() for feature in owned)
        # A word the whole bank lacks says that the text is about something else, so it counts
        # against coverage, but not as much as a rare word that the bank does have.
        self._unknown = UNKNOWN_SHARE * math.log(1 + len(words))
        self._weights = {f: math.log((1 + len(words)) / n) for f, n in counts.items()}
        self._by_entry = dict(words)

    def overlap(self, left: Sequence[str], right: Sequence[str]) -> float:
        """Cosine of two feature sets under the weights, in 0..1."""
        shared = self._square(set(left) & set(right))
        return shared / math.sqrt(self._square(left) * self._square(right) + 1e-9)

    def coverage(self, found: Sequence[str], entry_id: str, own: str | None = None) -> float:
        """Share of a text's weight that the entry's questions know, in 0..1.

        A text that is itself one of entry ``own``'s questions does not count among them.
        """
        known = self._by_entry[entry_id]
        least = 2 if entry_id == own else 1
        return self._square(f for f in found if known[f] >= least) / (self._square(found) + 1e-9)

    def _square(self, found: Iterable[str]) -> float:
        return sum(self._weights.get(feature, self._unknown) ** 2 for feature in found)


def weigh(
    text: str, hits: Iterable[Hit], index: Index, lexicon: Lexicon, own: str | None = None
) -> list[Evidence]:
    """Evidence for each entry among the hits, strongest first; ``own`` as in ``coverage``."""
    asked = features(text)
    best: dict[str, tuple[float, float, float, int]] = {}
    for hit in hits:
        overlap = lexicon.overlap(asked, features(index.questions[hit.question]))
        owner = index.owners[hit.question]
        total = hit.cosine + overlap
        if owner not in best or total > best[owner][0]:
            best[owner] = (total, hit.cosine, overlap, hit.question)
    ranked = [
        Evidence(
            owner, index.questions[number], cosine, overlap, lexicon.coverage(asked, owner, own)
        )
        for owner, (_, cosine, overlap, number) in best.items()
    ]
    return sorted(ranked, key=lambda each: -each.strength)
