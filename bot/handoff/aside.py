"""What goes on beside a ticket: colleagues' notes, guests who look on, and who has read how far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import CompoundSelect

from bot.errors import Invalid
from bot.handoff.desk_tables import ticket_guests, ticket_notes, ticket_reads
from bot.handoff.store import TicketStore
from bot.handoff.tables import tickets
from bot.handoff.ticket import Ticket
from bot.text.masking import mask_text

# A guest talks with the customer, or only with the agent.
MODES: dict[str, str] = {"join": "加入会话", "whisper": "旁听"}
NOTE_MAX_CHARS = 2_000

# Tickets' numbers, or the query that finds them.
Numbers: TypeAlias = Collection[str] | CompoundSelect

# Whoever has a ticket is no guest there, also if they were one before.
_HERE = and_(
    tickets.c.id == ticket_guests.c.ticket_id,
    tickets.c.life_at == ticket_guests.c.life_at,
    tickets.c.agent != ticket_guests.c.agent,
)


@dataclass(frozen=True)
class Note:
    """Something that colleagues tell each other; a ``whisper`` came from a guest."""

    id: int
    ticket_id: str
    at: datetime
    by: str
    text: str
    whisper: bool


@dataclass(frozen=True)
class Guest:
    """Somebody who looks on; ``mode`` of ``MODES``."""

    agent: str
    mode: str


class Aside:
    """Notes, guests and read marks. Each method is one transaction, or part of one."""

    def __init__(self, store: TicketStore) -> None:
        self._store = store
        self._db = store.db

    # ── notes ────────────────────────────────────────────────────────────────
    def note(self, ticket_id: str, by: str, text: str) -> Note:
        """Keep a note, its numbers masked; a guest's is a whisper.

        Raises:
            Invalid: it is empty or too long.
        """
        text = text.strip()
        if not text:
            raise Invalid("备注内容不能为空")
        if len(text) > NOTE_MAX_CHARS:
            raise Invalid(f"备注太长了，请控制在 {NOTE_MAX_CHARS} 字以内")
        with self._db.begin() as tx:
            # Held until the end, so that a ticket's notes are committed in their order.
            ticket = self._store.get(ticket_id, lock=True)
            at, whisper = self._store.clock(), self.mode_of(ticket, by) is not None
            kept = mask_text(text)
            done = tx.execute(
                insert(ticket_notes).values(
                    ticket_id=ticket_id, at=at, by=by, text=kept, whisper=whisper
                )
            )
            return Note(int(done.inserted_primary_key[0]), ticket_id, at, by, kept, whisper)

    def notes(self, ticket_id: str, after: int = 0) -> list[Note]:
        """A ticket's notes behind one of them, oldest first."""
        query = select(ticket_notes).where(
            ticket_notes.c.ticket_id == ticket_id, ticket_notes.c.id > after
        )
        with self._db.read() as tx:
            rows = tx.execute(query.order_by(ticket_notes.c.id)).all()
        return [Note(**row._mapping) for row in rows]

    def last_notes(self, among: Numbers) -> dict[str, int]:
        """The newest note of each of these tickets that has any."""
        query = (
            select(ticket_notes.c.ticket_id, func.max(ticket_notes.c.id))
            .where(ticket_notes.c.ticket_id.in_(among))
            .group_by(ticket_notes.c.ticket_id)
        )
        with self._db.read() as tx:
            return {number: int(last) for number, last in tx.execute(query)}

    # ── guests ───────────────────────────────────────────────────────────────
    def join(self, ticket: Ticket, agent: str, mode: str) -> None:
        """Let somebody look on; who does so already changes the mode.

        Raises:
            Invalid: there is no such mode.
        """
        if mode not in MODES:
            raise Invalid(f"没有参与方式 {mode!r}，可选：{'、'.join(MODES)}")
        values = {"mode": mode, "life_at": ticket.life_at}
        mine = (ticket_guests.c.ticket_id == ticket.id, ticket_guests.c.agent == agent)
        with self._db.begin() as tx:
            if not tx.execute(update(ticket_guests).where(*mine).values(values)).rowcount:
                row = {"ticket_id": ticket.id, "agent": agent, **values}
                tx.execute(insert(ticket_guests).values(row))

    def leave(self, ticket_id: str, agent: str) -> None:
        """Somebody looks on no more."""
        mine = (ticket_guests.c.ticket_id == ticket_id, ticket_guests.c.agent == agent)
        with self._db.begin() as tx:
            tx.execute(delete(ticket_guests).where(*mine))

    def mode_of(self, ticket: Ticket, agent: str) -> str | None:
        """How somebody takes part as a guest; ``None`` if they do not."""
        found = self.guests((ticket.id,)).get(ticket.id, ())
        return next((guest.mode for guest in found if guest.agent == agent), None)

    def guests(self, among: Numbers) -> Mapping[str, Sequence[Guest]]:
        """Who looks on at these tickets, by ticket."""
        query = (
            select(ticket_guests.c.ticket_id, ticket_guests.c.agent, ticket_guests.c.mode)
            .join(tickets, _HERE)
            .where(ticket_guests.c.ticket_id.in_(among))
            .order_by(ticket_guests.c.agent)
        )
        found: dict[str, list[Guest]] = defaultdict(list)
        with self._db.read() as tx:
            for row in tx.execute(query):
                found[row.ticket_id].append(Guest(row.agent, row.mode))
        return found

    def looked_on_by(self, agent: str) -> Sequence[str]:
        """The numbers of the tickets at which somebody looks on."""
        query = select(ticket_guests.c.ticket_id).join(tickets, _HERE)
        with self._db.read() as tx:
            return tx.execute(query.where(ticket_guests.c.agent == agent)).scalars().all()

    # ── read marks ───────────────────────────────────────────────────────────
    def read(self, ticket_id: str, agent: str, seq: int) -> None:
        """Somebody has read up to message ``seq``; a mark never goes back."""
        mine = (ticket_reads.c.ticket_id == ticket_id, ticket_reads.c.agent == agent)
        row = {"ticket_id": ticket_id, "agent": agent, "seq": seq}
        with self._db.begin() as tx:
            known = tx.execute(select(ticket_reads.c.seq).where(*mine)).scalar_one_or_none()
            if known is None:
                try:
                    with tx.begin_nested():
                        tx.execute(insert(ticket_reads).values(row))
                    return
                except IntegrityError:
                    pass  # the same person's other page was faster
            ahead = update(ticket_reads).where(*mine, ticket_reads.c.seq < seq)
            tx.execute(ahead.values(seq=seq))

    def read_marks(self, numbers: Collection[str], agent: str) -> dict[str, int]:
        """How far somebody has read these tickets."""
        query = select(ticket_reads.c.ticket_id, ticket_reads.c.seq).where(
            ticket_reads.c.agent == agent, ticket_reads.c.ticket_id.in_(numbers)
        )
        with self._db.read() as tx:
            return {row.ticket_id: row.seq for row in tx.execute(query)}

    def all_read_marks(self, among: Numbers) -> dict[tuple[str, str], int]:
        """How far everybody has read these tickets, by ticket and agent."""
        query = select(ticket_reads).where(ticket_reads.c.ticket_id.in_(among))
        with self._db.read() as tx:
            return {(row.ticket_id, row.agent): row.seq for row in tx.execute(query)}
