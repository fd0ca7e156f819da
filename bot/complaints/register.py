"""The customer's side of complaints: make one, follow it, add to it, withdraw, ask for review."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.complaints.case import OPEN_STATES, Answer, Complaint, Facts, Review, check_text
from bot.complaints.clock import Deadline, deadline, review_deadline
from bot.complaints.store import CUSTOMER, CaseStore, record
from bot.complaints.tables import (
    complaint_facts,
    complaint_numbers,
    complaint_reviews,
    complaints,
)
from bot.errors import Conflict, NotFound
from bot.storage import Database
from bot.storage.series import next_in_series
from bot.text.clock import Clock, shanghai, utc_now
from bot.text.masking import drop_secrets, mask_text


@dataclass(frozen=True)
class View:
    """A complaint as its owner may see it.

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
    may: tuple[str, ...]
    answer: Answer | None = None
    review: Review | None = None
    review_deadline: Deadline | None = None
    review_until: datetime | None = None


class Register:
    """Every method is for the owner named by ``customer_id``; another's case is not found."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock
        # Held, not inherited: reading a case by its number alone is for staff.
        self._cases = CaseStore(db, clock)

    def open(
        self,
        customer_id: str,
        *,
        category: str,
        text: str,
        channel: str,
        key: str,
        relation: str = "self",
        source: str = "customer",
        conversation_id: str | None = None,
    ) -> tuple[Complaint, bool]:
        """Take a complaint in; the same ``key`` again gives the one there is, and ``False``.

        The text is kept masked. The lawful term starts with this call.

        Raises:
            Invalid: a name is unknown, or the text empty or too long.
            Conflict: the key came before, with something else.
        """
        parts = "\0".join((category, text, channel, relation, source))
        body = hashlib.sha256(parts.encode()).hexdigest()
        now = self._clock()
        with self._db.begin() as tx:
            known = self._known(customer_id, key, body)
            if known is not None:
                return known, False
            case = Complaint(
                "", customer_id, relation, category, channel, source,
                _masked(text, "投诉内容"), conversation_id, "received", None, now,
            )  # fmt: skip
            case = replace(case, number=self._next_number())
            try:
                with tx.begin_nested():
                    row = {**case.__dict__, "key": key, "body_hash": body}
                    tx.execute(insert(complaints).values(**row))
            except IntegrityError:  # another process took it in between the look and the insert
                known = self._known(customer_id, key, body)
                if known is None:
                    raise
                return known, False
            self._cases.note(case.number, CUSTOMER, "opened", "received", "")
        return case, True

    def view(self, number: str, customer_id: str) -> View:
        """How the complaint stands, for its owner.

        Raises:
            NotFound: there is none of the number, or it is another's.
        """
        return self._view(self._own(number, customer_id))

    def of(self, customer_id: str) -> tuple[View, ...]:
        """All complaints of a customer, newest first."""
        order = (complaints.c.received_at.desc(), complaints.c.number.desc())
        query = select(complaints).where(complaints.c.customer_id == customer_id)
        with self._db.read() as tx:
            rows = tx.execute(query.order_by(*order)).all()
        return tuple(self._view(record(Complaint, row)) for row in rows)

    def add_facts(self, number: str, customer_id: str, text: str, key: str) -> Facts:
        """Add to an open complaint; the same ``key`` again adds nothing.

        The term does not move before somebody judged the addition to be new.

        Raises:
            NotFound: not the customer's. Invalid: empty or too long.
            Conflict: the case has ended, or the key came before with something else.
        """
        text = _masked(text, "补充内容")
        with self._db.begin() as tx:
            case = self._own(number, customer_id, lock=True)
            known = self._cases.newest(complaint_facts, number, complaint_facts.c.key == key)
            if known is not None:
                if known.text != text:
                    raise Conflict(f"重复的请求编号 {key!r} 内容不同，请换一个编号")
                return record(Facts, known)
            if case.state not in OPEN_STATES:
                raise Conflict(f"投诉 {number} 已结束，不能再补充；可以申请核查或另提投诉")
            tx.execute(
                insert(complaint_facts).values(
                    number=number, key=key, received_at=self._clock(), text=text
                )
            )
            self._cases.note(number, CUSTOMER, "facts_added", case.state, "")
            added = self._cases.newest(complaint_facts, number, complaint_facts.c.key == key)
            assert added is not None
        return record(Facts, added)

    def withdraw(self, number: str, customer_id: str, why: str = "") -> Complaint:
        """End an open complaint, now (15); one withdrawn already stays as it is.

        Raises:
            NotFound: not the customer's. Conflict: it was answered already.
        """
        with self._db.begin():
            case = self._own(number, customer_id, lock=True)
            if case.state == "withdrawn":
                return case
            why = _masked(why, "撤诉原因") if why.strip() else ""
            now = self._clock()
            return self._cases.move(case, CUSTOMER, "withdrawn", "withdrawn", why, ended_at=now)

    def ask_review(self, number: str, customer_id: str, why: str) -> Review:
        """Ask the level above to look again, within 30 days of the decision (20); once only.

        Raises:
            NotFound: not the customer's. Invalid: no reason given.
            Conflict: nothing was decided yet, it is too late, or a review was decided already.
        """
        why = _masked(why, "申请核查的理由")
        with self._db.begin() as tx:
            case = self._own(number, customer_id, lock=True)
            known = self._cases.review(number)
            if known is not None and known.told_at is None:
                return _untold(known)
            if known is not None:
                raise Conflict(f"投诉 {number} 已经核查过，可以通过调解、仲裁或诉讼解决")
            until = self._cases.review_until(case)
            if until is None:
                raise Conflict(f"投诉 {number} 还没有处理决定，收到决定后才能申请核查")
            if self._clock() > until:
                on = shanghai(until)
                raise Conflict(
                    f"申请核查的期限已于 {on.year}年{on.month}月{on.day}日届满，"
                    "可以通过调解、仲裁或诉讼解决"
                )
            review = Review(self._clock(), why, "asked")
            tx.execute(insert(complaint_reviews).values(number=number, **review.__dict__))
            self._cases.note(number, CUSTOMER, "review_asked", case.state, why)
        return review

    def _own(self, number: str, customer_id: str, *, lock: bool = False) -> Complaint:
        case = self._cases.get(number, lock=lock)
        if case.customer_id != customer_id:
            raise NotFound(f"没有投诉 {number}，请核对编号")
        return case

    def _view(self, case: Complaint) -> View:
        now, review = self._clock(), self._cases.review(case.number)
        until = self._cases.review_until(case)
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
            deadline=deadline(self._cases.timelines([case])[case.number], now),
            facts=self._cases.facts(case.number),
            may=may,
            answer=None if until is None else self._cases.answer(case.number),
            review=review and _untold(review),
            review_deadline=term or None,
            review_until=until,
        )

    def _known(self, customer_id: str, key: str, body: str) -> Complaint | None:
        mine = (complaints.c.customer_id == customer_id, complaints.c.key == key)
        with self._db.read() as tx:
            row = tx.execute(select(complaints).where(*mine)).first()
        if row is None:
            return None
        if row.body_hash != body:
            raise Conflict(f"重复的请求编号 {key!r} 内容不同，请换一个编号")
        return record(Complaint, row)

    def _next_number(self) -> str:
        day = shanghai(self._clock()).strftime("%Y%m%d")
        with self._db.begin() as tx:
            last = next_in_series(tx, complaint_numbers, day)
        # CT: masking leaves digits behind a T alone, so that a customer can quote the number.
        return f"CT{day}-{last:04d}"


def _untold(review: Review) -> Review:
    """The review as its owner may see it: what it came to, only once that was told."""
    return review if review.told_at is not None else Review(review.asked_at, review.why, "asked")


def _masked(text: str, what: str) -> str:
    return mask_text(drop_secrets(check_text(text, what))[0])
