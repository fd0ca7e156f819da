"""A complaint as its owner may see it: what is the bank's own business stays out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.complaints.case import OPEN_STATES, Answer, Complaint, Facts, Notice, Review
from bot.complaints.clock import Deadline, deadline, review_deadline
from bot.complaints.store import CaseStore


@dataclass(frozen=True)
class View:
    """One complaint and all that its owner may know of it.

    ``answer`` and a review's outcome appear once they were told; ``may`` names what the owner can
    do now (``add_facts``, ``withdraw``, ``ask_review``), the last until ``review_until``.
    """

    number: str
    category: str
    state: str
    text: str
    received_at: datetime
    deadline: Deadline
    facts: tuple[Facts, ...]
    notices: tuple[Notice, ...]
    may: tuple[str, ...]
    answer: Answer | None = None
    review: Review | None = None
    review_deadline: Deadline | None = None
    review_until: datetime | None = None
    merged_into: str | None = None

    @property
    def open(self) -> bool:
        """Whether the bank still has to answer it."""
        return self.state in OPEN_STATES


def view_of(cases: CaseStore, case: Complaint, now: datetime) -> View:
    """How ``case`` stands at ``now``, for its owner."""
    review, until = cases.review(case.number), cases.review_until(case)
    may: tuple[str, ...] = ("add_facts", "withdraw") if case.state in OPEN_STATES else ()
    if until is not None and review is None and now <= until:
        may = ("ask_review",)
    term = review and review_deadline(review.asked_at, review.told_at, now)
    return View(
        number=case.number,
        category=case.category,
        # What stands between handling and the answer is the bank's own business.
        state="handling" if case.state in ("drafted", "approved") else case.state,
        text=case.text,
        received_at=case.received_at,
        deadline=deadline(cases.timelines([case])[case.number], now),
        facts=cases.facts(case.number),
        notices=cases.notices(case.number),
        may=may,
        answer=None if until is None else cases.answer(case.number),
        review=review and untold(review),
        review_deadline=term or None,
        review_until=until,
        merged_into=case.merged_into,
    )


def untold(review: Review) -> Review:
    """The review as its owner may see it: what it came to, only once that was told."""
    return review if review.told_at is not None else Review(review.asked_at, review.why, "asked")
