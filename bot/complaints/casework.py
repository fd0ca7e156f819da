"""The bank's side of a complaint: who handles it, what it counts as, what it belongs to."""

from __future__ import annotations

from sqlalchemy import insert, update

from bot.complaints.case import Complaint
from bot.complaints.codes import Classification, CodeTable
from bot.complaints.store import CaseStore
from bot.complaints.tables import (
    complaint_answers,
    complaint_facts,
    complaint_recusals,
    complaint_reviews,
    complaints,
)
from bot.complaints.vocabulary import (
    CATEGORIES,
    RECUSALS,
    ROOT_CAUSES,
    check_name,
    check_text,
)
from bot.errors import Conflict, Invalid

# Where the handler or an answer in the making may be set aside.
_UNDER_WAY = ("handling", "drafted", "approved")


class Casework(CaseStore):
    """What staff do with a case itself. ``by`` is who does it; the callers know their roles.

    All methods raise :class:`NotFound` for an unknown number.
    """

    def assign(self, number: str, to: str, *, by: str, why: str = "") -> Complaint:
        """Give the complaint to a handler, or to another one.

        Raises:
            Forbidden: ``to`` must not handle it (17).
            Conflict: it has ended, or its answer is written.
        """
        with self._db.begin():
            case = self.open_case(number)
            if case.state not in ("received", "handling"):
                raise Conflict(f"投诉 {number} 的答复已拟写，请先退回再改派")
            self.check_impartial(number, to)
            return self.move(case, by, "assigned", "handling", why, whom=to, handler=to)

    def recuse(self, number: str, person: str, *, by: str, kind: str, why: str) -> Complaint:
        """Keep somebody (``kind`` of :data:`RECUSALS`) from having a hand in the complaint (17).

        If it is the handler, the case goes back to be given to another, and a draft with it; an
        answer that such a person approved goes back to its handler, a review to be given anew.
        """
        check_name(kind, RECUSALS, "回避原因")
        why = check_text(why, "回避说明")
        with self._db.begin() as tx:
            case = self.get(number, lock=True)  # a review needs impartial people too
            if person in self.recused(number):
                return case
            row = {"number": number, "person": person, "kind": kind, "by": by, "why": why}
            tx.execute(insert(complaint_recusals).values(at=self._clock(), **row))
            mine = (complaint_reviews.c.number == number, complaint_reviews.c.reviewer == person)
            free = update(complaint_reviews).where(*mine, complaint_reviews.c.state == "handling")
            tx.execute(free.values(state="asked", reviewer=None))
            if case.handler == person and case.state in _UNDER_WAY:
                return self.move(case, by, "recused", "received", why, whom=person, handler=None)
            answer = self.newest(complaint_answers, number)
            if case.state == "approved" and answer and answer.approved_by == person:
                return self.move(case, by, "recused", "handling", why, whom=person)
            self.note(number, by, "recused", case.state, why, person)
        return case

    def classify(
        self, number: str, codes: Classification, table: CodeTable, *, by: str, why: str
    ) -> Complaint:
        """Give the complaint its three codes, or others; also after it was answered.

        Raises:
            Invalid: a code is not in the table, or no reason is given.
        """
        table.check(codes)
        why = check_text(why, "分类说明")
        with self._db.begin() as tx:
            case = self.get(number, lock=True)
            mine = update(complaints).where(complaints.c.number == number)
            tx.execute(mine.values(**codes.__dict__))
            before = "/".join(
                (case.channel_code or "", case.business_code or "", case.cause_code or "")
            )
            after = "/".join(codes.__dict__.values())
            self.note(number, by, "classified", case.state, f"{before} → {after}: {why}")
        return self.get(number)

    def recategorise(self, number: str, category: str, *, by: str, why: str) -> Complaint:
        """Correct what the complaint is about, which was guessed from its words.

        Raises:
            Invalid: no such category, or no reason.
        """
        check_name(category, CATEGORIES, "投诉类别")
        why = check_text(why, "分类说明")
        with self._db.begin() as tx:
            case = self.get(number, lock=True)
            tx.execute(
                update(complaints).where(complaints.c.number == number).values(category=category)
            )
            self.note(number, by, "categorised", case.state, f"{case.category} → {category}: {why}")
        return self.get(number)

    def merge(self, number: str, into: str, *, by: str, why: str) -> Complaint:
        """Make a repeat part of the customer's earlier complaint of the same matter (18).

        Its words come to the earlier one as an addition, to be judged whether they are new; the
        earlier term goes on. What a regulator passed on has its own clock and stays by itself.

        Raises:
            Invalid: ``into`` is not the customer's, not earlier, or has another clock.
        """
        why = check_text(why, "合并说明")
        with self._db.begin() as tx:
            # The one with the lower number first, always: two merges do not wait for each other.
            pair = {each: self.open_case(each) for each in sorted((number, into))}
            case, earlier = pair[number], pair[into]
            if case.customer_id != earlier.customer_id or number == into:
                raise Invalid(f"{into} 不是同一位客户的另一件投诉，不能合并")
            if earlier.received_at > case.received_at:
                raise Invalid(f"{into} 收到得更晚：请把它并入 {number}，期限按先收到的计算")
            if case.source != earlier.source and case.source != "customer":
                raise Invalid(f"{number} 由外部单位转来，有自己的期限和来文编号，请单独处理")
            said = "\n".join([case.text, *(each.text for each in self.facts(number))])
            row = {"number": into, "key": f"merge:{number}", "text": said}
            tx.execute(insert(complaint_facts).values(received_at=case.received_at, **row))
            self.note(into, by, "merged_from", earlier.state, why, number)
            return self.move(
                case,
                by,
                "merged",
                "merged",
                why,
                whom=into,
                merged_into=into,
                ended_at=self._clock(),
            )

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
