"""The review of a decision (20): given to somebody new of the level above, who decides."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from bot.complaints.case import REVIEW_MOVES, Complaint, Review
from bot.complaints.store import CaseStore
from bot.complaints.tables import complaint_answers, complaint_moves, complaint_reviews
from bot.complaints.vocabulary import REVIEW_OUTCOMES, check_name, check_text
from bot.errors import Conflict, Forbidden


class Reviewing(CaseStore):
    """What the level above does with a review; it is told as every notice is (:meth:`Closing.tell`)."""

    def assign(self, number: str, to: str, *, by: str) -> Review:
        """Give the review to somebody of the level above who had nothing to do with the case (20).

        Raises:
            Forbidden: ``to`` handled, wrote or approved, or must not handle the case.
            Conflict: no review waits for a decision.
        """
        with self._db.begin():
            case, _ = self._review_of(number, "handling")
            self._check_uninvolved(case, to)
            self._set_review(number, state="handling", reviewer=to)
            self.note(number, by, "review_assigned", case.state, "", to)
        return self._reviewed(number)

    def decide(self, number: str, *, by: str, outcome: str, findings: str) -> Review:
        """The reviewer decides (20).

        Raises:
            Invalid: an unknown outcome, or no findings.
            Forbidden: somebody else has the review, or ``by`` must not have it any more.
            Conflict: no review waits for a decision.
        """
        check_name(outcome, REVIEW_OUTCOMES, "核查结论")
        findings = check_text(findings, "核查情况")
        with self._db.begin():
            case, review = self._review_of(number, "decided")
            if review.reviewer != by:
                raise Forbidden(f"投诉 {number} 的核查由 {review.reviewer} 负责，请先改派")
            self._check_uninvolved(case, by)
            now = self._clock()
            self._set_review(
                number, state="decided", outcome=outcome, findings=findings, decided_at=now
            )
            self.note(number, by, "review_decided", case.state, outcome)
        return self._reviewed(number)

    def _set_review(self, number: str, **values: Any) -> None:
        mine = complaint_reviews.c.number == number
        with self._db.begin() as tx:
            tx.execute(update(complaint_reviews).where(mine).values(**values))

    def _review_of(self, number: str, state: str) -> tuple[Complaint, Review]:
        """The case, locked, and its review, if that may move to ``state``."""
        case, review = self.get(number, lock=True), self.review(number)
        if review is None or review.state in ("decided", "told"):
            raise Conflict(f"投诉 {number} 没有待核查的申请")
        if state not in REVIEW_MOVES[review.state]:
            raise Conflict(f"投诉 {number} 的核查还没有分派，请先分派给上级的核查人")
        return case, review

    def _reviewed(self, number: str) -> Review:
        review = self.review(number)
        assert review is not None
        return review

    def _check_uninvolved(self, case: Complaint, person: str) -> None:
        if person in self._involved(case):
            raise Forbidden(f"{person} 经办过投诉 {case.number}，核查须由其他人作出")
        self.check_impartial(case.number, person)

    def _involved(self, case: Complaint) -> set[str]:
        """Everybody who ever handled the case, or wrote or approved an answer to it."""
        people = {case.handler} if case.handler else set()
        for row in self.rows(complaint_answers, [case.number]):
            people |= {row.written_by, row.approved_by} - {None}
        assigned = (complaint_moves.c.number == case.number, complaint_moves.c.what == "assigned")
        with self._db.read() as tx:
            people |= set(tx.execute(select(complaint_moves.c.whom).where(*assigned)).scalars())
        return people
