"""The record of what colleagues ask of each other about a conversation.

An ask is written, answered and ended only while its ticket's row is locked, so that it is always of
the conversation as it is: see `docs/queue.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, or_, select, true, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ColumnElement

from bot.errors import Conflict, NotFound
from bot.handoff.desk_tables import ticket_asks
from bot.handoff.reasons import TIERS
from bot.handoff.routes import Routes
from bot.handoff.ticket import WITH_PERSON, Ticket
from bot.storage import Database
from bot.text.clock import Clock

ASK_KINDS: dict[str, str] = {"take": "接手", "look": "看一下"}
ASK_STATES: dict[str, str] = {
    "open": "等待答复",
    "accepted": "已答应",
    "declined": "已婉拒",
    "lapsed": "已超时",
    "withdrawn": "已撤回",
    "void": "已失效",
}
# A sweep comes twice a second; what is more than this waits for the next.
MOST_DUE = 200


@dataclass(frozen=True)
class Ask:
    """Somebody who has a conversation asks a colleague to take it, or a lead to look in.

    Attributes:
        kind, state: of ``ASK_KINDS`` and ``ASK_STATES``.
        to: who is asked; ``None`` is any lead of the ticket's group.
        note: why, its numbers masked.
        until: when it lapses.
        passed: leads who would rather not, while others may still come.
        answered_by, answered_at, answer: who ended it, when, and in what words.
    """

    id: int
    ticket_id: str
    kind: str
    by: str
    to: str | None
    note: str
    at: datetime
    until: datetime
    passed: tuple[str, ...] = ()
    state: str = "open"
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str = ""

    @property
    def whom(self) -> str:
        """Who is asked, to be set between Chinese words."""
        return "组长" if self.to is None else f" {self.to} "

    @property
    def asked_for(self) -> str:
        """What is asked of whom."""
        return f"请{self.whom}{ASK_KINDS[self.kind]}"


def leads_of(group: str, routes: Routes) -> frozenset[str]:
    """Those of the roster whom a group's agents ask to look in."""
    lowest = min(TIERS)
    return frozenset(
        name for name, each in routes.agents.items() if each.tier > lowest and group in each.skills
    )


def waited_for(ask: Ask, group: str, routes: Routes) -> frozenset[str]:
    """Who may answer an ask about a ticket of the group, and has not yet."""
    whom = frozenset([ask.to]) if ask.to is not None else leads_of(group, routes) - {ask.by}
    return whom - set(ask.passed)


def void(tx: Connection, ticket: Ticket, by: str, at: datetime) -> None:
    """Whatever is asked about a conversation by somebody who has it no more, is asked no more."""
    lost = ticket_asks.c.by != ticket.agent if ticket.state in WITH_PERSON else true()
    tx.execute(
        update(ticket_asks)
        .where(ticket_asks.c.ticket_id == ticket.id, ticket_asks.c.state == "open", lost)
        .values(state="void", answered_by=by, answered_at=at)
    )


class AskBook:
    """Reads and writes asks. Each method is one transaction, or part of one."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    # ── reading ──────────────────────────────────────────────────────────────
    def get(self, ticket_id: str, ask_id: int) -> Ask:
        """The ask of a ticket.

        Raises:
            NotFound: there is no such one.
        """
        found = self._find(ticket_asks.c.id == ask_id, ticket_asks.c.ticket_id == ticket_id)
        if not found:
            raise NotFound(f"工单 {ticket_id} 没有这个请求，请刷新后再试")
        return found[0]

    def open_of(self, ticket_id: str | None = None) -> Sequence[Ask]:
        """What is asked now, about one ticket if given, oldest first; one of a kind at most."""
        mine = true() if ticket_id is None else ticket_asks.c.ticket_id == ticket_id
        return self._find(ticket_asks.c.state == "open", mine)

    def of(self, ticket_id: str) -> Sequence[Ask]:
        """All that ever was asked about a ticket, oldest first."""
        return self._find(ticket_asks.c.ticket_id == ticket_id)

    def lately(self, ago: timedelta) -> Sequence[Ask]:
        """What is asked now, and what was answered or ended so long ago at most, oldest first."""
        ended = ticket_asks.c.answered_at > self._clock() - ago
        return self._find(or_(ticket_asks.c.state == "open", ended))

    def due(self) -> Sequence[Ask]:
        """What nobody answered in time."""
        late = ticket_asks.c.until <= self._clock()
        return self._find(ticket_asks.c.state == "open", late)[:MOST_DUE]

    def _find(self, *conditions: ColumnElement[bool]) -> Sequence[Ask]:
        query = select(ticket_asks).where(*conditions).order_by(ticket_asks.c.id)
        with self._db.read() as tx:
            rows = tx.execute(query).mappings().all()
        return [Ask(**{**row, "passed": tuple(row["passed"])}) for row in rows]

    # ── while the ticket's row is locked ─────────────────────────────────────
    def add(self, tx: Connection, lasts: timedelta, **values: Any) -> Ask:
        """Write a new one, open for so long."""
        now = self._clock()
        row = {**values, "at": now, "until": now + lasts}
        fresh = {"passed": [], "state": "open", "answer": ""}
        done = tx.execute(insert(ticket_asks).values({**row, **fresh}))
        return Ask(id=int(done.inserted_primary_key[0]), **row)

    def pass_up(self, tx: Connection, ask: Ask, lead: str) -> None:
        """One of several who are asked would rather not; the others may still."""
        passed = [*ask.passed, lead]
        tx.execute(update(ticket_asks).where(ticket_asks.c.id == ask.id).values(passed=passed))

    def settle(self, tx: Connection, ask: Ask, state: str, by: str, answer: str = "") -> None:
        """Answer or end an open one.

        Raises:
            Conflict: that has been done.
        """
        settled = tx.execute(
            update(ticket_asks)
            .where(ticket_asks.c.id == ask.id, ticket_asks.c.state == "open")
            .values(state=state, answered_by=by, answered_at=self._clock(), answer=answer)
        ).rowcount
        if not settled:
            now = self.get(ask.ticket_id, ask.id).state
            raise Conflict(f"这个请求{ASK_STATES[now]}，不用再答复")
