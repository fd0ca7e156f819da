"""From evidence to the probability of being right, fitted anew on each bank as it is.

Raw cosines differ from bank to bank and encoder to encoder; no fixed cut serves two. Three kinds
of questions are asked of the bank: its own held-out wordings (the right entry is known), the same
with their entry taken away (near the topic, but unanswerable), and texts that are none of a bank's
business. A conditional logit model (McFadden 1974) lets the candidates compete with each other
and with "none of them".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from bot.faq.encoder import Encoder, held_out
from bot.faq.evidence import Evidence, Judges

FILE = "calibration.json"
Item = TypeVar("Item")
# Of each kind of question at most so many are asked: more would only make publishing slow.
MOST_CASES = 250
# Of the questions that reach the FAQ bank so many are taken to have an answer in it. The
# examples are weighted to this share, since their own mix is an accident.
ANSWERABLE_SHARE = 0.75
# Keeps a tiny or perfectly separated bank from infinite weights.
PENALTY = 0.01


@dataclass(frozen=True)
class Calibration:
    """A weight for each number of :meth:`Evidence.row`, and a bias against "none"."""

    weights: tuple[float, ...]
    bias: float

    def probabilities(self, evidence: Sequence[Evidence]) -> list[float]:
        """That each entry is the right answer; together with "none" they add up to 1."""
        if not evidence:
            return []
        rows = np.array([each.row() for each in evidence])
        odds = np.exp(rows @ np.array(self.weights) + self.bias)
        return [float(p) for p in odds / (1.0 + odds.sum())]

    def save(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(self.__dict__))

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        plain = json.loads((folder / FILE).read_text())
        return cls(tuple(plain["weights"]), plain["bias"])


@dataclass(frozen=True)
class _Case:
    """Competing candidates' rows, and the place of the right one; the place after the last is
    "none of them"."""

    rows: np.ndarray
    right: int


def calibrate(judges: Judges, encoder: Encoder, off_topic: Sequence[str]) -> Calibration:
    """Fit on the bank's own held-out questions and ``off_topic`` texts."""
    return fit([case for case in _cases(judges, encoder, off_topic) if len(case.rows)])


def fit(cases: Sequence[_Case]) -> Calibration:
    """The weights under which the right places are likeliest."""
    from scipy.optimize import minimize

    most, width = max((len(case.rows) for case in cases), default=0), len(Evidence.NAMES)
    # One more column for the bias, one more candidate, without evidence, for "none".
    rows = np.zeros((len(cases), most + 1, width + 1))
    # A place that a case has not cannot be the right one.
    closed = np.full((len(cases), most + 1), -np.inf)
    for n, case in enumerate(cases):
        count = len(case.rows)
        rows[n, :count, :width], rows[n, :count, width] = case.rows, 1.0
        closed[n, : count + 1] = 0.0
    right = np.array([case.right for case in cases])
    answerable = right < [len(case.rows) for case in cases]
    share = min(max(answerable.mean() if len(cases) else 0.0, 1e-6), 1 - 1e-6)
    worth = np.where(answerable, ANSWERABLE_SHARE / share, (1 - ANSWERABLE_SHARE) / (1 - share))
    wanted = rows[np.arange(len(cases)), right]

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        scores = rows @ parameters + closed
        highest = scores.max(axis=1, keepdims=True)
        odds = np.exp(scores - highest)
        totals = odds.sum(axis=1, keepdims=True)
        missed = np.log(totals[:, 0]) + highest[:, 0] - wanted @ parameters
        expected = np.einsum("cp,cpw->cw", odds / totals, rows)
        count = max(1, len(cases))
        value = worth @ missed / count + PENALTY * (parameters**2).sum() / 100
        slope = worth @ (expected - wanted) / count + PENALTY * parameters / 50
        return float(value), slope

    fitted = minimize(loss, np.zeros(width + 1), jac=True, method="L-BFGS-B").x
    return Calibration(tuple(float(w) for w in fitted[:-1]), float(fitted[-1]))


def _cases(judges: Judges, encoder: Encoder, off_topic: Sequence[str]) -> list[_Case]:
    index = judges.index
    cases: list[_Case] = []

    def add(evidence: Sequence[Evidence], right: str | None) -> None:
        ids = [each.entry_id for each in evidence]
        rows = np.array([each.row() for each in evidence])
        cases.append(_Case(rows, ids.index(right) if right in ids else len(ids)))

    unseen = [row for row, text in enumerate(index.texts) if held_out(text)]
    numbers, foreign = _sample(unseen), _sample(off_topic)
    for row in numbers:
        weighed = judges.weigh(index.texts[row], index.vectors[row], itself=row)
        add(weighed, index.owners[row])
        add([each for each in weighed if each.entry_id != index.owners[row]], None)
    for text, vector in zip(foreign, encoder.encode(foreign), strict=True):
        add(judges.weigh(text, vector), None)
    return cases


def _sample(items: Sequence[Item]) -> list[Item]:
    """At most :data:`MOST_CASES` of the items, evenly spread."""
    step = max(1, -(-len(items) // MOST_CASES))
    return list(items[::step])
