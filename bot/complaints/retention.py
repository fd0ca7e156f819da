"""How long complaints are kept: three years after they are over at the least, longer on hold.

人民银行令〔2020〕第5号, 44. What is said here is when a case may go; removing it is the bank's own
decision, taken with its other records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select

from bot.complaints.case import Complaint, Review
from bot.complaints.store import CaseStore, record
from bot.complaints.tables import complaint_holds, complaint_reviews
from bot.complaints.vocabulary import check_text
from bot.errors import Conflict, Invalid
from bot.text.clock import shanghai

KEEP_YEARS = 3


@dataclass(frozen=True)
class Keeping:
    """How long a case stays: through ``until``, None while it is not over; ``held`` is why it
    stays whatever its age."""

    number: str
    until: date | None
    held: str | None
    deletable: bool


def keep_until(over_at: datetime, years: int = KEEP_YEARS) -> date:
    """The last day, in Shanghai, on which a case that was over then has to be kept.

    Raises:
        Invalid: fewer years than law asks for.
    """
    _check_years(years)
    day = shanghai(over_at).date()
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # a leap day: not a day less
        return date(day.year + years, 3, 1)


def _check_years(years: int) -> None:
    if years < KEEP_YEARS:
        raise Invalid(f"保存年限 {years} 年太短，投诉资料在办结后至少保存 {KEEP_YEARS} 年")


class Retention(CaseStore):
    """What may go and what must stay."""

    def of_all(self, years: int = KEEP_YEARS) -> list[Keeping]:
        """Every case, oldest first. A repeat stays as long as the case that it became part of.

        Raises:
            Invalid: fewer years than law asks for.
        """
        _check_years(years)
        cases, today = {case.number: case for case in self.cases()}, shanghai(self._clock()).date()
        with self._db.read() as tx:
            holds = {row.number: row.why for row in tx.execute(select(complaint_holds))}
            found = tx.execute(select(complaint_reviews)).all()
        reviews = {row.number: record(Review, row) for row in found}
        keepings = []
        for number, case in cases.items():
            whole = case
            while whole.merged_into is not None:
                whole = cases[whole.merged_into]
            held = holds.get(number) or holds.get(whole.number)
            ended = over_at(whole, reviews.get(whole.number))
            until = None if ended is None else keep_until(ended, years)
            gone = until is not None and held is None and today > until
            keepings.append(Keeping(number, until, held, gone))
        return keepings

    def hold(self, number: str, *, by: str, why: str) -> None:
        """Keep a case whatever its age, as while it is before a court.

        Raises:
            Conflict: it is held already.
        """
        why = check_text(why, "保留原因")
        with self._db.begin() as tx:
            case = self.get(number, lock=True)
            known = select(complaint_holds.c.why).where(complaint_holds.c.number == number)
            if tx.execute(known).first() is not None:
                raise Conflict(f"投诉 {number} 已在法定保留中")
            row = {"number": number, "at": self._clock(), "by": by, "why": why}
            tx.execute(insert(complaint_holds).values(**row))
            self.note(number, by, "held", case.state, why)

    def release(self, number: str, *, by: str, why: str) -> None:
        """End a hold.

        Raises:
            Conflict: there is none.
        """
        why = check_text(why, "解除原因")
        with self._db.begin() as tx:
            case = self.get(number, lock=True)
            mine = complaint_holds.c.number == number
            if not tx.execute(delete(complaint_holds).where(mine)).rowcount:
                raise Conflict(f"投诉 {number} 没有法定保留")
            self.note(number, by, "released", case.state, why)


def over_at(case: Complaint, review: Review | None) -> datetime | None:
    """When all was said: the case ended and its review, if any, told."""
    if case.ended_at is None or review is None:
        return case.ended_at
    return review.told_at and max(case.ended_at, review.told_at)
