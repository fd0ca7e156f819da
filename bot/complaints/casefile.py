"""A complaint with everything that belongs to it, as staff work on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.complaints.case import (
    Complaint,
    Draft,
    Extension,
    Facts,
    Move,
    Notice,
    Pause,
    Review,
)
from bot.complaints.clock import TERMS, Deadline, deadline, review_deadline
from bot.complaints.closing import Closing
from bot.complaints.retention import KEEP_YEARS, keep_until, over_at
from bot.complaints.tables import complaint_answers, complaint_holds, complaints
from bot.complaints.vocabulary import NOTICES
from bot.errors import Conflict


@dataclass(frozen=True)
class CaseFile:
    """Everything about one case.

    Attributes:
        tellable: notices for which there is something to tell.
        untold: those of them that the customer has not been given yet.
        steps: the next longer term that could be asked for, if any.
        alike: the customer's other complaints, newest first.
        held: why it is kept whatever its age.
        keep_until: the last day on which it has to be kept; None while it is not over.
    """

    case: Complaint
    term: Deadline
    facts: tuple[Facts, ...]
    extensions: tuple[Extension, ...]
    pauses: tuple[Pause, ...]
    notices: tuple[Notice, ...]
    history: tuple[Move, ...]
    draft: Draft | None
    review: Review | None
    review_term: Deadline | None
    review_until: datetime | None
    recused: dict[str, str]
    tellable: tuple[str, ...]
    untold: tuple[str, ...]
    steps: tuple[str, ...]
    alike: tuple[Complaint, ...]
    held: str | None
    keep_until: str | None

    @property
    def number(self) -> str:
        return self.case.number

    @property
    def unjudged(self) -> tuple[Facts, ...]:
        """What the customer added and nobody has judged."""
        return tuple(each for each in self.facts if each.new is None)

    @property
    def running(self) -> tuple[str, ...]:
        """Kinds of pauses that have not ended."""
        return tuple(each.kind for each in self.pauses if each.ended_at is None)

    @property
    def asked(self) -> Extension | None:
        """The extension that waits for its approval."""
        last = self.extensions[-1] if self.extensions else None
        if last is None or last.approver or not TERMS[self.case.source].steps[last.step].approved:
            return None
        return last


class CaseFiles(Closing):
    """Reads case files."""

    def read(self, number: str) -> CaseFile:
        """The case file.

        Raises:
            NotFound: no complaint has the number.
        """
        case, now = self.get(number), self._clock()
        timeline = self.timelines([case])[number]
        review = self.review(number)
        notices, term = self.notices(number), deadline(timeline, now)
        tellable = self._tellable(case)
        over = over_at(case, review)
        return CaseFile(
            case=case,
            term=term,
            facts=tuple(timeline.facts),
            extensions=tuple(timeline.extensions),
            pauses=tuple(timeline.pauses),
            notices=notices,
            history=self.history(number),
            draft=self._draft(number),
            review=review,
            review_term=None
            if review is None
            else review_deadline(review.asked_at, review.told_at, now),
            review_until=self.review_until(case),
            recused=self.recused(number),
            tellable=tuple(tellable),
            untold=tuple(what for what, since in tellable.items() if _untold(what, since, notices)),
            steps=_next_steps(case, term),
            alike=self._alike(case),
            held=self._held(number),
            keep_until=None if over is None else keep_until(over, KEEP_YEARS).isoformat(),
        )

    def _tellable(self, case: Complaint) -> dict[str, datetime]:
        """What could be told now, each with since when there has been something to tell."""
        found = {}
        for what in NOTICES:
            try:
                found[what], _ = self.matter(case, what)
            except Conflict:
                continue
        return found

    def _draft(self, number: str) -> Draft | None:
        row, answer = self.newest(complaint_answers, number), self.answer(number)
        if row is None or answer is None:
            return None
        return Draft(answer, row.written_by, row.written_at, row.approved_by, row.approved_at)

    def _alike(self, case: Complaint) -> tuple[Complaint, ...]:
        found = self.cases(complaints.c.customer_id == case.customer_id)
        return tuple(each for each in reversed(found) if each.number != case.number)

    def _held(self, number: str) -> str | None:
        query = select(complaint_holds.c.why).where(complaint_holds.c.number == number)
        with self._db.read() as tx:
            return tx.execute(query).scalar()


def _untold(what: str, since: datetime, notices: tuple[Notice, ...]) -> bool:
    return not any(each.what == what and each.recorded_at >= since for each in notices)


def _next_steps(case: Complaint, term: Deadline) -> tuple[str, ...]:
    """The step that :func:`bot.complaints.clock.check_extension` would let pass."""
    if term.overdue or case.ended_at is not None:
        return ()
    return tuple(step for step in TERMS[case.source].steps if step not in term.granted)[:1]
