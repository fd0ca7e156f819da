"""What customers thought of a service: one survey a ticket, and what all of them say together.

Who gave up waiting is not asked, nor is anybody who spoke of harming themselves. Customers of the
large-type page are counted apart: that they turn to a person is no failure of anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, insert, select, update

from bot.errors import Conflict, Invalid
from bot.handoff.queue import TicketQueue
from bot.handoff.tables import surveys, tickets
from bot.handoff.ticket import Ticket
from bot.text.masking import mask_text

# Why somebody was not satisfied; what the widget calls them stands in its `survey.js`.
CAUSES: dict[str, str] = {
    "slow": "等得太久",
    "unsolved": "问题没解决",
    "unclear": "解释不清楚",
    "attitude": "服务态度",
    "repeated": "重复说明情况",
    "other": "其他",
}
MOST_CHARS = 500
# How long after the end of a conversation it is asked about, and an answer may be changed.
ASKED_WITHIN = timedelta(hours=24)
# A person has served, and the conversation is over.
_SERVED = ("wrap_up", "resolved", "closed")
_SILENT = "self_harm"


@dataclass(frozen=True)
class Survey:
    """One answer.

    Attributes:
        why: of ``CAUSES``, where the customer was not satisfied.
        comment: in the customer's own words, masked once it is kept.
        large_type: it was given on the large-type page.
    """

    satisfied: bool
    why: tuple[str, ...] = ()
    comment: str = ""
    large_type: bool = False

    def __post_init__(self) -> None:
        for cause in self.why:
            if cause not in CAUSES:
                raise Invalid(f"没有原因 {cause!r}，可选：{'、'.join(CAUSES)}")
        if self.satisfied and self.why:
            raise Invalid("满意的评价不用选不满意的原因")
        if len(self.comment) > MOST_CHARS:
            raise Invalid(f"补充说明请控制在 {MOST_CHARS} 字以内")


@dataclass(frozen=True)
class Count:
    """Answers: how many, and how many of them are of satisfied customers."""

    answered: int = 0
    satisfied: int = 0

    @property
    def share(self) -> float | None:
        """Of 1; ``None`` where nobody answered."""
        return self.satisfied / self.answered if self.answered else None

    def __add__(self, other: Count) -> Count:
        return Count(self.answered + other.answered, self.satisfied + other.satisfied)


@dataclass(frozen=True)
class SurveyRow:
    """One agent of one group; ``agent`` is ``None`` for the whole group.

    Attributes:
        served: conversations that ended in the period.
        usual, large_type: answers about these, by the page they were given on.
    """

    group: str
    agent: str | None
    served: int = 0
    usual: Count = Count()
    large_type: Count = Count()


class SurveyBook:
    """Keeps surveys beside the tickets they are about."""

    def __init__(self, queue: TicketQueue) -> None:
        self._queue = queue
        self._db = queue.db

    def asked_about(self, conversation_id: str) -> Ticket | None:
        """The ticket that this customer may be asked about now, if any."""
        latest = self._queue.latest_of(conversation_id)
        return latest if latest is not None and self._asks(latest) else None

    def of(self, ticket: Ticket) -> Survey | None:
        """What was answered about the ticket, in its present life."""
        query = select(surveys).where(
            surveys.c.ticket_id == ticket.id, surveys.c.at >= ticket.life_at
        )
        with self._db.read() as tx:
            row = tx.execute(query).one_or_none()
        if row is None:
            return None
        return Survey(row.satisfied, tuple(row.why), row.comment, row.large_type)

    def give(self, conversation_id: str, ticket_id: str, survey: Survey) -> Survey:
        """Keep an answer; it takes the place of the one before. Returns it as kept, masked.

        Raises:
            Conflict: nothing is asked about this ticket, or no more.
        """
        kept = replace(survey, comment=mask_text(" ".join(survey.comment.split())))
        with self._db.begin() as tx:
            ticket = self.asked_about(conversation_id)
            if ticket is None or ticket.id != ticket_id:
                raise Conflict("这次服务的评价已经截止，有问题请直接告诉我们")
            # The ticket's row keeps two first answers (a double tap) apart.
            self._queue.get(ticket_id, lock=True)
            values = {
                "skill_group": ticket.skill_group, "agent": ticket.agent,
                "satisfied": kept.satisfied, "why": list(kept.why), "comment": kept.comment,
                "large_type": kept.large_type, "at": self._queue.clock(),
            }  # fmt: skip
            known = update(surveys).where(surveys.c.ticket_id == ticket_id).values(**values)
            if not tx.execute(known).rowcount:
                tx.execute(insert(surveys).values(ticket_id=ticket_id, **values))
        return kept

    def report(self, since: datetime, until: datetime) -> Sequence[SurveyRow]:
        """Each group, followed by its agents: conversations that ended and answers that came in
        the period."""
        rows: dict[tuple[str, str | None], SurveyRow] = {}
        for group, agent, count in self._served(since, until):
            for key in ((group, None), (group, agent)):
                row = rows.get(key, SurveyRow(*key))
                rows[key] = replace(row, served=row.served + count)
        for (group, agent, large), count in self._answers(since, until):
            name = "large_type" if large else "usual"
            for key in ((group, None), (group, agent)):
                row = rows.get(key, SurveyRow(*key))
                rows[key] = replace(row, **{name: getattr(row, name) + count})
        return [rows[key] for key in sorted(rows, key=lambda key: (key[0], key[1] or ""))]

    def share(self, since: datetime, until: datetime) -> float | None:
        """The share of satisfied customers among all who answered, of 1."""
        return sum((count for _, count in self._answers(since, until)), Count()).share

    def comments(self, since: datetime, until: datetime) -> Sequence[tuple[str, Survey]]:
        """Tickets and what was answered about them, oldest first."""
        query = select(surveys).where(surveys.c.at >= since, surveys.c.at < until)
        with self._db.read() as tx:
            rows = tx.execute(query.order_by(surveys.c.at, surveys.c.ticket_id)).all()
        return [
            (row.ticket_id, Survey(row.satisfied, tuple(row.why), row.comment, row.large_type))
            for row in rows
        ]

    # ── inside a transaction ─────────────────────────────────────────────────
    def _asks(self, ticket: Ticket) -> bool:
        if ticket.state not in _SERVED or ticket.taken_at is None or ticket.ended_at is None:
            return False
        if ticket.reason == _SILENT or _SILENT in ticket.signals:
            return False
        return self._queue.clock() < ticket.ended_at + ASKED_WITHIN

    def _served(self, since: datetime, until: datetime) -> Sequence[Any]:
        who = (tickets.c.skill_group, tickets.c.agent)
        query = (
            select(*who, func.count())
            .where(
                tickets.c.state.in_(_SERVED),
                tickets.c.agent.is_not(None),
                tickets.c.ended_at >= since,
                tickets.c.ended_at < until,
            )
            .group_by(*who)
        )
        with self._db.read() as tx:
            return tx.execute(query).all()

    def _answers(self, since: datetime, until: datetime) -> Iterator[tuple[Any, Count]]:
        which = (surveys.c.skill_group, surveys.c.agent, surveys.c.large_type)
        satisfied = func.sum(case((surveys.c.satisfied, 1), else_=0))
        query = (
            select(*which, func.count(), satisfied)
            .where(surveys.c.at >= since, surveys.c.at < until)
            .group_by(*which)
        )
        with self._db.read() as tx:
            rows = tx.execute(query).all()
        for group, agent, large, answered, pleased in rows:
            yield (group, agent, large), Count(answered, pleased)
