"""A bank that is stuck holds nobody up, and is asked again once it may have recovered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from bot.banking import prompt as module
from bot.banking.errors import BankTimeout, BankUnavailable
from bot.banking.identity_numbers import is_identity_number
from bot.banking.ports import Bank
from bot.banking.prompt import MOST_IN_VAIN, PAUSE, Prompt
from bot.banking.stub.people import CUSTOMERS
from bot.errors import NotFound


@dataclass
class Stuck:
    """A bank that answers nothing until it is let go; how often it was asked."""

    asked: int = 0
    free: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> str:
        self.asked += 1
        self.free.wait()
        return "answered"


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    bank = Stuck()
    yield bank
    bank.free.set()


def test_a_stuck_bank_is_left_alone_for_a_while(stuck: Stuck) -> None:
    clock = Seconds()
    prompt = Prompt(0.01, clock)
    for _ in range(MOST_IN_VAIN):
        with pytest.raises(BankTimeout):
            prompt.ask(stuck)
    with pytest.raises(BankUnavailable, match="last questions"):
        prompt.ask(stuck)
    assert stuck.asked == MOST_IN_VAIN
    clock.now += PAUSE
    with pytest.raises(BankTimeout):
        prompt.ask(stuck)  # one is enough to know that it is still stuck
    with pytest.raises(BankUnavailable, match="last questions"):
        prompt.ask(stuck)
    stuck.free.set()
    clock.now += PAUSE
    patient = Prompt(60, clock)
    assert patient.ask(stuck) == "answered"


def test_only_failures_in_a_row_count(stuck: Stuck) -> None:
    prompt = Prompt(60, Seconds())

    def away() -> str:
        raise BankUnavailable("core unavailable")

    def unknown() -> str:
        raise NotFound("no such customer")

    for _ in range(3 * MOST_IN_VAIN):
        with pytest.raises(BankUnavailable, match="core"):
            prompt.ask(away)
        with pytest.raises(NotFound):
            prompt.ask(unknown)  # an answer like any other


def test_no_more_than_a_few_wait_for_the_same_bank(
    stuck: Stuck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_AT_ONCE", 2)
    prompt = Prompt(0.01, Seconds())
    for _ in range(2):
        with pytest.raises(BankTimeout):
            prompt.ask(stuck)
    with pytest.raises(BankUnavailable, match="too many"):
        prompt.ask(stuck)
    assert stuck.asked == 2


def test_the_stub_has_customers_of_each_tier_whose_numbers_check(bank: Bank) -> None:
    found = [bank.customers.get(each.id) for each in CUSTOMERS]
    assert {each.tier for each in found} == {"standard", "vip"}
    assert all(is_identity_number(each.id_number) for each in found)
    assert len({each.id_number for each in found}) == len(found)


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("11010519491231002X", True),
        ("110105194912310021", False),
        ("11010519491231002x", False),
        ("1101051949123100", False),
    ],
)
def test_the_last_place_of_an_identity_number(number: str, right: bool) -> None:
    assert is_identity_number(number) is right
