"""The bank's answer: written by one, approved by another, told with proof; and its review."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from bot.complaints.case import (
    CHANNELS,
    NOTICES,
    OPEN_STATES,
    REVIEW_MOVES,
    REVIEW_OUTCOMES,
    ROOT_CAUSES,
    Answer,
    Complaint,
    Notice,
    Review,
    check_name,
    check_text,
)
from bot.complaints.clock import TERMS
from bot.complaints.store import CaseStore
from bot.complaints.tables import (
    complaint_answers,
    complaint_extensions,
    complaint_facts,
    complaint_moves,
    complaint_notices,
    complaint_pauses,
    complaint_reviews,
    complaints,
)
from bot.errors import Conflict, Forbidden, Invalid

# Notices on which a term depends; after its end they would come to nothing.
_MOVES_THE_TERM = {"extension": complaint_extensions, "pause": complaint_pauses}


class Closing(CaseStore):
    """How a complaint comes to its end. ``by`` is who does it; the callers know their roles.

    All methods raise :class:`NotFound` for an unknown number and :class:`Conflict` in a state
    that does not allow them.
    """

    def write(self, number: str, answer: Answer, *, by: str) -> Complaint:
        """The handler hands in the closing form for approval.

        Raises:
            Forbidden: somebody else handles the complaint.
            Conflict: something the complainant added has not been judged yet.
        """
        with self._db.begin() as tx:
            case = self.open_case(number)
            if case.handler != by:
                raise Forbidden(f"投诉 {number} 由 {case.handler or '待分派'} 负责，请先改派")
            self._check_judged(number)
            moved = self.move(case, by, "drafted", "drafted", answer.outcome)
            tx.execute(
                insert(complaint_answers).values(
                    number=number, written_by=by, written_at=self._clock(), **answer.__dict__
                )
            )
        return moved

    def send_back(self, number: str, *, by: str, why: str) -> Complaint:
        """Return a draft, or an answer approved but not told, to its handler."""
        why = check_text(why, "退回原因")
        with self._db.begin():
            case = self.open_case(number)
            if case.state not in ("drafted", "approved"):
                raise Conflict(f"投诉 {number} 没有待审批或待告知的答复")
            return self.move(case, by, "sent_back", "handling", why)

    def approve(self, number: str, *, by: str) -> Complaint:
        """Approve the draft; whoever wrote it, or must not handle the case, cannot.

        Raises:
            Forbidden: ``by`` may not. Conflict: an addition has not been judged yet.
        """
        with self._db.begin() as tx:
            case = self.open_case(number)
            draft = self.newest(complaint_answers, number)
            if case.state != "drafted" or draft is None:
                raise Conflict(f"投诉 {number} 没有待审批的答复")
            if by in (draft.written_by, case.handler):
                raise Forbidden("答复须由拟写人以外的人审批")
            self.check_impartial(number, by)
            self._check_judged(number)
            tx.execute(
                update(complaint_answers)
                .where(complaint_answers.c.id == draft.id)
                .values(approved_by=by, approved_at=self._clock())
            )
            return self.move(case, by, "approved", "approved", "")

    def tell(
        self, number: str, what: str, *, by: str, channel: str, at: datetime, proof: str
    ) -> Complaint:
        """Put on record that the customer was told, when and by what it is shown (21).

        ``extension``, ``pause``, ``decision`` and ``review`` take effect with it: the decision
        ends the case at ``at``.

        Args:
            what: one of :data:`bot.complaints.case.NOTICES`.
            at: when it was said or sent; not before what is told of, nor in the future.
            proof: a recording's number, a message's id, a postal receipt…

        Raises:
            Invalid: a name is unknown, the proof empty or ``at`` impossible.
            Conflict: there is nothing of the kind to be told.
        """
        check_name(what, NOTICES, "告知事项")
        check_name(channel, CHANNELS, "渠道")
        now = self._clock()
        if at.tzinfo is None:
            raise Invalid(f"告知时间 {at.isoformat()} 缺少时区，例如 2026-03-02T10:00:00+08:00")
        notice = Notice(what, channel, at, check_text(proof, "告知凭证"), by, now)
        with self._db.begin() as tx:
            case = self.get(number, lock=True)
            since = self._told_since(case, what)
            if not since <= at <= now:
                raise Invalid(f"告知时间 {at.isoformat()} 应在 {since.isoformat()} 与现在之间")
            tx.execute(insert(complaint_notices).values(number=number, **notice.__dict__))
            self._set_told(number, what, at)
            if what == "decision":
                return self.move(case, by, "decided", "decided", channel, ended_at=at)
            self.note(number, by, f"told_{what}", case.state, channel)
        return case

    def decide_review(self, number: str, *, by: str, outcome: str, findings: str) -> Review:
        """The level above decides the review; ``by`` had nothing to do with the case (20).

        Raises:
            Invalid: an unknown outcome, or no findings.
            Forbidden: ``by`` handled, wrote or approved, or must not handle the case.
            Conflict: no review waits for a decision.
        """
        check_name(outcome, REVIEW_OUTCOMES, "核查结论")
        findings = check_text(findings, "核查情况")
        with self._db.begin() as tx:
            case = self.get(number, lock=True)
            review = self.review(number)
            if review is None or "decided" not in REVIEW_MOVES[review.state]:
                raise Conflict(f"投诉 {number} 没有待核查的申请")
            if by in self._involved(case):
                raise Forbidden(f"{by} 经办过投诉 {number}，核查须由其他人作出")
            self.check_impartial(number, by)
            tx.execute(
                update(complaint_reviews)
                .where(complaint_reviews.c.number == number)
                .values(
                    state="decided", reviewer=by, outcome=outcome, findings=findings,
                    decided_at=self._clock(),
                )
            )  # fmt: skip
            self.note(number, by, "review_decided", case.state, outcome)
            decided = self.review(number)
            assert decided is not None
        return decided

    def set_root_cause(self, number: str, cause: str, *, by: str, note: str) -> Complaint:
        """Say why the complaint came about; it may be corrected later.

        Raises:
            Invalid: an unknown cause, or no explanation.
        """
        check_name(cause, ROOT_CAUSES, "投诉根源")
        note = check_text(note, "根源说明")
        with self._db.begin() as tx:
            case = self.get(number, lock=True)
            tx.execute(
                update(complaints)
                .where(complaints.c.number == number)
                .values(root_cause=cause, root_note=note)
            )
            self.note(number, by, "root_cause", case.state, f"{cause}: {note}")
        return self.get(number)

    def _check_judged(self, number: str) -> None:
        if self.newest(complaint_facts, number, complaint_facts.c.new.is_(None)) is not None:
            raise Conflict(f"投诉 {number} 有未判断的补充材料，请先判断是否为新事实")

    def _told_since(self, case: Complaint, what: str) -> datetime:
        """From when ``what`` can have been told; raises Conflict where there is nothing to tell."""
        since: datetime | None = None
        if what in _MOVES_THE_TERM and case.state not in OPEN_STATES:
            pass
        elif what == "decision":
            self._check_judged(case.number)
            row = self.newest(complaint_answers, case.number)
            since = row.approved_at if row is not None and case.state == "approved" else None
        elif what == "extension":
            row = self.newest(complaint_extensions, case.number)
            if row is not None and row.told_at is None:
                approved = TERMS[case.source].steps[row.step].approved
                since = row.approved_at if approved else row.asked_at
        elif what == "pause":
            row = self.newest(complaint_pauses, case.number, complaint_pauses.c.told_at.is_(None))
            since = row and row.begun_at
        elif what == "review":
            review = self.review(case.number)
            since = review.decided_at if review is not None and review.state == "decided" else None
        else:
            since = case.received_at
        if since is None:
            raise Conflict(f"投诉 {case.number} 没有待告知的{NOTICES[what].removesuffix('告知')}")
        return since

    def _set_told(self, number: str, what: str, at: datetime) -> None:
        with self._db.begin() as tx:
            if what == "review":
                mine = complaint_reviews.c.number == number
                told = {"state": "told", "told_at": at}
                tx.execute(update(complaint_reviews).where(mine).values(**told))
            table = _MOVES_THE_TERM.get(what)
            if table is not None:
                row = self.newest(table, number, table.c.told_at.is_(None))
                if row is not None:
                    tx.execute(update(table).where(table.c.id == row.id).values(told_at=at))

    def _involved(self, case: Complaint) -> set[str]:
        """Everybody who ever handled the case, or wrote or approved an answer to it."""
        people = {case.handler} if case.handler else set()
        for row in self.rows(complaint_answers, [case.number]):
            people |= {row.written_by, row.approved_by} - {None}
        assigned = (complaint_moves.c.number == case.number, complaint_moves.c.what == "assigned")
        with self._db.read() as tx:
            people |= set(tx.execute(select(complaint_moves.c.whom).where(*assigned)).scalars())
        return people
