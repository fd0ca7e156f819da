"""From a customer's text to an answer, a choice of close answers, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from bot.faq.calibration import Calibration
from bot.faq.checks import plain
from bot.faq.encoder import Encoder
from bot.faq.entry import Entry
from bot.faq.evidence import Evidence, Judges

Decision = Literal["answer", "clarify", "none"]
MOST_CANDIDATES = 3
FEWEST_LETTERS = 3


@dataclass(frozen=True)
class Thresholds:
    """Where decisions change, on calibrated probabilities."""

    # Sure enough to answer: a wrong answer costs a customer more than two clarifying questions.
    answer: float = 0.7
    # Worth offering as "您想问的是……？".
    offer: float = 0.12


@dataclass(frozen=True)
class Candidate:
    """An entry that may answer, with its probability of being right and its nearest wording."""

    entry: Entry
    score: float
    question: str


@dataclass(frozen=True)
class Retrieval:
    """``candidates`` by falling probability, at most three; ``exact``: the text is one of the
    first one's wordings."""

    decision: Decision
    candidates: tuple[Candidate, ...]
    exact: bool = False


class Retriever:
    """Searches one publication."""

    def __init__(
        self,
        entries: Mapping[str, Entry],
        judges: Judges,
        calibration: Calibration,
        encoder: Encoder,
        thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
        version: str = "",
    ) -> None:
        self.version = version
        self._entries = entries
        self._index = judges.index
        self._calibration = calibration
        self._encoder = encoder
        self._thresholds = thresholds
        self._judges = judges
        self._exact = {told: row for row, told in enumerate(judges.index.plains)}

    def search(self, text: str, today: date, audience: str = "public") -> Retrieval:
        """What the bank has to say on ``today`` to ``audience``."""
        exact = self._exact_match(text, today, audience)
        if exact is not None:
            return Retrieval("answer", (exact,), exact=True)
        if not says_something(text):
            return Retrieval("none", ())
        candidates = self._candidates(text, today, audience)
        return self._decide(candidates)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of this publication with that id, if there is one."""
        return self._entries.get(entry_id)

    def _exact_match(self, text: str, today: date, audience: str) -> Candidate | None:
        row = self._exact.get(plain(text))
        if row is None:
            return None
        entry = self._entries[self._index.owners[row]]
        if not entry.answers(today, audience):
            return None
        return Candidate(entry, 1.0, self._index.texts[row])

    def _candidates(self, text: str, today: date, audience: str) -> list[Candidate]:
        evidence = self.evidence(text, today, audience)
        chances = self._calibration.probabilities(evidence)
        best = np.argsort(-chances, kind="stable")[:MOST_CANDIDATES]
        return [
            Candidate(self._entries[evidence.entries[n]], float(chances[n]), evidence.questions[n])
            for n in best
        ]

    def evidence(self, text: str, today: date, audience: str = "public") -> Evidence:
        """What speaks for each entry that may answer; withdrawn ones are no rivals either."""
        (vector,) = self._encoder.encode([text])
        return self._judges.weigh(
            text, vector, lambda entry_id: self._entries[entry_id].answers(today, audience)
        )

    def _decide(self, candidates: list[Candidate]) -> Retrieval:
        limits = self._thresholds
        if not candidates or candidates[0].score < limits.offer:
            return Retrieval("none", tuple(candidates))
        if candidates[0].score >= limits.answer:
            return Retrieval("answer", tuple(candidates))
        # The runners-up are offered at half the bar: a choice of one is no choice.
        offered = [c for c in candidates if c.score >= limits.offer / 2]
        return Retrieval("clarify", tuple(offered))


def says_something(text: str) -> bool:
    """Whether a text could be a question at all: it has a Chinese character, or as many different
    letters as the shortest word that means something."""
    letters = {character.lower() for character in text if character.isalpha()}
    return len(letters) >= FEWEST_LETTERS or any("\u3400" <= each <= "\u9fff" for each in letters)
