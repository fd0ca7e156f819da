"""What has to be done by when, over all complaints: the most pressing first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import false, func, or_, select

from bot.complaints.case import OPEN_REVIEWS, OPEN_STATES, Complaint, Review
from bot.complaints.clock import Deadline, deadline, review_deadline
from bot.complaints.store import CaseStore, record
from bot.complaints.tables import complaint_reviews, complaints
from bot.complaints.vocabulary import check_name
from bot.text.calendar_math import monday
from bot.text.clock import shanghai

# What staff ask for.
SPANS = {"today": "今天到期", "week": "本周到期（含今天）", "overdue": "已超期"}

# How many of one customer's are looked up.
MOST_OF_ONE = 20


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
        tasks = self._tasks(self.cases(complaints.c.state.in_(OPEN_STATES)))
        query = select(complaint_reviews).where(complaint_reviews.c.state.in_(OPEN_REVIEWS))
        with self._db.read() as tx:
            reviews = {row.number: record(Review, row) for row in tx.execute(query)}
        for case in self.cases(complaints.c.number.in_(reviews)):
            review = reviews[case.number]
            tasks.append(Task(case, review_deadline(review.asked_at, None, now), review))
        return sorted(tasks, key=lambda task: (task.term.due_on, task.case.number))

    def search(self, text: str, most: int) -> list[Task]:
        """The newest cases, ended ones too, in which ``text`` stands: as part of the number, the
        words or the passing body's number, or as the whole of customer or handler."""
        said = text.strip()
        part = said.lower()
        columns = (complaints.c.number, complaints.c.text, complaints.c.source_ref)
        found = self.newest_first(
            most,
            or_(
                *(func.lower(column).contains(part, autoescape=True) for column in columns),
                complaints.c.customer_id == said,
                complaints.c.handler == said,
            ),
        )
        return self._tasks(found)

    def of(self, conversation_id: str | None, customer_id: str | None) -> list[Task]:
        """A conversation's complaints and its customer's others, newest first."""
        mine = [
            column == value
            for column, value in (
                (complaints.c.conversation_id, conversation_id),
                (complaints.c.customer_id, customer_id),
            )
            if value is not None
        ]
        return self._tasks(self.newest_first(MOST_OF_ONE, or_(false(), *mine)))

    def _tasks(self, cases: list[Complaint]) -> list[Task]:
        now, timelines = self._clock(), self.timelines(cases)
        return [Task(case, deadline(timelines[case.number], now)) for case in cases]

    def due(self, span: str) -> list[Task]:
        """Those due within one of :data:`SPANS`.

        Raises:
            Invalid: no such span.
        """
        tasks = self.open()
        return [task for task in tasks if self.within(task, span)]

    def within(self, task: Task, span: str) -> bool:
        """Whether a task is due within one of :data:`SPANS`.

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
        return within[span](task.term.due_on)
