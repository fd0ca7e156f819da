"""Who is at the desk: accounts as agents, and what each may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from bot.errors import Forbidden
from bot.gateway.desk_parts import DeskOf
from bot.gateway.staff import needs
from bot.handoff.desk import Desk
from bot.handoff.live import RECENT
from bot.handoff.routes import Routes
from bot.handoff.ticket import PENDING, Ticket
from bot.staff.accounts import Account
from bot.staff.door import Session

LEADS = ("lead", "supervisor")
DESK_ROLES = ("agent", *LEADS)


@dataclass(frozen=True)
class Person:
    """Somebody at the desk; ``agent`` is their name in ``data/routes.yml``."""

    account: Account
    agent: str

    @property
    def leads(self) -> bool:
        """Whether they may look at everybody's work and give it out."""
        return bool(set(LEADS) & set(self.account.roles))


def agent_of(account: Account, routes: Routes) -> str:
    """The agent whose account it is, however the roster spells the name."""
    known = {each.casefold(): each for each in routes.agents}
    return known.get(account.key, account.name)


async def _person(session: Annotated[Session, Depends(needs(*DESK_ROLES))], desk: DeskOf) -> Person:
    return Person(session.account, agent_of(session.account, desk.routes))


async def _lead(session: Annotated[Session, Depends(needs(*LEADS))], desk: DeskOf) -> Person:
    return Person(session.account, agent_of(session.account, desk.routes))


AtDesk = Annotated[Person, Depends(_person)]
Lead = Annotated[Person, Depends(_lead)]


def readable(desk: Desk, number: str, person: Person, *, waiting: bool = True) -> Ticket:
    """The ticket, if this person may read its conversation: their own and not long over, one that
    they look on, and if ``waiting`` one that waits for anybody or for their answer; a lead any.

    Raises:
        Forbidden: it is another agent's, or nobody's yet.
    """
    ticket = desk.queue.get(number)
    mine = ticket.agent == person.agent
    over = ticket.ended_at is not None and ticket.ended_at < desk.queue.clock() - RECENT
    free = ticket.agent is None and ticket.state in (*PENDING, "callback")
    if (
        person.leads
        or (mine and not over)
        or (free and waiting)
        or desk.aside.mode_of(ticket, person.agent) is not None
        or (waiting and desk.asking.asked_of(person.agent, ticket))
    ):
        return ticket
    if free:
        raise Forbidden(f"请先接入工单 {number}")
    whose = "已结束多日" if mine else "由其他坐席负责"
    raise Forbidden(f"工单 {number} {whose}，只有组长和主管可以查看")
