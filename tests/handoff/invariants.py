"""What always holds of a desk, checked by what is stored and by the rule's plain reading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from bot.handoff.sla import clocks, level, life_of
from bot.handoff.ticket import HELD, MOVES, OPEN_STATES, QUEUED, WITH_PERSON, Move, Ticket
from tests.handoff import oracle
from tests.handoff.world import House

Tickets = dict[str, Ticket]
LEAD = "lea"
GREETING = re.compile(r"^客服（工号 \w+）为您服务。$", re.M)
NEXT = re.compile(r"^已为您转接给另一位客服（工号 \w+），之前的对话客服可以看到。$", re.M)
ASKED = re.compile(r"^请 (\w+) 接手")
# What ends an ask to take a conversation without its being taken.
REFUSED = re.compile(r"^(婉拒|不再请 \w+ 接手|\w+ 没有及时接手)")


def everything_that_holds(house: House, before: Tickets, now: Tickets) -> None:
    """All that must be so after any step, whatever it was and wherever it broke off."""
    every_ticket_is_well(house, before, now)
    no_cap_is_passed(house, before, now)
    offers_follow_the_rule(house, before, now)


def every_ticket_is_well(house: House, before: Tickets, now: Tickets) -> None:
    """What each of those that changed tells of itself; so also when many acted at once."""
    changed = [ticket for ticket in now.values() if ticket != before.get(ticket.id)]
    nothing_is_lost(house, before, now)
    who_asks_has_it(house, now)
    for ticket in changed:
        path = house.queue.history(ticket.id)
        its_moves_are_legal(ticket, path)
        it_began_rightly(house, ticket, path)
        it_ended_rightly(house, ticket, path)
        it_has_one_owner(path)
        each_yes_is_one_move(house, ticket, path)
        its_customer_was_told_once(house, ticket, now)
        its_place_is_kept(house, before.get(ticket.id), ticket)


def nothing_is_lost(house: House, before: Tickets, now: Tickets) -> None:
    assert set(before) <= set(now)
    held = [ticket.conversation_id for ticket in now.values() if ticket.state in OPEN_STATES]
    assert len(held) == len(set(held))
    for ticket in now.values():
        if ticket.state in HELD:
            assert ticket.agent is not None
        if ticket.state in (*QUEUED, "callback"):
            assert ticket.agent is None
        assert (ticket.state == "offered") == (ticket.offered_until is not None)
        assert (ticket.state == "callback") <= (ticket.callback_at is not None)
        if ticket.id in before:
            # A lawful deadline is the complaint's own.
            assert ticket.due_at == before[ticket.id].due_at
        else:
            # A ticket and its customer's being told are one.
            assert ticket.id in house.texts(ticket.conversation_id)


def its_moves_are_legal(ticket: Ticket, path: Iterable[Move]) -> None:
    path = list(path)
    assert path[0].state in ("waiting", "callback") and path[-1].state == ticket.state
    for former, latter in pairwise(path):
        assert stays(former, latter) or latter.state in MOVES[former.state], (former, latter)


def stays(former: Move, latter: Move) -> bool:
    """Whether a line of the history tells of no move: escalated, looked on at."""
    return (former.state, former.agent) == (latter.state, latter.agent)


def the_last_move(path: tuple[Move, ...]) -> tuple[Move, Move]:
    """From where it came into its present state, and the line that tells so."""
    for former, latter in reversed(list(pairwise(path))):
        if not stays(former, latter):
            return former, latter
    return path[0], path[0]


def it_began_rightly(house: House, ticket: Ticket, path: tuple[Move, ...]) -> None:
    """Each life of it: waiting where somebody is at work, else with a time agreed on at which
    somebody will be."""
    if len(path) == 1:
        closed = not ticket.urgent and not oracle.was_manned(
            ticket, ticket.created_at, house.routes
        )
        assert ticket.state == ("callback" if closed else "waiting")
    former, last = the_last_move(path)
    if last.state == "reopened":
        assert ticket.urgent or oracle.was_manned(ticket, last.at, house.routes)
    if former.state == "reopened" and (last.state, last.by) == ("callback", "system"):
        assert not ticket.urgent and not oracle.was_manned(ticket, last.at, house.routes)
    if ticket.callback_at is not None:
        assert house.routes.hours_of(ticket.skill_group).is_open(ticket.callback_at)


def it_ended_rightly(house: House, ticket: Ticket, path: tuple[Move, ...]) -> None:
    """Only its customer gives a ticket up, only its agent is done with it."""
    former, last = the_last_move(path)
    if ticket.state == "abandoned":
        assert last.by == "customer"
    if ticket.state == "resolved":
        assert last.by == former.agent or (last.by, former.state) == ("system", "wrap_up")
    if ticket.state == "closed":
        within = house.routes.policy.reopen_within
        assert ticket.ended_at and ticket.ended_at + within <= house.clock()
    if ticket.state == "reopened":
        assert last.by == "customer" and former.state == "resolved"


def it_has_one_owner(path: tuple[Move, ...]) -> None:
    """What one agent has another gets only if asked by that agent and by their own yes, by a lead's
    hand who says why, or back from the queue."""
    asked: str | None = None
    for former, latter in pairwise(path):
        if former.state in HELD and latter.state in HELD and former.agent != latter.agent:
            led = latter.note.startswith(("接管：", "指派给")) and latter.by == LEAD
            taken = latter.note == "接手" and latter.by == latter.agent == asked
            assert led or taken, (former, latter)
        if former.agent != latter.agent or latter.state not in WITH_PERSON:
            asked = None
        elif (found := ASKED.match(latter.note)) and latter.by == latter.agent:
            assert asked is None, "two were asked at once"
            asked = found[1]
        elif REFUSED.match(latter.note):
            asked = None


def who_asks_has_it(house: House, now: Tickets) -> None:
    """Nothing is asked about a conversation that is over or somebody else's, nor twice."""
    asks = house.asks()
    assert len({(ask.ticket_id, ask.kind) for ask in asks}) == len(asks)
    for ask in asks:
        ticket = now[ask.ticket_id]
        assert ticket.state in WITH_PERSON and ticket.agent == ask.by != ask.to, ask


def each_yes_is_one_move(house: House, ticket: Ticket, path: tuple[Move, ...]) -> None:
    said = [
        ask.to
        for ask in house.desk.asking.book.of(ticket.id)
        if (ask.kind, ask.state) == ("take", "accepted")
    ]
    assert said == [move.by for move in path if move.note == "接手"]


def its_customer_was_told_once(house: House, ticket: Ticket, now: Tickets) -> None:
    """Of everybody who came, and of nobody else."""
    moves = [
        (former, latter)
        for each in now.values()
        if each.conversation_id == ticket.conversation_id
        for former, latter in pairwise(house.queue.history(each.id))
    ]
    given = [former.state in WITH_PERSON for former, latter in moves if _given(latter)]
    came = sum(latter.note in ("应答", "接入") for _, latter in moves)
    taken = sum(latter.note == "接手" for _, latter in moves)
    texts = house.texts(ticket.conversation_id)
    assert len(GREETING.findall(texts)) == came + given.count(False)
    assert len(NEXT.findall(texts)) == taken + given.count(True)


def _given(move: Move) -> bool:
    return move.note.startswith("指派给")


def its_place_is_kept(house: House, was: Ticket | None, ticket: Ticket) -> None:
    if not ticket.urgent:
        assert ticket.sort_at == oracle.due_place(ticket, house.routes), ticket
    if was is None or was.state in ("callback", "resolved"):
        return  # a life of its own begins
    if was.life_at == ticket.life_at and was.urgent == ticket.urgent:
        assert (was.sort_at, was.priority) == (ticket.sort_at, ticket.priority)


def no_cap_is_passed(house: House, before: Tickets, now: Tickets) -> None:
    """Nobody ever has too many; nobody gets one more than they can do, though customers who speak
    again may make what an agent has heavier than that."""
    for agent in {ticket.agent for ticket in now.values() if ticket.agent}:
        person = house.routes.agent(agent)
        chats, heavy = oracle.load(agent, now.values(), house.routes)
        assert chats <= person.at_most
        if any(
            ticket.state in HELD and ticket.agent == agent and not had(before, ticket)
            for ticket in now.values()
        ):
            assert heavy <= person.capacity * oracle.CHAT


def had(before: Tickets, ticket: Ticket) -> bool:
    was = before.get(ticket.id)
    return was is not None and was.state in HELD and was.agent == ticket.agent


def offers_follow_the_rule(house: House, before: Tickets, now: Tickets) -> None:
    """To somebody ready who may serve it, and never past one ahead whom they may serve too."""
    fresh = [
        ticket
        for ticket in now.values()
        if ticket.state == "offered"
        and ((was := before.get(ticket.id)) is None or was.offered_until != ticket.offered_until)
    ]
    there = oracle.at_work(house.db, house.routes, house.clock()) if fresh else {}
    for ticket in fresh:
        agent = str(ticket.agent)
        assert there[agent] == "ready"
        assert oracle.may_serve(ticket, agent, house.routes, house.clock())
        for other in now.values():
            if other.state in QUEUED and oracle.place(other) < oracle.place(ticket):
                assert not oracle.may_serve(other, agent, house.routes, house.clock())


def nobody_waits_beside_a_free_agent(house: House, now: Tickets) -> None:
    """Once all that was begun is done."""
    waiting = [ticket for ticket in now.values() if ticket.state in QUEUED]
    there = oracle.at_work(house.db, house.routes, house.clock()) if waiting else {}
    for agent, state in there.items():
        if state == "ready" and oracle.has_room(agent, now.values(), house.routes):
            for ticket in waiting:
                assert not oracle.may_serve(ticket, agent, house.routes, house.clock()), (
                    ticket,
                    agent,
                )


def nothing_due_is_left(house: House, now: Tickets) -> None:
    """Right after a sweep."""
    at, policy = house.clock(), house.routes.policy
    gone = oracle.vanished(house.db, at)
    assert all(ask.until > at for ask in house.asks())
    for ticket in now.values():
        if ticket.state == "offered":
            assert ticket.offered_until and ticket.offered_until > at
        if ticket.state == "callback":
            assert ticket.callback_at and ticket.callback_at > at
        if ticket.state == "resolved":
            assert ticket.ended_at and ticket.ended_at + policy.reopen_within > at
        if ticket.state in HELD:
            assert ticket.agent not in gone
        # What was moved just now is the next sweep's.
        if ticket.state in (*QUEUED, *WITH_PERSON) and ticket.updated_at != at:
            assert ticket.alarm_at is None or ticket.alarm_at > at


def what_is_late_went_up(house: House, now: Tickets) -> None:
    """Right after a sweep; a clock that was set back puts it off by as much."""
    for ticket in now.values():
        if ticket.state in (*QUEUED, *WITH_PERSON) and ticket.updated_at != house.clock():
            assert ticket.reach >= min(3, ticket.tier + lateness(house, ticket))


def lateness(house: House, ticket: Ticket) -> int:
    routes, now = house.routes, house.clock()
    life = life_of(ticket, house.queue.history(ticket.id), now)
    group = ticket.skill_group
    return level(clocks(life, routes.targets_of(group), routes.hours_of(group)), now)
