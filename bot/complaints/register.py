"""The customer's side of complaints: make one, follow it, add to it, withdraw, ask for review."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.complaints.case import OPEN_STATES, Complaint, Facts, Filing, Review
from bot.complaints.store import CUSTOMER, CaseStore, columns_of, complaint_of, record
from bot.complaints.tables import (
    complaint_facts,
    complaint_numbers,
    complaint_requests,
    complaint_reviews,
    complaints,
)
from bot.complaints.view import View, untold, view_of
from bot.complaints.vocabulary import check_text
from bot.errors import Conflict, Invalid, NotFound
from bot.storage import Database
from bot.storage.series import next_in_series
from bot.text.clock import Clock, shanghai, utc_now
from bot.text.masking import drop_secrets, mask_text

CHAT = Filing("chat", proof="在线登录")


@dataclass(frozen=True)
class Arrival:
    """How something of the customer's reached the register: who entered it, and when it was
    received where that was before (a letter's day counts, not that of its entry)."""

    by: str = CUSTOMER
    at: datetime | None = None


NOW = Arrival()


class Reused(Conflict):
    """A request's key came before, with something else."""


class Register:
    """Every method is for the owner named by ``customer_id``; another's case is not found.

    A ``key`` names a request: the same again changes nothing, with something else it raises
    :class:`Reused`. An ``arrival`` in the future, or before the case, raises :class:`Invalid`.
    """

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
        key: str,
        filing: Filing = CHAT,
        conversation_id: str | None = None,
        arrival: Arrival = NOW,
    ) -> tuple[Complaint, bool]:
        """Take a complaint in; the same ``key`` again gives the one there is, and ``False``.

        The text is kept masked. The lawful term starts with its receipt.

        Raises:
            Invalid: a name is unknown, or the text empty or too long.
            Reused: the key came before, with something else.
        """
        body = _digest(category, text, filing)
        with self._db.begin() as tx:
            known = self._known(customer_id, key, body)
            if known is not None:
                return known, False
            at, kept = self._received(arrival), _masked(text, "投诉内容")
            case = Complaint(
                self._next_number(), customer_id, filing, category, kept, conversation_id,
                "received", None, at,
            )  # fmt: skip
            try:
                with tx.begin_nested():
                    row = {**columns_of(case), "key": key, "body_hash": body}
                    tx.execute(insert(complaints).values(**row))
            except IntegrityError:  # another process took it in between the look and the insert
                known = self._known(customer_id, key, body)
                if known is None:
                    raise
                return known, False
            self._cases.note(case.number, arrival.by, "opened", "received", "")
        return case, True

    def view(self, number: str, customer_id: str) -> View:
        """How the complaint stands, for its owner.

        Raises:
            NotFound: there is none of the number, or it is another's.
        """
        return view_of(self._cases, self._own(number, customer_id), self._clock())

    def of(self, customer_id: str) -> tuple[View, ...]:
        """All complaints of a customer, newest first."""
        mine, now = self._cases.cases(complaints.c.customer_id == customer_id), self._clock()
        return tuple(view_of(self._cases, case, now) for case in reversed(mine))

    def add_facts(
        self, number: str, customer_id: str, text: str, key: str, *, arrival: Arrival = NOW
    ) -> Facts:
        """Add to an open complaint; the same ``key`` again adds nothing.

        The term does not move before somebody judged the addition to be new.

        Raises:
            NotFound: not the customer's. Invalid: empty or too long.
            Conflict: the case has ended.
        """
        text = _masked(text, "补充内容")
        mine = complaint_facts.c.key == key
        with self._db.begin() as tx:
            case = self._own(number, customer_id, lock=True)
            self._repeated(number, key, "facts", text)
            known = self._cases.newest(complaint_facts, number, mine)
            if known is not None:
                return record(Facts, known)
            if case.state not in OPEN_STATES:
                raise Conflict(f"投诉 {number} 已结束，不能再补充；可以申请核查或另提投诉")
            at = self._received(arrival, case)
            tx.execute(
                insert(complaint_facts).values(number=number, key=key, received_at=at, text=text)
            )
            self._cases.note(number, arrival.by, "facts_added", case.state, "")
            added = self._cases.newest(complaint_facts, number, mine)
            assert added is not None
        return record(Facts, added)

    def withdraw(
        self,
        number: str,
        customer_id: str,
        why: str = "",
        *,
        key: str,
        arrival: Arrival = NOW,
        tell: Callable[[], object] = lambda: None,
    ) -> Complaint:
        """End an open complaint with the withdrawal's receipt (15); ``tell`` is called once, in
        the same transaction, if that is what this call did.

        Raises:
            NotFound: not the customer's. Conflict: it was answered or merged already.
        """
        why = _masked(why, "撤诉原因") if why.strip() else ""
        with self._db.begin():
            case = self._own(number, customer_id, lock=True)
            if self._repeated(number, key, "withdraw", why) or case.state == "withdrawn":
                return case
            at = self._received(arrival, case)
            ended = self._cases.move(case, arrival.by, "withdrawn", "withdrawn", why, ended_at=at)
            tell()
        return ended

    def ask_review(
        self,
        number: str,
        customer_id: str,
        why: str,
        *,
        key: str,
        arrival: Arrival = NOW,
        tell: Callable[[], object] = lambda: None,
    ) -> Review:
        """Ask the level above to look again, within 30 days of the decision (20); once only.

        ``tell`` as for :meth:`withdraw`.

        Raises:
            NotFound: not the customer's. Invalid: no reason given.
            Conflict: nothing was decided yet, it is too late, or a review was decided already.
        """
        why = _masked(why, "申请核查的理由")
        with self._db.begin() as tx:
            case = self._own(number, customer_id, lock=True)
            known = self._cases.review(number)
            repeated = self._repeated(number, key, "review", why)
            if known is not None and (repeated or known.told_at is None):
                return untold(known)
            if known is not None:
                raise Conflict(f"投诉 {number} 已经核查过，可以通过调解、仲裁或诉讼解决")
            at = self._received(arrival, case)
            self._check_in_time(case, at)
            review = Review(at, why, "asked")
            tx.execute(insert(complaint_reviews).values(number=number, **review.__dict__))
            self._cases.note(number, arrival.by, "review_asked", case.state, why)
            tell()
        return review

    def _check_in_time(self, case: Complaint, at: datetime) -> None:
        until = self._cases.review_until(case)
        if until is None:
            raise Conflict(f"投诉 {case.number} 还没有处理决定，收到决定后才能申请核查")
        if at > until:
            on = shanghai(until)
            raise Conflict(
                f"申请核查的期限已于 {on.year}年{on.month}月{on.day}日届满，"
                "可以通过调解、仲裁或诉讼解决"
            )

    def _own(self, number: str, customer_id: str, *, lock: bool = False) -> Complaint:
        case = self._cases.get(number, lock=lock)
        if case.customer_id != customer_id:
            raise NotFound(f"没有投诉 {number}，请核对编号")
        return case

    def _received(self, arrival: Arrival, case: Complaint | None = None) -> datetime:
        now = self._clock()
        at = arrival.at or now
        if at > now or (case is not None and at < case.received_at):
            raise Invalid(f"收到时间 {shanghai(at):%Y-%m-%d %H:%M} 应在投诉受理之后、现在之前")
        return at

    def _known(self, customer_id: str, key: str, body: str) -> Complaint | None:
        mine = (complaints.c.customer_id == customer_id, complaints.c.key == key)
        with self._db.read() as tx:
            row = tx.execute(select(complaints).where(*mine)).first()
        if row is None:
            return None
        if row.body_hash != body:
            raise Reused(f"重复的请求编号 {key!r} 内容不同，请换一个编号")
        return complaint_of(row)

    def _repeated(self, number: str, key: str, *body: str) -> bool:
        """Whether this was asked of the case before; noted, if not, for the next time."""
        digest = _digest(*body)
        mine = (complaint_requests.c.number == number, complaint_requests.c.key == key)
        with self._db.begin() as tx:
            known = tx.execute(select(complaint_requests.c.body_hash).where(*mine)).scalar()
            if known is None:
                row = {"number": number, "key": key, "body_hash": digest}
                tx.execute(insert(complaint_requests).values(**row))
            elif known != digest:
                raise Reused(f"重复的请求编号 {key!r} 内容不同，请换一个编号")
        return known is not None

    def _next_number(self) -> str:
        day = shanghai(self._clock()).strftime("%Y%m%d")
        with self._db.begin() as tx:
            last = next_in_series(tx, complaint_numbers, day)
        # CT: masking leaves digits behind a T alone, so that a customer can quote the number.
        return f"CT{day}-{last:04d}"


def _masked(text: str, what: str) -> str:
    return mask_text(drop_secrets(check_text(text, what))[0])


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()
