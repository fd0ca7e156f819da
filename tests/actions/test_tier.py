"""How the bank ranks a customer decides who serves them, and never whether."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from bot.banking.models.base import CustomerTier
from bot.banking.stub.faults import Faults
from bot.handoff.reasons import CUSTOMER_TIERS
from bot.storage import Database
from tests.actions.talk import Begin


def called(talk: Begin, customer_id: str | None) -> Any:
    """The ticket of a customer who asks for a person."""
    begun = talk(customer_id)
    begun.say("转人工", "request_human")
    return begun.services.desk.queue.open_ticket_of(begun.conversation)


@pytest.mark.parametrize(
    ("customer_id", "tier", "priority"),
    [("C1004", "vip", 2), ("C1001", "standard", 3), (None, "standard", 3)],
    ids=["vip", "standard", "anonymous"],
)
def test_a_ticket_says_how_the_bank_ranks_its_customer(
    talk: Begin, customer_id: str | None, tier: str, priority: int
) -> None:
    ticket = called(talk, customer_id)
    assert (ticket.customer_tier, ticket.priority) == (tier, priority)


@pytest.mark.parametrize("fault", ["unavailable", "timeout_before", "wrong_data"])
def test_a_bank_that_does_not_say_keeps_nobody_from_a_person(
    talk: Begin, db: Database, fault: str
) -> None:
    Faults(db).set("customers.get", fault)
    assert called(talk, "C1004").customer_tier == "standard"


def test_bank_and_queue_mean_the_same_tiers() -> None:
    assert set(get_args(CustomerTier)) == set(CUSTOMER_TIERS)
