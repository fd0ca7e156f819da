"""From evidence to the probability of being right, fitted anew on each bank as it is.

Raw cosines differ from bank to bank and encoder to encoder; no fixed cut serves two. Three kinds
of questions are asked of the bank: its own held-out wordings (the right entry is known), the same
with their entry taken away (near the topic, but unanswerable), and texts that are none of a bank's
business. A conditional logit model (McFadden 1974) lets the candidates compete with each other
and with "none of them".

A first publication asks as many questions as it can. Later ones ask a few of the bank as it is by
then, and weigh them with what the many said of the weights (a Laplace approximation of it), so that
publishing stays quick and the weights do not follow a small sample's accidents.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from bot.errors import ConfigError
from bot.faq.encoder import Encoder, held_out
from bot.faq.evidence import NAMES, Evidence, Judges

FILE = "calibration.json"
Item = TypeVar("Item")
# Of each kind of question at most so many are asked, at first and at each later publishing.
MOST_CASES, FEW_CASES = 3_000, 150
# What was learned from many is kept until the bank has so much more or fewer questions.
GROWN = 0.1
# Of the questions that reach the FAQ bank so many are taken to have an answer in it. The
# examples are weighted to this share, since their own mix is an accident.
ANSWERABLE_SHARE = 0.75
# Keeps a tiny or perfectly separated bank from infinite weights: so much precision a case.
PENALTY = 0.0002


@dataclass(frozen=True)
class Prior:
    """What a fit to many cases knows.

    Attributes:
        parameters: weights and bias, shape (parameters,).
        precision: second derivatives of the cases' summed loss there.
        questions: how many the bank had.
    """

    parameters: tuple[float, ...]
    precision: tuple[tuple[float, ...], ...]
    questions: int


@dataclass(frozen=True)
class Calibration:
    """A weight for each of :data:`bot.faq.evidence.NAMES`, and a bias against "none"."""

    weights: tuple[float, ...]
    bias: float
    prior: Prior

    def probabilities(self, evidence: Evidence) -> np.ndarray:
        """That each entry is the right answer; together with "none" they add up to 1."""
        odds = np.exp(evidence.numbers @ np.array(self.weights) + self.bias)
        chances: np.ndarray = odds / (1.0 + odds.sum())
        return chances

    def save(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read it back.

        Raises:
            ConfigError: it was written by another version.
        """
        plain = json.loads((folder / FILE).read_text())
        if "prior" not in plain:
            raise ConfigError(f"{folder} 是旧格式：请运行 bankbot faq publish 重新发布")
        return cls(tuple(plain["weights"]), plain["bias"], Prior(**plain["prior"]))


@dataclass(frozen=True)
class _Case:
    """Competing candidates' rows, and the place of the right one; the place after the last is
    "none of them"."""

    rows: np.ndarray
    right: int


def calibrate(
    judges: Judges, encoder: Encoder, off_topic: Sequence[str], former: Calibration | None = None
) -> Calibration:
    """Fit on the bank's own held-out questions and ``off_topic`` texts.

    Args:
        former: of a version by the same encoder.
    """
    questions = len(judges.index.texts)
    prior = former.prior if former else None
    if prior is not None and abs(questions - prior.questions) > GROWN * prior.questions:
        prior = None
    cases = _cases(judges, encoder, off_topic, FEW_CASES if prior else MOST_CASES)
    posed = _Posed.of([case for case in cases if len(case.rows)])
    found = posed.fit(prior)
    if prior is None:
        prior = Prior(tuple(found.tolist()), posed.precision(found), questions)
    return Calibration(tuple(found[:-1].tolist()), float(found[-1]), prior)


@dataclass(frozen=True)
class _Posed:
    """Cases side by side.

    Attributes:
        rows: shape (cases, places, parameters); one more column for the bias, one more place,
            without evidence, for "none".
        closed: -inf at places that a case has not, which cannot be the right one.
        right: the right places.
        worth: what each case counts.
    """

    rows: np.ndarray
    closed: np.ndarray
    right: np.ndarray
    worth: np.ndarray

    @classmethod
    def of(cls, cases: Sequence[_Case]) -> _Posed:
        most, width = max((len(case.rows) for case in cases), default=0), len(NAMES)
        rows = np.zeros((len(cases), most + 1, width + 1))
        closed = np.full((len(cases), most + 1), -np.inf)
        for n, case in enumerate(cases):
            count = len(case.rows)
            rows[n, :count, :width], rows[n, :count, width] = case.rows, 1.0
            closed[n, : count + 1] = 0.0
        right = np.array([case.right for case in cases], dtype=np.int64)
        answerable = right < [len(case.rows) for case in cases]
        share = min(max(answerable.mean() if len(cases) else 0.0, 1e-6), 1 - 1e-6)
        worth = np.where(answerable, ANSWERABLE_SHARE / share, (1 - ANSWERABLE_SHARE) / (1 - share))
        return cls(rows, closed, right, worth)

    def fit(self, prior: Prior | None) -> np.ndarray:
        """The parameters under which the right places are likeliest."""
        from scipy.optimize import minimize

        width = self.rows.shape[2]
        middle = np.array(prior.parameters) if prior else np.zeros(width)
        firm = np.array(prior.precision) if prior else self._ridge
        wanted = self.rows[np.arange(len(self.right)), self.right]

        def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            _, expected, total = self._expected(parameters)
            off = parameters - middle
            value = self.worth @ (total - wanted @ parameters) + off @ firm @ off / 2
            slope = self.worth @ (expected - wanted) + firm @ off
            count = max(1, len(self.right))
            return float(value) / count, slope / count

        found: np.ndarray = minimize(loss, middle, jac=True, method="L-BFGS-B").x
        return found

    def precision(self, parameters: np.ndarray) -> tuple[tuple[float, ...], ...]:
        """Second derivatives of the summed loss, shape (parameters, parameters)."""
        odds, expected, _ = self._expected(parameters)
        weighed = self.rows * (self.worth[:, None] * odds)[:, :, None]
        found = np.einsum("cpw,cpv->wv", weighed, self.rows, optimize=True)
        found -= (expected * self.worth[:, None]).T @ expected
        found += self._ridge
        return tuple(tuple(row) for row in found.tolist())

    @property
    def _ridge(self) -> np.ndarray:
        """The precision that every fit begins with, shape (parameters, parameters)."""
        return np.eye(self.rows.shape[2]) * PENALTY * len(self.right)

    def _expected(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Each place's probability, the rows expected by them, and the log of the summed odds."""
        scores = self.rows @ parameters + self.closed
        highest = scores.max(axis=1, keepdims=True)
        odds = np.exp(scores - highest)
        totals = odds.sum(axis=1, keepdims=True)
        odds /= totals
        expected = np.einsum("cp,cpw->cw", odds, self.rows)
        return odds, expected, np.log(totals[:, 0]) + highest[:, 0]


def _cases(judges: Judges, encoder: Encoder, off_topic: Sequence[str], most: int) -> list[_Case]:
    index = judges.index
    cases: list[_Case] = []
    unseen = [row for row, text in enumerate(index.texts) if held_out(text)]
    numbers, foreign = _sample(unseen, most), _sample(off_topic, most)
    for row in numbers:
        weighed = judges.weigh(index.texts[row], index.vectors[row], itself=row)
        wrong = np.array([entry != index.owners[row] for entry in weighed.entries], dtype=bool)
        (right,) = np.flatnonzero(~wrong).tolist() or (len(wrong),)
        cases.append(_Case(weighed.numbers, right))
        cases.append(_unanswerable(weighed.numbers[wrong]))
    for text, vector in zip(foreign, encoder.encode(foreign), strict=True):
        cases.append(_unanswerable(judges.weigh(text, vector).numbers))
    return cases


def _unanswerable(rows: np.ndarray) -> _Case:
    return _Case(rows, len(rows))


def _sample(items: Sequence[Item], most: int) -> list[Item]:
    """At most ``most`` of the items, evenly spread."""
    step = max(1, -(-len(items) // most))
    return list(items[::step])
