"""A large desk to measure on: as many agents as wanted, and a long queue in front of them."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import insert, select

from bot.conversations.tables import conversations
from bot.handoff.fit import sort_at
from bot.handoff.reasons import urgency_of
from bot.handoff.routes import Routes
from bot.handoff.routes_file import load_routes
from bot.handoff.store import row_of
from bot.handoff.tables import ticket_moves, tickets
from bot.handoff.ticket import HELD, Ticket
from bot.storage import Database

# What customers come with, as often as in a bank's day.
CAUSES = (
    (40, "request_human", "general"),
    (15, "unresolved", "account"),
    (15, "unresolved", "credit_card"),
    (10, "unresolved", "loan"),
    (10, "complaint", "complaint"),
    (8, "dispute", "card"),
    (2, "fraud", "card"),
)
# One agent of so many leads a team and is there for what is escalated.
TEAM = 20
SPOKEN = ("zh",) * 18 + ("yue", "en")
LONGEST_WAIT = timedelta(hours=1)
SUMMARY = "客户要求人工\n最近说：请问怎么还没有人，我已经等了很久了\n助手答过：信用卡还款、账单日"


@cache
def hall(agents: int) -> Routes:
    """The shipped routes at work day and night, with so many agents made of the shipped ones."""
    shipped = load_routes(Path("data/routes.yml"))
    clerks = [each for each in shipped.agents.values() if each.tier == 1]
    leads = [each for each in shipped.agents.values() if each.tier == 2]
    made = {
        f"B{n:04}": leads[0] if n % TEAM == TEAM - 1 else clerks[n % len(clerks)]
        for n in range(agents)
    }
    groups = {
        name: group.copy(update={"hours": "always"}) for name, group in shipped.groups.items()
    }
    # Agents here report in seldom, and a machine under load must not take theirs from them.
    policy = shipped.policy.copy(
        update={"agent_timeout": timedelta(days=1), "offer": timedelta(hours=1)}
    )
    return shipped.copy(update={"agents": made, "groups": groups, "policy": policy})


def fill(db: Database, routes: Routes, count: int, now: datetime) -> None:
    """So many customers, who came one after another during the last hour, each in a conversation."""
    dice = random.Random(7)
    waiting = [_ticket(number, routes, now, dice) for number in range(count)]
    with db.begin() as tx:
        tx.execute(
            insert(conversations),
            [
                {
                    "id": each.conversation_id, "channel": "web", "customer_id": None,
                    "last_seq": 0, "created_at": each.created_at, "updated_at": each.created_at,
                }
                for each in waiting
            ],
        )  # fmt: skip
        tx.execute(insert(tickets), [row_of(each) for each in waiting])
        tx.execute(
            insert(ticket_moves),
            [
                {
                    "ticket_id": each.id, "at": each.created_at, "by": "assistant",
                    "state": "waiting", "agent": None, "note": "",
                }
                for each in waiting
            ],
        )  # fmt: skip
    with db.engine.connect() as connection:
        # As the database does by itself within a minute.
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def faults(db: Database, routes: Routes, served: int) -> list[str]:
    """What is wrong with the queue after so many were served; empty if all is well."""
    with db.read() as tx:
        moves = tx.execute(select(ticket_moves).order_by(ticket_moves.c.id)).all()
        states = Counter(tx.execute(select(tickets.c.state)).scalars())
    taken = Counter(move.ticket_id for move in moves if move.state == "active")
    found = [f"{number} was taken {times} times" for number, times in taken.items() if times > 1]
    if (states["resolved"], len(taken)) != (served, served + states["active"]):
        found.append(f"{served} were told to be served, {states}, {len(taken)} taken")
    has: Counter[str] = Counter()
    holder: dict[str, str] = {}
    for move in moves:
        if before := holder.pop(move.ticket_id, None):
            has[before] -= 1
        if move.state in HELD:
            holder[move.ticket_id] = move.agent
            has[move.agent] += 1
            if has[move.agent] > routes.agents[move.agent].capacity:
                found.append(f"{move.agent} had {has[move.agent]} at {move.at}")
    return found


def _ticket(number: int, routes: Routes, now: datetime, dice: random.Random) -> Ticket:
    ((_, reason, line),) = dice.choices(CAUSES, [share for share, _, _ in CAUSES])
    at = now - LONGEST_WAIT * dice.random()
    route, urgency = routes.route(reason, line, "standard"), urgency_of(reason, (), "standard")
    return Ticket(
        id=f"T{number:06}", conversation_id=f"bench-{number}", customer_id=None, reason=reason,
        line=line, skill_group=route.group, tier=route.tier, reach=route.tier,
        priority=urgency.priority, urgent=urgency.urgent, why=urgency.why, signals=(),
        language=dice.choice(SPOKEN), customer_tier="standard", summary=SUMMARY,
        slots={"card_tail": "3445"}, tried=("card.repay：可以在手机银行还款。",), due_at=None,
        state="waiting", agent=None, last_agent=None, declined={}, assistant_stays=False,
        created_at=at, updated_at=at, life_at=at, queued_at=at,
        sort_at=sort_at(at, urgency.priority, routes.policy),
    )  # fmt: skip
