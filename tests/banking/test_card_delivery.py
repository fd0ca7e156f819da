"""Cards that expire, and new ones on their way."""

from __future__ import annotations

from datetime import date

import pytest

from bot.banking.errors import BankRefused
from bot.banking.models import Card, CardDelivery
from bot.banking.ports import Bank
from bot.banking.requests import ActivateCard, OrderReplacement, ReportLoss
from tests.conftest import Hands

WU, OLD, RETURNED = "C1009", "C1009-1-card", "C1009-2-card"
EXPIRING = OrderReplacement(OLD, "expiring")


def card(bank: Bank, card_id: str = OLD) -> Card:
    return next(each for each in bank.cards.list(WU) if each.id == card_id)


def delivery(bank: Bank, card_id: str) -> CardDelivery | None:
    found = bank.cards.deliveries(WU)
    return next((each for each in found if each.card_id == card_id), None)


def refusal(bank: Bank, customer: str, request: OrderReplacement) -> str:
    with pytest.raises(BankRefused) as refused:
        bank.cards.replacement_terms(customer, request)
    with pytest.raises(BankRefused):
        bank.cards.replace(customer, request, idempotency_key=f"no {request}")
    return refused.value.code


def test_the_old_card_works_until_the_new_one_is_activated(bank: Bank) -> None:
    until, before = card(bank).expires_on, bank.accounts.list(WU)
    terms = bank.cards.replacement_terms(WU, EXPIRING)
    assert until == date(2026, 4, 30) and terms.valid_until == date(2031, 3, 31)
    assert terms.fee == 0 and terms.same_number
    bank.cards.replace(WU, EXPIRING, idempotency_key="a")
    assert card(bank).status == "normal" and card(bank).expires_on == until
    assert bank.accounts.list(WU) == before
    bank.cards.activate(WU, ActivateCard(OLD), idempotency_key="b")
    assert card(bank).expires_on == terms.valid_until and delivery(bank, OLD) is None


def test_a_new_card_on_its_way(bank: Bank, clock: Hands) -> None:
    bank.cards.replace(WU, EXPIRING, idempotency_key="a")
    seen = []
    for _ in range(4):
        found = delivery(bank, OLD)
        assert found and found.address == "云杉市城南区梧桐路****"
        seen.append((found.status, bool(found.waybill), found.arrives_on))
        clock.forward(days=3)
    arrives = date(2026, 3, 9)
    assert seen == [
        ("making", False, arrives),
        ("under_way", True, arrives),
        ("under_way", True, arrives),
        ("delivered", True, None),
    ]


def test_a_card_is_renewed_once_and_not_too_early(bank: Bank) -> None:
    assert refusal(bank, "C1001", OrderReplacement("C1001-1-card", "expiring")) == "too_early"
    bank.cards.replace(WU, EXPIRING, idempotency_key="a")
    assert refusal(bank, WU, EXPIRING) == "under_way"


def test_who_loses_a_card_loses_the_new_one_on_its_way(bank: Bank) -> None:
    bank.cards.replace(WU, EXPIRING, idempotency_key="a")
    bank.cards.report_loss(WU, ReportLoss(OLD, formal=True), idempotency_key="b")
    assert delivery(bank, OLD) is None and card(bank).renewed_until is None
    with pytest.raises(BankRefused):
        bank.cards.activate(WU, ActivateCard(OLD), idempotency_key="c")


def test_what_was_returned_is_sent_once_more(bank: Bank) -> None:
    returned, again = delivery(bank, RETURNED), OrderReplacement(RETURNED, "returned")
    assert returned and returned.status == "returned" and returned.since == date(2026, 2, 28)
    assert refusal(bank, WU, OrderReplacement(OLD, "returned")) == "not_returned"
    until = card(bank, RETURNED).expires_on
    assert bank.cards.replacement_terms(WU, again).valid_until == until
    receipt = bank.cards.replace(WU, again, idempotency_key="a")
    assert bank.cards.replace(WU, again, idempotency_key="a") == receipt
    sent = delivery(bank, RETURNED)
    assert sent and sent.status == "making" and card(bank, RETURNED).status == "inactive"
    assert refusal(bank, WU, again) == "not_returned"
