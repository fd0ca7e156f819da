"""From hand to hand: tickets passed on by who has them, and given to somebody by a lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.errors import Conflict, Invalid
from bot.handoff.reasons import LINES, TIERS
from bot.handoff.ticket import QUEUED, WITH_PERSON, Ticket
from bot.handoff.work import Work


@dataclass(frozen=True)
class Target:
    """Where a ticket is passed on to: a line's or a group's queue, or that of the same group's
    people of a higher tier; or a colleague, who is asked first (see :mod:`bot.handoff.asking`)."""

    kind: str
    value: str

    @classmethod
    def one_of(cls, **named: str | int | None) -> Target:
        """The one of line, group, tier and agent that is given.

        Raises:
            Invalid: it is not exactly one.
        """
        given = [(kind, str(value)) for kind, value in named.items() if value is not None]
        if len(given) != 1:
            raise Invalid("转接需要指定业务条线、技能组、层级、坐席工号之一")
        return cls(*given[0])


class Passing(Work):
    """All that agents do with tickets. Each method is one transaction, or part of one."""

    def pass_on(self, ticket_id: str, by: str, to: Target, note: str) -> Ticket:
        """The agent who has it gives it back to a queue.

        Raises:
            Invalid: there is no such place, or nobody there.
        """
        with self._db.begin():
            ticket = self._queue.require_owner(ticket_id, by)
            return self._queue.move(
                ticket_id, "waiting", by=by, note=note, expected=WITH_PERSON,
                **self._place(ticket, to), **self._requeued(ticket, by),
            )  # fmt: skip

    def give(self, ticket_id: str, agent: str, *, by: str, note: str) -> tuple[Ticket, Ticket]:
        """Somebody who may decide so gives it to an agent, whoever has it now or nobody; the ticket
        as it was and as it is.

        Raises:
            Conflict: it is over; the agent has it already, is not there or has no room.
        """
        with self._db.begin() as tx:
            self._not_theirs(self._queue.get(ticket_id), agent)
            self._floor.make_room(tx, agent, asked=agent == by)
            # Only what is held now stays so.
            before = self._queue.get(ticket_id, lock=True)
            self._not_theirs(before, agent)
            given = self._give(
                before, agent, by, note, (*QUEUED, "offered", *WITH_PERSON, "callback")
            )
            return before, given

    # ── inside a transaction ─────────────────────────────────────────────────
    def hand_on(self, ticket: Ticket, agent: str, note: str) -> Ticket:
        """An agent with room goes on with a conversation that is locked."""
        return self._give(ticket, agent, agent, note, WITH_PERSON)

    def _not_theirs(self, ticket: Ticket, agent: str) -> None:
        if ticket.agent == agent and ticket.state in WITH_PERSON:
            raise Conflict(f"工单 {ticket.id} 已经由坐席 {agent} 负责")

    def _give(
        self, ticket: Ticket, agent: str, by: str, note: str, expected: tuple[str, ...]
    ) -> Ticket:
        # Whoever gets a conversation in its middle is waited for.
        talked = ticket.state in WITH_PERSON
        waits = ticket.awaiting_since or (self._queue.clock() if talked else None)
        return self._take(ticket, agent, note, expected, by=by, awaiting_since=waits)

    def _place(self, ticket: Ticket, to: Target) -> dict[str, Any]:
        """What changes of who may serve it."""
        routes = self._queue.routes
        if to.kind == "line":
            if to.value not in LINES:
                raise Invalid(f"没有业务条线 {to.value!r}，可选：{'、'.join(LINES)}")
            # The reason for which a person was called decides no more; the agent has.
            route = routes.route("request_human", to.value, ticket.customer_tier)
            return {
                "line": to.value, "skill_group": route.group,
                "tier": route.tier, "reach": route.tier,
            }  # fmt: skip
        if to.kind == "group":
            if to.value not in routes.groups:
                raise Invalid(f"没有技能组 {to.value!r}，可选：{'、'.join(routes.groups)}")
            return {"skill_group": to.value, "tier": min(TIERS), "reach": min(TIERS)}
        return self._higher(ticket, to.value)

    def _higher(self, ticket: Ticket, tier: str) -> dict[str, Any]:
        routes, group = self._queue.routes, ticket.skill_group
        known = {str(number): number for number in TIERS}
        if tier not in known:
            raise Invalid(f"没有层级 {tier!r}，可选：{'、'.join(known)}")
        wanted = known[tier]
        roster = routes.agents.values()
        if roster and not any(each.tier == wanted and group in each.skills for each in roster):
            name = routes.group(group).name
            raise Invalid(f"{name}组没有{TIERS[wanted]}，请转给其他组或同事")
        return {"tier": wanted, "reach": wanted}
