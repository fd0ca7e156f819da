"""How much likelier an entry's wordings are to hold a text's features than the bank at large is.

A multinomial naive Bayes model (McCallum and Nigam 1998) kept as counts: nothing is trained, so a
changed entry costs its own wordings only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

# Added to every count, so that a feature an entry lacks does not rule it out.
SMOOTHING = 0.2
# What a feature that the whole bank lacks says of every entry: the text is about something else.
UNKNOWN = -2.0


class Likelihood:
    """Counts of features by entry; ``wordings`` are (entry number, features) of every question."""

    def __init__(self, wordings: Iterable[tuple[int, Sequence[str]]], entries: int) -> None:
        counted: dict[str, Counter[int]] = {}
        for entry, features in wordings:
            for feature in features:
                counted.setdefault(feature, Counter())[entry] += 1
        self._places = {feature: n for n, feature in enumerate(counted)}
        owners = [np.fromiter(each, dtype=np.int32) for each in counted.values()]
        counts = [np.fromiter(each.values(), dtype=np.float32) for each in counted.values()]
        self._starts = np.cumsum([0, *map(len, owners)])
        self._owners = np.concatenate(owners) if owners else np.zeros(0, dtype=np.int32)
        self._counts = np.concatenate(counts) if counts else np.zeros(0, dtype=np.float32)
        self._totals = np.bincount(self._owners, weights=self._counts, minlength=entries)
        self._entries = entries
        self._gains = np.log(1 + self._counts / SMOOTHING)
        width = SMOOTHING * len(counted)
        self._lengths = np.log(self._totals + width)
        sums = np.add.reduceat(self._counts, self._starts[:-1]) if owners else self._counts
        self._usual = np.log(sums + SMOOTHING) - np.log(self._totals.sum() + width)

    def ratios(self, features: Sequence[str], without: int | None = None) -> np.ndarray:
        """Mean log ratio a feature, shape (entries,); above 0 where the entry is likelier.

        Features that no wording has count :data:`UNKNOWN`. ``without``: the text is itself a wording of this
        entry, and is left out of its counts.
        """
        known = [n for n in map(self._places.get, features) if n is not None]
        if not known:
            return np.full(self._entries, UNKNOWN)
        spans = [slice(self._starts[n], self._starts[n + 1]) for n in known]
        owners = np.concatenate([self._owners[span] for span in spans])
        gains = np.concatenate([self._gains[span] for span in spans])
        summed = np.bincount(owners, weights=gains, minlength=self._entries)
        strange = UNKNOWN * (len(features) - len(known))
        base = len(known) * np.log(SMOOTHING) - self._usual[known].sum() + strange
        ratios = (summed + base - len(known) * self._lengths) / len(features)
        if without is not None:
            counts = np.concatenate([self._counts[span] for span in spans])[owners == without]
            others = np.log(1 + (counts - 1) / SMOOTHING).sum()
            shorter = np.log(np.exp(self._lengths[without]) - len(known))
            ratios[without] = (others + base - len(known) * shorter) / len(features)
        return ratios
