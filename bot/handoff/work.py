"""What agents do with tickets; whatever gives somebody more to do passes by their own row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.errors import Conflict, Forbidden, Invalid
from bot.handoff.fit import Moment, fits
from bot.handoff.floor import Floor
from bot.handoff.intake import SYSTEM
from bot.handoff.queue import TicketQueue
from bot.handoff.reasons import TIERS
from bot.handoff.tables import tickets
from bot.handoff.ticket import QUEUED, RESOLUTIONS, WITH_PERSON, Ticket
from bot.text.masking import mask_text


class Work:
    """The moves of agents. Each method is one transaction, or part of one."""

    def __init__(self, queue: TicketQueue, floor: Floor) -> None:
        self._queue = queue
        self._floor = floor
        self._db = queue.db

    # ── getting one ──────────────────────────────────────────────────────────
    def offer(self, ticket_id: str, agent: str) -> Ticket:
        """Offer a waiting ticket to an agent who is ready, fits and has room.

        Raises:
            Conflict: one of these is so no more; nothing has changed.
        """
        now = self._queue.clock()
        with self._db.begin() as tx:
            self._floor.make_room(tx, agent, ready=True)
            ticket, routes = self._queue.get(ticket_id, lock=True), self._queue.routes
            if ticket.state not in QUEUED or not fits(
                ticket, agent, routes.agent(agent), routes, now
            ):
                raise Conflict(f"工单 {ticket_id} 不再适合派给坐席 {agent}")
            return self._queue.move(
                ticket_id, "offered", by=SYSTEM, note="派单", expected=QUEUED, agent=agent,
                offered_until=now + routes.policy.offer,
            )  # fmt: skip

    def accept(self, ticket_id: str, agent: str) -> Ticket:
        """The agent takes what was offered."""
        with self._db.begin():
            ticket = self._queue.require_owner(ticket_id, agent, ("offered",))
            return self._take(ticket, agent, "应答", ("offered",))

    def decline(self, ticket_id: str, agent: str, note: str) -> Ticket:
        """The agent would rather not; somebody else gets it, and the agent not for a while."""
        with self._db.begin():
            ticket = self._queue.require_owner(ticket_id, agent, ("offered",))
            return self._queue.move(
                ticket_id, "waiting", by=agent, note=f"拒接 {note}".strip(), expected=("offered",),
                agent=None, offered_until=None,
                declined={**ticket.declined, agent: self._paused()},
            )  # fmt: skip

    def claim(self, ticket_id: str, agent: str) -> Ticket:
        """Take a waiting ticket unasked; of several agents at once exactly one gets it.

        Raises:
            Forbidden: somebody on the roster who is not one to serve it.
        """
        routes = self._queue.routes
        with self._db.begin() as tx:
            self._floor.make_room(tx, agent)
            ticket = self._queue.get(ticket_id, lock=True)
            person = routes.agents.get(agent)
            if person and not Moment(routes, self._queue.clock()).may_take(ticket, person):
                group, tier = routes.group(ticket.skill_group).name, TIERS[ticket.tier]
                raise Forbidden(f"工单 {ticket_id} 由{group}组{tier}接待，可以请组长指派给您")
            return self._take(ticket, agent, "接入", (*QUEUED, "callback"))

    def assign(self, ticket_id: str, agent: str) -> Ticket:
        """Somebody of a desk elsewhere has it, which minds its own caps."""
        with self._db.begin():
            ticket = self._queue.get(ticket_id, lock=True)
            return self._take(ticket, agent, "外部坐席接入", (*QUEUED, "callback"))

    # ── having one ───────────────────────────────────────────────────────────
    def replied(self, ticket_id: str, agent: str) -> Ticket:
        """The agent wrote to the customer, whose turn it is now."""
        now = self._queue.clock()
        with self._db.begin() as tx:
            ticket = self._queue.require_owner(ticket_id, agent)
            tx.execute(
                tickets.update()
                .where(tickets.c.id == ticket_id)
                .values(first_reply_at=ticket.first_reply_at or now, awaiting_since=None)
            )
        return ticket

    def hold(self, ticket_id: str, agent: str, note: str) -> Ticket:
        """Put aside until something outside the conversation has happened."""
        return self._own(ticket_id, agent, "on_hold", ("active",), note)

    def resume(self, ticket_id: str, agent: str) -> Ticket:
        """Take up again what was put aside."""
        return self._own(ticket_id, agent, "active", ("on_hold",), "继续")

    def end(self, ticket_id: str, agent: str) -> Ticket:
        """The conversation is over; its record is still to be written."""
        return self._own(ticket_id, agent, "wrap_up", WITH_PERSON, "会话结束", **self._ended())

    def resolve(self, ticket_id: str, agent: str, code: str, note: str) -> Ticket:
        """All is done: the conversation, if it still lasts, and its record.

        Raises:
            Invalid: ``code`` is none of ``RESOLUTIONS``.
        """
        if code not in RESOLUTIONS:
            raise Invalid(f"没有办结代码 {code!r}，可选：{'、'.join(RESOLUTIONS)}")
        note = mask_text(note.strip())
        with self._db.begin():
            ticket = self._queue.require_owner(ticket_id, agent, (*WITH_PERSON, "wrap_up"))
            changes = {} if ticket.state == "wrap_up" else self._ended()
            return self._queue.move(
                ticket_id, "resolved", by=agent, note=f"{RESOLUTIONS[code]} {note}".strip(),
                expected=(ticket.state,), resolution=code, resolution_note=note, **changes,
            )  # fmt: skip

    def take_back(self, ticket: Ticket, note: str) -> Ticket:
        """Put what an agent has back into the queue, in its old place; a record that only waited
        to be written is done without."""
        if ticket.state == "wrap_up":
            return self._queue.move(
                ticket.id, "resolved", by=SYSTEM, note=note, expected=("wrap_up",)
            )
        return self._queue.move(
            ticket.id, "waiting", by=SYSTEM, note=note, expected=(ticket.state,),
            last_agent=ticket.agent, **self._requeued(ticket),
        )  # fmt: skip

    # ── inside a transaction ─────────────────────────────────────────────────
    def _take(
        self, ticket: Ticket, agent: str, note: str, expected: tuple[str, ...],
        by: str | None = None, **changes: Any,
    ) -> Ticket:  # fmt: skip
        return self._queue.move(
            ticket.id, "active", by=by or agent, note=note, expected=expected, agent=agent,
            offered_until=None, taken_at=ticket.taken_at or self._queue.clock(),
            callback_at=None, callback_until=None, **changes,
        )  # fmt: skip

    def _own(
        self, ticket_id: str, agent: str, state: str, expected: tuple[str, ...], note: str,
        **changes: Any,
    ) -> Ticket:  # fmt: skip
        with self._db.begin():
            self._queue.require_owner(ticket_id, agent, expected)
            return self._queue.move(
                ticket_id, state, by=agent, note=note, expected=expected, **changes
            )

    def _requeued(self, ticket: Ticket, by: str | None = None) -> dict[str, Any]:
        """Waiting begins anew for who may serve it, but the place in the queue is kept; to ``by``,
        who would not keep it, it is not offered at once."""
        now = self._queue.clock()
        talked = ticket.state in WITH_PERSON
        return {
            "agent": None,
            "offered_until": None,
            "declined": {by: self._paused()} if by is not None else {},
            "queued_at": now if talked else ticket.queued_at,
            "awaiting_since": (ticket.awaiting_since or now) if talked else None,
        }

    def _paused(self) -> str:
        """Until when something is not offered to who would not have it."""
        return (self._queue.clock() + self._queue.routes.policy.decline_pause).isoformat()

    def _ended(self) -> dict[str, datetime | None]:
        return {"ended_at": self._queue.clock(), "awaiting_since": None}
