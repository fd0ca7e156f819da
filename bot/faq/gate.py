"""The gate: regression questions asked of the candidate and of the version in use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.faq.entry import Entry
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from bot.faq.retriever import Retriever

# How good an outcome is. Losing one step is getting worse; a lower score alone is not.
WRONG, NOTHING, OFFERED, RIGHT = range(4)
OUTCOME_NAMES = ("答错", "没有答案", "请客户选择（含正确答案）", "答对")


@dataclass(frozen=True)
class Outcome:
    """What a regression question got: the first candidate and its probability in 0..1."""

    entry_id: str
    question: str
    grade: int
    first: str
    score: float

    def __str__(self) -> str:
        got = f"（{self.first} {self.score:.2f}）" if self.first else ""
        return f"{OUTCOME_NAMES[self.grade]}{got}"


@dataclass(frozen=True)
class Worse:
    """A question that the candidate serves worse than the version in use."""

    entry_id: str
    question: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.entry_id}“{self.question}”：原来{self.before}，现在{self.after}"

    def to_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Verdict:
    """The gate's finding; ``compared`` is ``False`` when no version in use could be asked.

    ``outcomes``: what the candidate makes of every regression question.
    """

    outcomes: tuple[Outcome, ...]
    worse: tuple[Worse, ...]
    compared: bool = True

    @property
    def asked(self) -> int:
        """Regression questions."""
        return len(self.outcomes)

    @property
    def passed(self) -> int:
        """Those that the candidate answers right."""
        return self.asked - len(self.misses)

    @property
    def misses(self) -> tuple[Outcome, ...]:
        """The others."""
        return tuple(each for each in self.outcomes if each.grade != RIGHT)


def ask(retriever: Retriever, entries: Iterable[Entry], today: date) -> list[Outcome]:
    """Every regression question of the entries that may answer today, asked as their audience."""
    return [
        _outcome(retriever, entry, question, today)
        for entry in entries
        if entry.answers(today, entry.audience)
        for question in entry.expected
    ]


def _outcome(retriever: Retriever, entry: Entry, question: str, today: date) -> Outcome:
    found = retriever.search(normalise(question), today, entry.audience)
    ids = [candidate.entry.id for candidate in found.candidates]
    if found.decision == "answer":
        grade = RIGHT if ids[0] == entry.id else WRONG
    else:
        grade = OFFERED if found.decision == "clarify" and entry.id in ids else NOTHING
    score = found.candidates[0].score if ids else 0.0
    return Outcome(entry.id, question, grade, ids[0] if ids else "", score)


def judge(
    candidate: Retriever,
    in_use: Retriever | None,
    entries: Sequence[Entry],
    known: Iterable[str],
    today: date,
    former: Iterable[Outcome] = (),
) -> Verdict:
    """Compare the two on the regression questions of ``entries``.

    Args:
        in_use: the version in use, if there is one that can be asked.
        known: ids in the version in use; a question whose entry is new there can't get worse.
        former: what the version in use is known to make of questions today.
    """
    verdict = Verdict(tuple(ask(candidate, entries, today)), (), in_use is not None)
    if in_use is None:
        return verdict
    # What is answered right cannot have been better: only the misses are asked again.
    missed = {(each.entry_id, each.question): each for each in verdict.misses}
    old = set(known)
    before = {(then.entry_id, then.question): then for then in former}
    unknown = missed.keys() - before.keys()
    for then in ask(in_use, _asking_only(unknown, entries, old), today):
        before[then.entry_id, then.question] = then
    worse = [
        Worse(now.entry_id, now.question, str(before[key]), str(now))
        for key, now in missed.items()
        if key in before and now.entry_id in old and now.grade < before[key].grade
    ]
    return replace(verdict, worse=tuple(worse))


def _asking_only(
    questions: Collection[tuple[str, str]], entries: Iterable[Entry], ids: Collection[str]
) -> list[Entry]:
    """The entries with those ids, with the regression questions of ``questions`` only."""
    return [
        replace(entry, expected=tuple(q for q in entry.expected if (entry.id, q) in questions))
        for entry in entries
        if entry.id in ids
    ]
