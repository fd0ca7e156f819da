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
from bot.faq.index import Index

FILE = "calibration.json"
Item = TypeVar("Item")
# Of each kind of question at most so many are asked: more would only make publishing slow.
MOST_CASES = 700
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
    """Competing candidates' rows, the number of the right one (``None``: none), and a weight."""

    rows: np.ndarray
    right: int | None


def calibrate(index: Index, encoder: Encoder, off_topic: Sequence[str]) -> Calibration:
    """Fit on the bank's own held-out questions and ``off_topic`` texts."""
    from scipy.optimize import minimize

    cases = [case for case in _cases(index, encoder, off_topic) if len(case.rows)]
    answerable = sum(case.right is not None for case in cases)
    share = answerable / max(1, len(cases))
    up = ANSWERABLE_SHARE / max(share, 1e-6)
    down = (1 - ANSWERABLE_SHARE) / max(1 - share, 1e-6)

    def loss(parameters: np.ndarray) -> float:
        total = 0.0
        for case in cases:
            scores = case.rows @ parameters[:-1] + parameters[-1]
            log_total = np.logaddexp.reduce(np.append(scores, 0.0))
            if case.right is None:
                total += down * log_total
            else:
                total += up * (log_total - scores[case.right])
        return float(total / max(1, len(cases)) + PENALTY * (parameters**2).sum() / 100)

    width = len(Evidence.NAMES)
    fitted = minimize(loss, np.zeros(width + 1), method="L-BFGS-B").x
    return Calibration(tuple(float(w) for w in fitted[:-1]), float(fitted[-1]))


def _cases(index: Index, encoder: Encoder, off_topic: Sequence[str]) -> list[_Case]:
    judges = Judges(index)
    cases: list[_Case] = []

    def add(evidence: Sequence[Evidence], right: str | None) -> None:
        ids = [each.entry_id for each in evidence]
        rows = np.array([each.row() for each in evidence])
        cases.append(_Case(rows, ids.index(right) if right in ids else None))

    unseen = [n for n, question in enumerate(index.questions) if held_out(question)]
    numbers, foreign = _sample(unseen), _sample(off_topic)
    vectors = encoder.encode([index.questions[n] for n in numbers] + foreign)
    for number, vector in zip(numbers, vectors, strict=False):
        text, owner = index.questions[number], index.owners[number]
        weighed = judges.weigh(text, vector, itself=number)
        add(weighed, owner)
        add([each for each in weighed if each.entry_id != owner], None)
    for text, vector in zip(foreign, vectors[len(numbers) :], strict=True):
        add(judges.weigh(text, vector), None)
    return cases


def _sample(items: Sequence[Item]) -> list[Item]:
    """At most :data:`MOST_CASES` of the items, evenly spread."""
    step = max(1, -(-len(items) // MOST_CASES))
    return list(items[::step])
