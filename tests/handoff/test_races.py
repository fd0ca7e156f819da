"""Many processes at one queue: whatever they do at once is as if one had done it after the other."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from bot.errors import BankbotError, Conflict
from bot.handoff.ticket import HELD, MOVES, QUEUED, Ticket
from bot.storage import Database
from tests.conftest import Hands
from tests.handoff import invariants, oracle
from tests.handoff.world import ROUTES, House, at_once, other

AGENTS = sorted(ROUTES.agents)
PROCESSES, ACTS = 4, 30


@pytest.fixture
def house(either_db: Database, clock: Hands) -> House:
    return House(either_db, clock)


@pytest.fixture
def houses(house: House) -> Iterator[list[House]]:
    """The same desk in as many other processes."""
    found = [other(house) for _ in range(PROCESSES)]
    yield found
    for each in found:
        each.db.dispose()


def everything(house: House) -> dict[str, Ticket]:
    return {ticket.id: ticket for ticket in house.queue.list(tuple(MOVES))}


def test_of_many_who_claim_each_ticket_has_one_and_nobody_too_many(
    house: House, houses: list[House]
) -> None:
    numbers = [house.ticket(house.ask()).id for _ in range(6)]

    def claim_all(here: House, agent: str) -> Callable[[], None]:
        def act() -> None:
            for number in random.Random(agent).sample(numbers, len(numbers)):
                with suppress(BankbotError):
                    here.desk.claim(number, agent)

        return act

    at_once(*(claim_all(here, agent) for here, agent in zip(houses, AGENTS, strict=True)))
    now = everything(house)
    invariants.every_ticket_is_well(house, {}, now)
    invariants.no_cap_is_passed(house, {}, now)
    # Three have room for four between them; the fourth knows of disputes only.
    assert sum(ticket.state == "active" for ticket in now.values()) == 4


def test_taking_an_offer_twice_while_it_lapses_twice_is_one_of_these(
    house: House, houses: list[House]
) -> None:
    house.desk.be("ann", "ready")
    conversation = house.ask()
    number = house.ticket(conversation).id
    house.clock.forward(seconds=30)
    one, two, three, four = houses
    at_once(
        lambda: one.desk.accept(number, "ann"),
        lambda: two.desk.accept(number, "ann"),
        three.sweep.run,
        four.sweep.run,
    )
    invariants.every_ticket_is_well(house, {}, everything(house))
    notes = [move.note for move in house.queue.history(number)]
    assert notes[2:] in (["应答"], ["派单无人应答"])
    assert house.desk.floor.state_of("ann") == ("away" if "派单无人应答" in notes else "ready")


def test_what_was_planned_is_not_carried_out_once_it_is_so_no_more(house: House) -> None:
    house.desk.floor.be("ann", "ready")
    with house.db.begin():
        # A plan made now is overtaken before its offers are.
        number = house.queue.open(
            house.log.open().id, customer_id=None, reason="request_human", line="general",
            summary="", slots={},
        )[0].id  # fmt: skip
    house.desk.floor.be("ann", "away")
    with pytest.raises(Conflict):
        house.desk.work.offer(number, "ann")
    house.desk.floor.be("lea", "ready")
    with pytest.raises(Conflict):
        house.desk.work.offer(number, "lea")
    house.desk.floor.be("ann", "ready")
    house.desk.work.offer(number, "ann")
    with pytest.raises(Conflict):
        house.desk.work.offer(number, "ann")


def test_coming_back_while_asking_anew_is_one_open_ticket(
    house: House, houses: list[House]
) -> None:
    conversation = house.ask()
    number = house.ticket(conversation).id
    house.desk.claim(number, "ann")
    house.desk.resolve(number, "ann", code="done", note="")
    one, two, three, four = houses
    at_once(
        lambda: one.desk.not_resolved(conversation),
        lambda: two.again(conversation),
        lambda: three.desk.not_resolved(conversation),
        lambda: four.again(conversation),
    )
    now = everything(house)
    assert sum(ticket.state in QUEUED for ticket in now.values()) == 1
    invariants.nothing_is_lost(house, {}, now)


@pytest.mark.parametrize("seed", range(3))
def test_a_rush_of_everything_leaves_all_well(house: House, houses: list[House], seed: int) -> None:
    conversations = [house.ask(customer=f"C{n}") for n in range(4)]
    at_once(
        *(
            lambda n=n, here=here: rush(here, random.Random(f"{seed} {n}"), conversations)
            for n, here in enumerate(houses)
        )
    )
    now = everything(house)
    invariants.every_ticket_is_well(house, {}, now)
    for agent in AGENTS:
        assert oracle.load(agent, now.values(), ROUTES)[0] <= ROUTES.agents[agent].at_most
    house.later(seconds=1)
    invariants.nobody_waits_beside_a_free_agent(house, everything(house))
    invariants.nothing_due_is_left(house, everything(house))


def rush(house: House, dice: random.Random, conversations: list[str]) -> None:
    """A process that does whatever comes up, refused or not."""
    desk = house.desk

    def held(*states: str) -> Any:
        return dice.choice(house.queue.list(states) or [None])

    def act() -> None:
        agent, conversation = dice.choice(AGENTS), dice.choice(conversations)
        mine, ask = held(*HELD), dice.choice([*house.asks()] or [None])
        acts: list[Callable[[], object]] = [
            lambda: conversations.append(house.ask(dice.choice(["request_human", "dispute"]))),
            lambda: house.again(conversation, "self_harm"),
            lambda: desk.leave(conversation),
            lambda: desk.not_resolved(conversation),
            lambda: desk.customer_wrote(conversation, "您好"),
            lambda: desk.be(agent, dice.choice(["ready", "ready", "away"])),
            lambda: desk.claim(held(*QUEUED).id, agent),
            lambda: desk.accept(mine.id, mine.agent),
            lambda: desk.accept(mine.id, mine.agent),
            lambda: desk.decline(mine.id, mine.agent),
            lambda: desk.reply(mine.id, mine.agent, "您好"),
            lambda: desk.hold(mine.id, mine.agent, ""),
            lambda: desk.resolve(mine.id, mine.agent, code="done", note=""),
            lambda: desk.transfer(mine.id, mine.agent, agent=agent, note=""),
            lambda: desk.ask(mine.id, mine.agent, kind="look", note="请看"),
            lambda: desk.accept_ask(ask.ticket_id, ask.to or "lea", ask.id),
            lambda: desk.accept_ask(ask.ticket_id, ask.to or "lea", ask.id),
            lambda: desk.decline_ask(ask.ticket_id, ask.to or "lea", ask.id),
            lambda: desk.withdraw_ask(ask.ticket_id, ask.by, ask.id),
            lambda: desk.transfer(mine.id, mine.agent, line="loan", note=""),
            lambda: desk.take_over(mine.id, "lea", "有急事"),
            lambda: desk.assign(mine.id, "lea", agent=agent, why="您来"),
            house.sweep.run,
        ]
        dice.choice(acts)()

    for _ in range(ACTS):
        # Nothing to do it with is refused too.
        with suppress(BankbotError, AttributeError):
            act()
