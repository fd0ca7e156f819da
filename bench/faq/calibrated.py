"""When a baseline answers, asks back or keeps silent: by the thresholds that ours goes by.

Those are probabilities of being right, so every baseline's scores are made one: by logistic
regression (Platt 1999) on its best score and the lead over its second, fitted on the bank's
held-out wordings (:func:`bot.faq.encoder.held_out`), of which the baseline was fitted on none, and
on texts that are none of a bank's business, weighted to a quarter of all as our own calibration
weights them. Then the baseline is fitted on everything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from bench.faq.baselines import Ranking
from bot.faq.evaluate import Answered
from bot.faq.retriever import Thresholds

FOREIGN_SHARE = 0.25


class Chance:
    """That the first of a ranking is right; fitted on (right entry or ``None``, ranking) pairs."""

    def __init__(self, asked: Sequence[tuple[str | None, Ranking]]) -> None:
        right = [bool(ranking) and ranking[0][0] == wanted for wanted, ranking in asked]
        foreign = np.array([wanted is None for wanted, _ in asked])
        weights = np.where(
            foreign, FOREIGN_SHARE / foreign.sum(), (1 - FOREIGN_SHARE) / (~foreign).sum()
        )
        rows = np.array([_row(ranking) for _, ranking in asked])
        # To one scale, on which the regression's penalty is as mild for one baseline as the other.
        scale = np.maximum(rows.std(axis=0), 1e-9)
        model = LogisticRegression().fit(rows / scale, right, weights * len(asked))
        self._weights, self._bias = model.coef_[0] / scale, float(model.intercept_[0])
        self._limits = Thresholds()

    def of(self, ranking: Ranking) -> float:
        """The probability; 0 where nothing was found."""
        if not ranking:
            return 0.0
        return 1 / (1 + math.exp(-float(self._weights @ _row(ranking)) - self._bias))

    def decide(self, text: str, wanted: str | None, ranking: Ranking) -> Answered:
        """What a customer gets for a ranking; below the answers, all of it is offered."""
        chance = self.of(ranking)
        decision = "none"
        if chance >= self._limits.answer:
            decision = "answer"
        elif chance >= self._limits.offer:
            decision = "clarify"
        ids, scores = tuple(key for key, _ in ranking), tuple(score for _, score in ranking)
        return Answered(text, wanted, decision, ids, scores)


def _row(ranking: Ranking) -> list[float]:
    first, second = ([score for _, score in ranking] + [0.0, 0.0])[:2]
    return [first, first - second]
