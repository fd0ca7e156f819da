"""What the term of an open complaint depends on: new facts, extensions, pauses."""

from __future__ import annotations

from sqlalchemy import insert, update
from sqlalchemy.engine import Row

from bot.complaints.case import Facts, Pause
from bot.complaints.clock import TERMS, Deadline, check_extension
from bot.complaints.store import CaseStore, record
from bot.complaints.tables import complaint_extensions, complaint_facts, complaint_pauses
from bot.complaints.vocabulary import PAUSES, check_name, check_text
from bot.errors import Conflict, Forbidden, NotFound


class TermWork(CaseStore):
    """What staff do about the term. ``by`` is who does it; the callers know their roles.

    All methods raise :class:`NotFound` for an unknown number and :class:`Conflict` for a
    complaint that has ended.
    """

    def judge_facts(self, number: str, facts_id: int, *, by: str, new: bool, why: str) -> Deadline:
        """Say whether what the complainant added is new; new facts start the term anew (18).

        A draft made without them goes back to its handler. What came or is judged after the
        term ran out is answered too, but revives no term.

        Raises:
            NotFound: the complaint has no such addition. Conflict: it was judged already.
        """
        why = check_text(why, "判断理由")
        with self._db.begin() as tx:
            case = self.open_case(number)
            row = self.newest(complaint_facts, number, complaint_facts.c.id == facts_id)
            if row is None:
                raise NotFound(f"投诉 {number} 没有补充材料 {facts_id}")
            if record(Facts, row).new is not None:
                raise Conflict(f"补充材料 {facts_id} 已经判断过")
            tx.execute(
                update(complaint_facts)
                .where(complaint_facts.c.id == facts_id)
                .values(new=new, judged_at=self._clock(), judged_by=by)
            )
            what = "facts_new" if new else "facts_repeat"
            if new and case.state in ("drafted", "approved"):
                self.move(case, by, what, "handling", why)
            else:
                self.note(number, by, what, case.state, why)
            return self.deadline(number)

    def ask_extension(self, number: str, step: str, *, by: str, why: str) -> Deadline:
        """Ask for a longer term; it is granted at once where law needs no approval (18).

        A later request takes the place of an earlier one that was not granted.

        Raises:
            Invalid: no such step, or no reason. Conflict: too late, or not its turn.
        """
        why = check_text(why, "延期理由")
        with self._db.begin() as tx:
            case = self.open_case(number)
            check_extension(self.timelines([case])[number], step, self._clock())
            tx.execute(
                insert(complaint_extensions).values(
                    number=number, step=step, asked_at=self._clock(), asked_by=by, reason=why
                )
            )
            self.note(number, by, "extension_asked", case.state, f"{step}: {why}")
            return self.deadline(number)

    def approve_extension(self, number: str, *, by: str) -> Deadline:
        """Approve the extension asked for; ``by`` is of the level above or a senior manager.

        It takes effect once the complainant is told (:meth:`Closing.tell`).

        Raises:
            Forbidden: ``by`` asked for it, handles the complaint, or must not.
            Conflict: none waits for approval, or the term is over.
        """
        with self._db.begin() as tx:
            case = self.open_case(number)
            row = self.newest(complaint_extensions, number)
            if row is None or row.approver or not TERMS[case.source].steps[row.step].approved:
                raise Conflict(f"投诉 {number} 没有待审批的延期申请")
            if by in (row.asked_by, case.handler):
                raise Forbidden("延期须由申请人和经办人以外的上级审批")
            self.check_impartial(number, by)
            check_extension(self.timelines([case])[number], row.step, self._clock())
            tx.execute(
                update(complaint_extensions)
                .where(complaint_extensions.c.id == row.id)
                .values(approver=by, approved_at=self._clock())
            )
            self.note(number, by, "extension_approved", case.state, row.step)
            return self.deadline(number)

    def pause(self, number: str, kind: str, *, by: str, why: str) -> Deadline:
        """Stop the term, from now on; an appraisal stops it once the complainant is told.

        Raises:
            Invalid: no such kind, or no reason.
            Conflict: such a pause is running already, or the term is over.
        """
        check_name(kind, PAUSES, "中止原因")
        why = check_text(why, "中止说明")
        with self._db.begin() as tx:
            case = self.open_case(number)
            if self._running(number, kind) is not None:
                raise Conflict(f"投诉 {number} 正在{PAUSES[kind]}")
            if self.deadline(number).overdue:
                raise Conflict(f"投诉 {number} 期限已届满，不能再中止计时")
            pause = Pause(kind, self._clock())
            tx.execute(insert(complaint_pauses).values(number=number, **pause.__dict__))
            self.note(number, by, "paused", case.state, f"{kind}: {why}")
            return self.deadline(number)

    def resume(self, number: str, kind: str, *, by: str, why: str = "") -> Deadline:
        """End a pause, now; the complainant is to be told of the day that is due then.

        Raises:
            Conflict: no such pause is running.
        """
        with self._db.begin() as tx:
            case = self.open_case(number)
            row = self._running(number, kind)
            if row is None:
                raise Conflict(f"投诉 {number} 没有进行中的{PAUSES.get(kind, kind)}")
            tx.execute(
                update(complaint_pauses)
                .where(complaint_pauses.c.id == row.id)
                .values(ended_at=self._clock())
            )
            self.note(number, by, "resumed", case.state, f"{kind}: {why}")
            return self.deadline(number)

    def _running(self, number: str, kind: str) -> Row | None:
        mine = (complaint_pauses.c.kind == kind, complaint_pauses.c.ended_at.is_(None))
        return self.newest(complaint_pauses, number, *mine)
