"""Whatever customers do, in whatever order, whatever fails: the books are right.

``pytest --hypothesis-profile=thorough tests/banking/test_properties.py`` runs 10,000 sequences.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.banking import requests as ask
from bot.banking.stub.faults import KINDS
from tests.banking.lives import PEOPLE, RICH, SUMS, live
from tests.banking.world import World

# What takes more steps in a row than chance brings.
SELDOM = {"add_material", "submit_application", "withdraw_application", "unlock"}


def test_sequences_get_business_done() -> None:
    """The test below would be worth nothing if what it draws were only ever refused."""
    done = Counter[str]()
    for seed in range(16):
        world = World()
        live(world, seed, 24)
        world.check()
        done.update(receipt.operation for receipt in world.given.values())
        world.close()
    assert set(ask.REQUESTS) - set(done) <= SELDOM, done


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**48), length=st.integers(2, 10))
def test_the_books_are_right_whatever_happens(seed: int, length: int) -> None:
    world = World()
    try:
        live(world, seed, length)
        world.check()
    finally:
        world.close()


@settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    max_examples=max(20, settings.default.max_examples // 10),
)
@given(
    amounts=st.lists(st.sampled_from(SUMS[-6:-1]), min_size=3, max_size=6),
    hours=st.sampled_from((0, 1, 8)),
    fault=st.sampled_from((None, *sorted(KINDS))),
)
def test_no_day_moves_more_than_its_limit(
    amounts: list[int], hours: int, fault: str | None
) -> None:
    world = World()
    try:
        for number, amount in enumerate(amounts):
            if fault is not None and number % 2:
                world.faults.set("transfers.execute", fault)
            [(name, account, bank)] = PEOPLE[RICH].payees
            request = ask.Transfer(f"{RICH}-2", name, account, bank, amount)
            world.ask(RICH, request, f"k{number}")
            world.faults.clear()
            world.clock.forward(hours=hours)
        world.check()
    finally:
        world.close()
