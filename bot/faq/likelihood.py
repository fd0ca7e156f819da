"""How much likelier an entry's wordings are to hold a text's features than the bank at large is.

A multinomial naive Bayes model (McCallum and Nigam 1998) kept as counts: nothing is trained, so a
changed entry costs its own wordings only.
"""

from __future__ import annotations

import numpy as np

from bot.faq.rows import Asked, Counts

# Added to every count, so that a feature an entry lacks does not rule it out.
SMOOTHING = 0.2
# What a feature that the whole bank lacks says of every entry: the text is about something else.
UNKNOWN = -2.0


class Likelihood:
    """Log ratios over the entries of one bank."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._gains = np.log(1 + counts.counts / SMOOTHING).astype(np.float64)
        totals = np.bincount(counts.owners, weights=counts.counts, minlength=counts.entries)
        width = SMOOTHING * len(counts.codes)
        self._lengths = np.log(totals + width)
        self._usual = np.log(counts.questions + SMOOTHING) - np.log(totals.sum() + width)

    def ratios(self, asked: Asked, without: int | None = None) -> np.ndarray:
        """Mean log ratio a feature, shape (entries,); above 0 where the entry is likelier.

        Features that no wording has count :data:`UNKNOWN`. ``without``: the text is itself a
        wording of this entry, and is left out of its counts.
        """
        known = len(asked.columns)
        if not known:
            return np.full(self._counts.entries, UNKNOWN)
        gains = asked.of(self._gains)
        summed = np.bincount(asked.owners, weights=gains, minlength=self._counts.entries)
        usual = self._usual[asked.columns].sum()
        base = known * np.log(SMOOTHING) - usual + UNKNOWN * asked.strange
        ratios: np.ndarray = (summed + base - known * self._lengths) / asked.total
        if without is not None:
            counts = asked.of(self._counts.counts)[asked.owners == without]
            others = np.log(1 + (counts - 1) / SMOOTHING).sum()
            shorter = np.log(np.exp(self._lengths[without]) - known)
            ratios[without] = (others + base - known * shorter) / asked.total
        return ratios
