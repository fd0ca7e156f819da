"""Credit cards: statements, interest, instalments, limits, repayment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.banking.errors import BankRefused
from bot.banking.finance import instalment_plan
from bot.banking.ports import Bank
from bot.banking.requests import ActivateCard, RaiseLimit, RepayCard, TakeInstalments
from bot.banking.stub.ledger import out_of_balance
from bot.banking.stub.rules import INSTALMENT_FEES
from bot.storage import Database
from bot.text.calendar_math import months_before
from bot.text.clock import shanghai
from tests.conftest import Hands

ZHANG, OVERDUE = "C1001", "C1007"
CARD, PAYER = "C1001-3-card", "C1001-1"


def test_a_bill_is_open_and_falls_due_later(bank: Bank, clock: Hands) -> None:
    bill = bank.cards.bill(ZHANG, CARD)
    today = shanghai(clock()).date()
    assert bill.statement_on <= today < bill.due_on
    assert 0 < bill.minimum < bill.balance == bill.due and not bill.overdue


def test_paying_the_bill_in_time_costs_nothing(db: Database, bank: Bank, clock: Hands) -> None:
    bill = bank.cards.bill(ZHANG, CARD)
    part, rest = bill.minimum, bill.due - bill.minimum
    bank.cards.repay(ZHANG, RepayCard(CARD, PAYER, part), idempotency_key="a")
    after = bank.cards.bill(ZHANG, CARD)
    assert (after.minimum_due, after.due) == (0, rest)
    bank.cards.repay(ZHANG, RepayCard(CARD, PAYER, rest), idempotency_key="b")
    clock.forward(days=31)
    new = bank.cards.bill(ZHANG, CARD)
    assert new.statement_on > bill.statement_on
    assert new.balance == bill.unbilled  # nothing was added
    with db.read() as tx:
        assert out_of_balance(tx) == []


def test_three_days_and_ten_yuan_are_forgiven(bank: Bank, clock: Hands) -> None:
    bill = bank.cards.bill(ZHANG, CARD)
    clock.forward(days=(bill.due_on - shanghai(clock()).date()).days + 3)
    assert not bank.cards.bill(ZHANG, CARD).overdue
    bank.cards.repay(ZHANG, RepayCard(CARD, PAYER, bill.due - 1_000), idempotency_key="a")
    clock.forward(days=31)
    assert bank.cards.bill(ZHANG, CARD).balance == bill.unbilled + 1_000


def test_the_day_after_the_grace_is_late(bank: Bank, clock: Hands) -> None:
    bill = bank.cards.bill(ZHANG, CARD)
    clock.forward(days=(bill.due_on - shanghai(clock()).date()).days + 4)
    assert bank.cards.bill(ZHANG, CARD).overdue


def test_who_does_not_pay_owes_interest_and_a_late_fee(bank: Bank, clock: Hands) -> None:
    bill = bank.cards.bill(ZHANG, CARD)
    clock.forward(days=31)
    new = bank.cards.bill(ZHANG, CARD)
    first = bill.statement_on
    page = bank.accounts.transactions(ZHANG, "C1001-3", first, new.statement_on, 1_000)
    charged = {
        item.summary: -item.amount for item in page.items if item.kind in ("interest", "fee")
    }
    assert charged["违约金"] == (bill.minimum * 5 + 50) // 100
    # A ten-thousandth five a day on all that the bill holds, from the day it was booked, as the FAQ
    # bank says, and on what was bought since.
    since = months_before(first, 1)
    items = bank.accounts.transactions(ZHANG, "C1001-3", since, first - timedelta(1), 1_000).items
    days = sum(
        -item.amount * (new.statement_on - shanghai(item.at).date()).days
        for item in page.items
        if item.kind == "purchase"
    )
    held = bill.balance
    for item in sorted(items, key=lambda item: item.at, reverse=True):
        part = min(held, max(0, -item.amount))
        held, days = held - part, days + part * (new.statement_on - shanghai(item.at).date()).days
    assert charged["循环利息"] == (days * 5 + 5_000) // 10_000
    assert new.balance == bill.balance + bill.unbilled + sum(charged.values())
    assert new.minimum > bill.minimum and new.overdue
    assert bank.cards.bill(ZHANG, CARD) == new  # looking again books nothing again


def test_an_overdue_customer_is_told_and_gets_no_more_credit(bank: Bank) -> None:
    card = "C1007-2-card"
    assert bank.cards.bill(OVERDUE, card).overdue
    with pytest.raises(BankRefused) as refused:
        bank.cards.raise_limit(OVERDUE, RaiseLimit(card, 2_500_000, 30), idempotency_key="a")
    assert refused.value.code == "overdue"


def test_the_bill_in_instalments(db: Database, bank: Bank, clock: Hands) -> None:
    offer = bank.cards.instalments(ZHANG, CARD)
    bill, limit = bank.cards.bill(ZHANG, CARD), bank.cards.limit(ZHANG, CARD)
    plan = next(each for each in offer.plans if each.periods == 3)
    request = TakeInstalments(CARD, offer.amount, 3)
    receipt = bank.cards.take_instalments(ZHANG, request, idempotency_key="a")
    assert receipt.fact("每期利息").value == plan.fee_per_period  # type: ignore[union-attr]
    after = bank.cards.bill(ZHANG, CARD)
    assert after.due == bill.due - offer.amount and after.instalments == offer.amount
    assert bank.cards.limit(ZHANG, CARD).available == limit.available  # no new credit by it
    for _ in range(4):
        owed = bank.cards.bill(ZHANG, CARD).owed
        if owed:
            bank.cards.repay(ZHANG, RepayCard(CARD, PAYER, owed), idempotency_key=str(clock()))
        clock.forward(days=31)
    assert bank.cards.bill(ZHANG, CARD).instalments == 0
    page = bank.accounts.transactions(
        ZHANG, "C1001-3", bill.statement_on, shanghai(clock()).date(), 1_000
    )
    billed = -sum(item.amount for item in page.items if item.kind == "instalment")
    assert billed == plan.amount + plan.total_fee
    with db.read() as tx:
        assert out_of_balance(tx) == []


def test_one_purchase_in_instalments_once(bank: Bank) -> None:
    offer = bank.cards.instalments(ZHANG, CARD, "C1001-3-phone")
    assert offer.amount == 499_900
    assert offer.plans[2] == instalment_plan(499_900, 12, INSTALMENT_FEES[12])
    bill = bank.cards.bill(ZHANG, CARD)
    request = TakeInstalments(CARD, 499_900, 12, "C1001-3-phone")
    bank.cards.take_instalments(ZHANG, request, idempotency_key="a")
    after = bank.cards.bill(ZHANG, CARD)
    assert (after.due, after.unbilled) == (bill.due, bill.unbilled - 499_900)
    with pytest.raises(BankRefused, match="已经办理过"):
        bank.cards.instalments(ZHANG, CARD, "C1001-3-phone")


def test_purchases_that_may_be_split(bank: Bank) -> None:
    bought = {each.id: -each.amount for each in bank.cards.splittable(ZHANG, CARD)}
    assert bought["C1001-3-phone"] == 499_900 and min(bought.values()) >= 50_000
    offers = {each: bank.cards.instalments(ZHANG, CARD, each).amount for each in bought}
    assert offers == bought
    request = TakeInstalments(CARD, 499_900, 12, "C1001-3-phone")
    bank.cards.take_instalments(ZHANG, request, idempotency_key="a")
    assert "C1001-3-phone" not in [each.id for each in bank.cards.splittable(ZHANG, CARD)]
    assert bank.cards.splittable("C1008", "C1008-3-card") == []  # a card not activated yet


def test_a_part_of_the_bill_in_instalments(bank: Bank) -> None:
    bill, whole = bank.cards.bill(ZHANG, CARD), bank.cards.instalments(ZHANG, CARD)
    part = bank.cards.instalments(ZHANG, CARD, amount=60_000)
    assert part.plans[2] == instalment_plan(60_000, 12, INSTALMENT_FEES[12])
    for amount, purchase in ((49_999, None), (whole.amount + 1, None), (60_000, "C1001-3-phone")):
        with pytest.raises(BankRefused) as refused:
            bank.cards.instalments(ZHANG, CARD, purchase, amount)
        assert refused.value.code == "bad_amount"
    request = TakeInstalments(CARD, 60_000, 12)
    bank.cards.take_instalments(ZHANG, request, idempotency_key="a")
    assert bank.cards.bill(ZHANG, CARD).due == bill.due - 60_000


@pytest.mark.parametrize(
    ("customer", "card", "why"),
    [(ZHANG, CARD, ""), (OVERDUE, "C1007-2-card", "逾期"), ("C1008", "C1008-3-card", "未激活")],
)
def test_the_limit_says_why_it_cannot_be_raised(
    bank: Bank, customer: str, card: str, why: str
) -> None:
    told = bank.cards.limit(customer, card).no_raise
    assert why in told and bool(told) == bool(why)


@pytest.mark.parametrize(
    ("amount", "days", "code"),
    [(7_500_001, 30, "too_high"), (5_000_000, 30, "not_higher"), (6_000_000, 90, "bad_days")],
)
def test_a_limit_is_not_raised_beyond_the_rules(
    bank: Bank, amount: int, days: int, code: str
) -> None:
    with pytest.raises(BankRefused) as refused:
        bank.cards.raise_limit(ZHANG, RaiseLimit(CARD, amount, days), idempotency_key="a")
    assert refused.value.code == code


def test_a_raised_limit_ends_by_itself(bank: Bank, clock: Hands) -> None:
    before = bank.cards.limit(ZHANG, CARD)
    bank.cards.raise_limit(ZHANG, RaiseLimit(CARD, 6_000_000, 30), idempotency_key="a")
    raised = bank.cards.limit(ZHANG, CARD)
    assert (raised.total, raised.temporary) == (6_000_000, 1_000_000)
    assert raised.temporary_until == shanghai(clock()).date() + timedelta(30)
    assert raised.available == before.available + 1_000_000
    clock.forward(days=31)
    assert bank.cards.limit(ZHANG, CARD).total == 5_000_000


def test_the_highest_limit_is_raised_no_further(bank: Bank) -> None:
    limit = bank.cards.limit(ZHANG, CARD)
    bank.cards.raise_limit(ZHANG, RaiseLimit(CARD, limit.raise_to, 7), idempotency_key="a")
    assert "最高额度" in bank.cards.limit(ZHANG, CARD).no_raise


@pytest.mark.parametrize(
    ("card", "payer", "amount", "code"),
    [
        (CARD, PAYER, 10**9, "too_much"),
        (CARD, "C1001-3", 100, "not_possible"),
        ("C1001-1-card", PAYER, 100, "not_credit"),
    ],
)
def test_a_repayment_that_cannot_be(
    bank: Bank, card: str, payer: str, amount: int, code: str
) -> None:
    with pytest.raises(BankRefused) as refused:
        bank.cards.repay(ZHANG, RepayCard(card, payer, amount), idempotency_key="a")
    assert refused.value.code == code


def test_a_new_card_is_activated_once(bank: Bank) -> None:
    card = "C1008-3-card"
    with pytest.raises(BankRefused) as refused:
        bank.cards.raise_limit("C1008", RaiseLimit(card, 4_000_000, 30), idempotency_key="a")
    assert refused.value.code == "card_stopped"
    bank.cards.activate("C1008", ActivateCard(card), idempotency_key="b")
    with pytest.raises(BankRefused) as refused:
        bank.cards.activate("C1008", ActivateCard(card), idempotency_key="c")
    assert refused.value.code == "not_inactive"


def test_statements_of_past_months(bank: Bank, clock: Hands) -> None:
    bill = bank.cards.bill(ZHANG, CARD)
    before = bank.cards.statement(ZHANG, CARD, bill.statement_on.replace(day=1) - timedelta(1))
    assert before.statement_on < before.due_on < bill.due_on
    assert 0 < before.minimum < before.balance <= before.paid  # paid in full, as the demo pays
    bank.cards.repay(ZHANG, RepayCard(CARD, PAYER, 12_345), idempotency_key="a")
    assert bank.cards.statement(ZHANG, CARD, bill.statement_on).paid == bill.paid + 12_345
    for month in (shanghai(clock()).date() + timedelta(40), bill.statement_on - timedelta(3_000)):
        with pytest.raises(BankRefused) as refused:
            bank.cards.statement(ZHANG, CARD, month)
        assert refused.value.code == "no_statement"
