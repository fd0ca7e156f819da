"""From evidence to the probability of being right, fitted anew on each bank as it is.

Raw cosines differ from bank to bank and encoder to encoder; no fixed cut serves two. Three kinds
of questions are asked of the bank: its own held-out wordings (the right entry is known), the same
with their entry taken away (near the topic, but unanswerable), and texts that are none of a bank's
business.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.faq.encoder import Encoder, held_out
from bot.faq.evidence import NEAREST, Evidence, Lexicon, weigh
from bot.faq.index import Index

FILE = "calibration.json"
# The margin cannot be taken at its word where a lone candidate has no rival.
CANDIDATES_FITTED = 2


@dataclass(frozen=True)
class Calibration:
    """A logistic model over the evidence's row."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, evidence: Evidence) -> float:
        """That this entry is the right answer, in 0..1."""
        score = self.bias + sum(
            weight * value for weight, value in zip(self.weights, evidence.row(), strict=True)
        )
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))

    def save(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(self.__dict__))

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        plain = json.loads((folder / FILE).read_text())
        return cls(tuple(plain["weights"]), plain["bias"])


def calibrate(index: Index, encoder: Encoder, off_topic: Sequence[str]) -> Calibration:
    """Fit on the bank's own held-out questions and ``off_topic`` texts.

    The smallest bank that can be fitted has two entries; below that nothing is trusted.
    """
    from sklearn.linear_model import LogisticRegression

    rows, labels = _examples(index, encoder, off_topic)
    if len(set(labels)) < 2:
        return Calibration((0.0,) * 4, -30.0)
    model = LogisticRegression(C=10.0, max_iter=1000).fit(rows, labels)
    return Calibration(tuple(float(w) for w in model.coef_[0]), float(model.intercept_[0]))


def _examples(
    index: Index, encoder: Encoder, off_topic: Sequence[str]
) -> tuple[list[list[float]], list[int]]:
    lexicon = Lexicon(index)
    rows: list[list[float]] = []
    labels: list[int] = []

    def add(evidence: Sequence[Evidence], right: str | None) -> None:
        for each in evidence[:CANDIDATES_FITTED]:
            rows.append(each.row())
            labels.append(int(each.entry_id == right))

    numbers = [n for n, question in enumerate(index.questions) if held_out(question)]
    vectors = encoder.encode([index.questions[n] for n in numbers] + list(off_topic))
    for number, vector in zip(numbers, vectors, strict=False):
        text, owner = index.questions[number], index.owners[number]
        hits = [hit for hit in index.search(vector, NEAREST * 2) if hit.question != number]
        add(weigh(text, hits[:NEAREST], index, lexicon, owner), owner)
        others = [hit for hit in hits if index.owners[hit.question] != owner]
        add(weigh(text, others[:NEAREST], index, lexicon)[:1], None)
    for text, vector in zip(off_topic, vectors[len(numbers) :], strict=True):
        add(weigh(text, index.search(vector, NEAREST), index, lexicon)[:1], None)
    return rows, labels
