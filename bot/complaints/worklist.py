"""What has to be done by when, over all complaints: the most pressing first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from bot.complaints.case import OPEN_REVIEWS, OPEN_STATES, Complaint, Review
from bot.complaints.clock import Deadline, deadline, review_deadline
from bot.complaints.store import CaseStore, record
from bot.complaints.tables import complaint_reviews, complaints
from bot.complaints.vocabulary import check_name
from bot.text.calendar_math import monday
from bot.text.clock import shanghai

# What staff ask for.
SPANS = {"today": "今天到期", "week": "本周到期（含今天）", "overdue": "已超期"}


@dataclass(frozen=True)
class Task:
    """An open complaint, or an open ``review`` of a decided one, and where its term stands."""

    case: Complaint
    term: Deadline
    review: Review | None = None

    @property
    def handler(self) -> str | None:
        """Who has to do it."""
        return self.case.handler if self.review is None else self.review.reviewer


class Worklist(CaseStore):
    """Reads what is open."""

    def open(self) -> list[Task]:
        """All open complaints and reviews."""
        now = self._clock()
        cases = self.cases(complaints.c.state.in_(OPEN_STATES))
        timelines = self.timelines(cases)
        tasks = [Task(case, deadline(timelines[case.number], now)) for case in cases]
        query = select(complaint_reviews).where(complaint_reviews.c.state.in_(OPEN_REVIEWS))
        with self._db.read() as tx:
            reviews = {row.number: record(Review, row) for row in tx.execute(query)}
        for case in self.cases(complaints.c.number.in_(reviews)):
            review = reviews[case.number]
            tasks.append(Task(case, review_deadline(review.asked_at, None, now), review))
        return sorted(tasks, key=lambda task: (task.term.due_on, task.case.number))

    def due(self, span: str) -> list[Task]:
        """Those due within one of :data:`SPANS`.

        Raises:
            Invalid: no such span.
        """
        check_name(span, SPANS, "期间")
        today = shanghai(self._clock()).date()
        sunday = monday(today) + timedelta(6)
        within: dict[str, Callable[[date], bool]] = {
            "today": lambda due: due == today,
            "week": lambda due: today <= due <= sunday,
            "overdue": lambda due: due < today,
        }
        return [task for task in self.open() if within[span](task.term.due_on)]
