"""A small desk for the tests: two groups that help each other, four agents, a clock to turn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from bot.conversations.log import MessageLog
from bot.conversations.tables import conversations
from bot.errors import BankbotError
from bot.handoff.asks import Ask
from bot.handoff.leading import LeadDesk
from bot.handoff.queue import TicketQueue
from bot.handoff.routes import Routes
from bot.handoff.store import row_of
from bot.handoff.sweep import Sweep
from bot.handoff.tables import tickets
from bot.handoff.ticket import Ticket
from bot.storage import Database
from tests.conftest import Hands

ROUTES = Routes.parse_obj(
    {
        "groups": {
            "consult": {"name": "咨询"},
            "risk": {
                "name": "交易争议与安全", "level": 3, "widen": "60s",
                "overflow": {"to": "consult", "after": "5m"},
                "sla": {"first": "60s", "next": "120s", "resolution": "2h"},
            },
        },
        "routes": [
            {"reason": "threat", "group": "risk", "tier": 2},
            {"reason": ["fraud", "dispute", "self_harm"], "group": "risk"},
            {"group": "consult"},
        ],
        "agents": {
            "ann": {"skills": {"consult": 1}, "capacity": 2, "at_most": 3},
            "bob": {"skills": {"consult": 3, "risk": 1}, "languages": ["zh", "en"], "capacity": 1},
            "eve": {"skills": {"risk": 4}, "capacity": 1, "at_most": 2},
            "lea": {"skills": {"consult": 5, "risk": 5}, "tier": 2, "capacity": 1},
        },
    }
)  # fmt: skip


@dataclass
class House:
    """A desk over a database, with its sweep and its clock."""

    db: Database
    clock: Hands
    routes: Routes = ROUTES

    def __post_init__(self) -> None:
        self.log = MessageLog(self.db, self.clock)
        self.queue = TicketQueue(self.db, self.clock, self.routes)
        self.desk = LeadDesk(self.db, self.queue, self.log)
        self.sweep = Sweep(self.desk)

    def ask(self, reason: str = "request_human", customer: str | None = None, **more: Any) -> str:
        """A new conversation whose customer asks for a person; its id."""
        conversation = self.log.open("web", customer).id
        self.again(conversation, reason, customer, **more)
        return conversation

    def again(
        self,
        conversation: str,
        reason: str = "request_human",
        customer: str | None = None,
        **more: Any,
    ) -> None:
        more = {"line": "general", "slots": {}, **more}
        self.desk.hand_over(conversation, customer_id=customer, reason=reason, **more)

    def ticket(self, conversation: str) -> Any:
        """The conversation's open ticket."""
        return self.queue.open_ticket_of(conversation)

    def guests(self, ticket: Any) -> set[str]:
        """Who looks on at a ticket, or talks along."""
        found = self.desk.aside.guests((ticket.id,))
        return {guest.agent for guest in found.get(ticket.id, ())}

    def asks(self) -> list[Ask]:
        """What is asked now."""
        return list(self.desk.asking.book.open_of())

    def later(self, **by: float) -> None:
        """Time passes, and what is due is done; whoever is at work keeps reporting in."""
        self.clock.forward(**by)
        for agent in self.routes.agents:
            if self.desk.floor.state_of(agent) != "off":
                self.desk.floor.beat(agent)
        self.sweep.run()

    def texts(self, conversation: str) -> str:
        return "\n".join(message.text for message in self.log.after(conversation))


def crowd(db: Database, first: Ticket, count: int) -> list[str]:
    """So many who wait as the first one does, one after another; all their numbers."""
    rest = [
        replace(
            first, id=f"{first.id[:-4]}{n + 1000:04}", conversation_id=f"c{n}",
            customer_id=f"K{n:04}", sort_at=first.sort_at + timedelta(seconds=n),
        )
        for n in range(1, count)
    ]  # fmt: skip
    talks = [
        {
            "id": each.conversation_id, "channel": "web", "customer_id": each.customer_id,
            "last_seq": 0, "created_at": each.created_at, "updated_at": each.created_at,
        }
        for each in rest
    ]  # fmt: skip
    with db.begin() as tx:
        tx.execute(insert(conversations), talks)
        tx.execute(insert(tickets), [row_of(each) for each in rest])
    return [first.id, *(each.id for each in rest)]


def at_once(*acts: Callable[[], object]) -> None:
    """Run all of them at the same time; what is refused is refused."""
    barrier = threading.Barrier(len(acts))
    failures: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            with suppress(BankbotError):
                act()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def other(house: House) -> House:
    """The same desk in another process: nothing shared but the database."""
    return House(Database(house.db.url), house.clock, house.routes)
