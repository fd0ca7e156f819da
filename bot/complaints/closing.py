"""The bank's answer: written by one, approved by another, told with proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, update
from sqlalchemy.engine import Row

from bot.complaints.case import OPEN_STATES, Answer, Complaint, Notice
from bot.complaints.clock import TERMS
from bot.complaints.store import CaseStore
from bot.complaints.tables import (
    complaint_answers,
    complaint_extensions,
    complaint_facts,
    complaint_notices,
    complaint_pauses,
    complaint_reviews,
)
from bot.complaints.vocabulary import (
    CHANNELS,
    NOTICES,
    check_name,
    check_text,
)
from bot.complaints.wording import notice_text
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
        self,
        number: str,
        what: str,
        *,
        by: str,
        channel: str,
        at: datetime,
        proof: str | Callable[[str], str],
    ) -> Complaint:
        """Put on record that the customer was told, in which words, when and with what proof (21).

        ``extension``, ``pause``, ``decision`` and ``review`` take effect with it: the decision
        ends the case at ``at``.

        Args:
            what: one of :data:`bot.complaints.vocabulary.NOTICES`.
            at: when it was said or sent; not before what is told of, nor in the future.
            proof: a recording's number, a message's id, a postal receipt… or what sends the words
                itself, in this transaction, and returns such a proof.

        Raises:
            Invalid: a name is unknown, the proof empty or ``at`` impossible.
            Conflict: there is nothing of the kind to be told.
        """
        check_name(what, NOTICES, "告知事项")
        check_name(channel, CHANNELS, "渠道")
        if at.tzinfo is None:
            raise Invalid(f"告知时间 {at.isoformat()} 缺少时区，例如 2026-03-02T10:00:00+08:00")
        with self._db.begin() as tx:
            case = self.get(number, lock=True)
            since, matter = self.matter(case, what)
            now = self._clock()
            if not since <= at <= now:
                raise Invalid(f"告知时间 {at.isoformat()} 应在 {since.isoformat()} 与现在之间")
            self._set_told(number, what, matter, at)
            if what == "decision":
                case = self.move(case, by, "decided", "decided", channel, ended_at=at)
            else:
                self.note(number, by, f"told_{what}", case.state, channel)
            term = self.deadline(case.merged_into or number)
            text = notice_text(what, number, term, matter, at, channel == "letter")
            shown = proof(text) if callable(proof) else proof
            notice = Notice(what, channel, at, check_text(shown, "告知凭证"), by, now, text)
            tx.execute(insert(complaint_notices).values(number=number, **notice.__dict__))
        return case

    def _check_judged(self, number: str) -> None:
        if self.newest(complaint_facts, number, complaint_facts.c.new.is_(None)) is not None:
            raise Conflict(f"投诉 {number} 有未判断的补充材料，请先判断是否为新事实")

    def matter(self, case: Complaint, what: str) -> tuple[datetime, Any]:
        """What a notice would be about, and from when it can have been told.

        Raises:
            Conflict: there is nothing of the kind to tell.
        """
        if what == "acceptance":
            return case.received_at, case
        row: Any = None
        if case.state in OPEN_STATES:
            row, since = self._open_matter(case, what)
        elif what == "withdrawal" and case.state == "withdrawn":
            row, since = case, case.ended_at
        elif what == "merge" and case.merged_into:
            row, since = self.get(case.merged_into), case.ended_at
        elif what in ("review", "review_acceptance"):
            row = self.review(case.number)
            since = row and (row.asked_at if what == "review_acceptance" else row.decided_at)
            told = row is not None and row.state == "told"
            row = row if since is not None and not told else None
        if row is None or since is None:
            raise Conflict(f"投诉 {case.number} 没有待告知的{NOTICES[what].removesuffix('告知')}")
        return since, row

    def _open_matter(self, case: Complaint, what: str) -> tuple[Any, datetime | None]:
        """:meth:`matter` of what is told while a case is open: of several the latest."""
        if what == "decision" and case.state == "approved":
            self._check_judged(case.number)
            row = self.newest(complaint_answers, case.number)
            return row, row and row.approved_at
        if what not in _TELLABLE:
            return None, None
        table, since = _TELLABLE[what]
        found = [
            # A pause that runs goes before one that ended before its telling was entered.
            (getattr(row, "ended_at", None) is None, at, row.id, row)
            for row in self.rows(table, [case.number])
            if (at := since(row, case.source)) is not None
        ]
        if not found:
            return None, None
        _, at, _, row = max(found, key=lambda each: each[:3])
        return row, at

    def _set_told(self, number: str, what: str, matter: Any, at: datetime) -> None:
        told: dict[str, Any] = {"told_at": at}
        if what == "review":
            mine = update(complaint_reviews).where(complaint_reviews.c.number == number)
            told["state"] = "told"
        elif what in _MOVES_THE_TERM:
            table = _MOVES_THE_TERM[what]
            mine = update(table).where(table.c.id == matter.id)
        else:
            return
        with self._db.begin() as tx:
            tx.execute(mine.values(**told))


def _extended(row: Row, source: str) -> datetime | None:
    if row.told_at is not None:
        return None
    return row.approved_at if TERMS[source].steps[row.step].approved else row.asked_at


# Where what is told of an open case stands, and from when a row of it can have been told.
_TELLABLE: dict[str, tuple[Table, Callable[[Row, str], datetime | None]]] = {
    "extension": (complaint_extensions, _extended),
    "pause": (complaint_pauses, lambda row, _: row.begun_at if row.told_at is None else None),
    "resume": (complaint_pauses, lambda row, _: row.ended_at),
    "facts": (complaint_facts, lambda row, _: row.judged_at),
}
