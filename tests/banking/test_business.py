"""The simulated bank's other lines: cards, transfers, payments, loans, points, disputes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.banking import requests as ask
from bot.banking.card_numbers import bank_of, is_card_number, with_check_digit
from bot.banking.errors import BankRefused
from bot.banking.models import TransactionFilter
from bot.banking.ports import Bank
from bot.banking.requests import Transfer
from bot.banking.stub.people import CUSTOMERS
from bot.banking.stub.rules import OWN_BANK
from bot.errors import NotFound
from bot.text.clock import shanghai
from tests.conftest import Hands

ZHANG, WANG, LIU, RICH = "C1001", "C1003", "C1004", "C1005"
LI_MEI = ("李梅", "6222021001128821", "工商银行")
TO_WANG = ("王芳", "6217001003406612", OWN_BANK)
STRANGER = ("钱多多", with_check_digit("62284810099887"), "农业银行")


def send(amount: int, to: tuple[str, str, str] = LI_MEI, **more: object) -> Transfer:
    return Transfer("C1001-1", *to, amount, **more)  # type: ignore[arg-type]


def code_of(call: object, *args: object) -> str:
    with pytest.raises(BankRefused) as refused:
        call(*args, idempotency_key="x")  # type: ignore[operator]
    return refused.value.code


def test_card_numbers_of_the_demo_customers_are_right() -> None:
    for customer in CUSTOMERS:
        for account in customer.accounts:
            assert is_card_number(account.number) == (account.card is not None)
        assert all(is_card_number(number) for _, number, _ in customer.payees)
    assert bank_of("6228481001167712") == "农业银行" and bank_of("9999") is None
    assert not is_card_number("6228481001167713") and not is_card_number("六二二八")


def test_money_arrives_at_once_at_our_bank(bank: Bank) -> None:
    before = bank.accounts.list(WANG)[0].balance
    receipt = bank.transfers.execute(ZHANG, send(12_345, TO_WANG), idempotency_key="a")
    assert bank.accounts.list(WANG)[0].balance == before + 12_345
    assert {fact.label: fact.text for fact in receipt.facts}["转账金额"] == "¥123.45"


def test_money_of_the_next_day_waits_and_arrives(bank: Bank, clock: Hands) -> None:
    before = bank.accounts.list(WANG)[0].balance
    request = send(10_000, TO_WANG, speed="next_day")
    number = bank.transfers.execute(ZHANG, request, idempotency_key="a").number
    clock.forward(hours=23, minutes=59)
    assert bank.accounts.list(WANG)[0].balance == before
    clock.forward(minutes=1)
    assert bank.accounts.list(WANG)[0].balance == before + 10_000
    assert bank.transfers.records(ZHANG)[0].status == "arrived"
    assert code_of(bank.transfers.cancel, ZHANG, ask.CancelTransfer(number)) == "arrived"


@pytest.mark.parametrize(
    ("amount", "to", "fee"),
    [
        (500_000, LI_MEI, 0),
        (500_001, LI_MEI, 200),
        (5_000_000, LI_MEI, 1_000),
        (900_000, TO_WANG, 0),
    ],
)
def test_fees(bank: Bank, amount: int, to: tuple[str, str, str], fee: int) -> None:
    assert bank.transfers.quote(ZHANG, send(amount, to)).fee == fee


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (send(10_000_001), "over_single"),
        (send(5_000_001, STRANGER), "over_new_payee"),
        (send(100, ("王芳芳", *TO_WANG[1:])), "name_mismatch"),
        (send(100, ("李梅", "6222021001128822", "工商银行")), "bad_number"),
        (send(100, ("谁", "0200100678907", OWN_BANK)), "bad_number"),
        (send(100, ("张伟", "6217001001258866", OWN_BANK)), "same_account"),
        (Transfer("C1001-3", *LI_MEI, 100), "not_possible"),
        (Transfer("C1001-2", *LI_MEI, 9_000_000), "insufficient"),
    ],
)
def test_a_transfer_that_cannot_be(bank: Bank, request_: Transfer, code: str) -> None:
    before = bank.accounts.list(ZHANG)
    assert code_of(bank.transfers.execute, ZHANG, request_) == code
    assert bank.accounts.list(ZHANG) == before and bank.transfers.records(ZHANG) == []


def test_the_day_has_a_limit_and_the_next_day_another(bank: Bank, clock: Hands) -> None:
    [payee] = bank.transfers.payees(RICH)
    to = Transfer("C1005-2", payee.name, payee.number, payee.bank, 10_000_000)
    for key in "ab":
        bank.transfers.execute(RICH, to, idempotency_key=key)
    assert bank.transfers.limits(RICH, "C1005-2").left == 0
    assert len(bank.transfers.duplicates(RICH, to)) == 2
    assert code_of(bank.transfers.execute, RICH, to) == "over_daily"
    clock.forward(days=1)
    assert bank.transfers.duplicates(RICH, to) == []
    bank.transfers.execute(RICH, to, idempotency_key="c")


def test_a_payee_is_saved_and_then_no_longer_new(bank: Bank) -> None:
    assert bank.transfers.quote(ZHANG, send(100, STRANGER)).new_payee
    bank.transfers.execute(ZHANG, send(100, STRANGER, save_payee=True), idempotency_key="a")
    assert bank.transfers.payees(ZHANG)[0].name == "钱多多"
    assert not bank.transfers.quote(ZHANG, send(100, STRANGER)).new_payee


def test_a_bill_is_paid_once(bank: Bank) -> None:
    due = bank.payments.due(ZHANG, "water", "1002003001")
    assert (due.amount, due.owner) == (8_640, "*伟")
    pay = ask.PayBill("C1001-1", "water", "1002003001", 8_640)
    assert code_of(bank.payments.pay, ZHANG, ask.PayBill("C1001-1", "water", "1002003001", 1)) == (
        "wrong_amount"
    )
    bank.payments.pay(ZHANG, pay, idempotency_key="a")
    assert code_of(bank.payments.pay, ZHANG, pay) == "nothing_due"
    phone = ask.PayBill("C1001-1", "mobile", "13900001111", 5_000)
    bank.payments.pay(ZHANG, phone, idempotency_key="b")
    assert bank.payments.saved_numbers(ZHANG, "mobile")[0] == "13900001111"


def test_what_was_paid_already_on_one_day_is_found(bank: Bank, clock: Hands) -> None:
    phone = ask.PayBill("C1001-1", "mobile", "13900001111", 5_000)
    receipt = bank.payments.pay(ZHANG, phone, idempotency_key="a")
    other = replace(phone, account_id="C1001-2")
    assert bank.payments.duplicates(ZHANG, other) == [receipt]
    assert bank.payments.duplicates(ZHANG, replace(phone, amount=10_000)) == []
    assert bank.payments.duplicates(WANG, replace(phone, account_id="C1003-1")) == []
    clock.forward(days=1)
    assert bank.payments.duplicates(ZHANG, phone) == []


def test_a_lost_card_its_ways(bank: Bank, clock: Hands) -> None:
    card = "C1003-1-card"
    bank.cards.report_loss(WANG, ask.ReportLoss(card), idempotency_key="a")
    pay = ask.PayBill("C1003-1", "mobile", "13810001003", 5_000)
    assert code_of(bank.payments.pay, WANG, pay) == "account_stopped"
    clock.forward(days=5)  # a loss reported for a while is over
    assert bank.cards.list(WANG)[0].status == "normal"
    bank.cards.report_loss(WANG, ask.ReportLoss(card), idempotency_key="b")
    formal = bank.cards.report_loss(WANG, ask.ReportLoss(card, formal=True), idempotency_key="c")
    assert bank.cards.list(WANG)[0].loss_receipt == formal.number
    assert code_of(bank.cards.lift_loss, WANG, ask.LiftLoss(card)) == "formal_loss"
    bank.cards.replace(WANG, ask.OrderReplacement(card), idempotency_key="d")
    [new] = bank.cards.list(WANG)
    assert new.status == "inactive" and is_card_number(new.number)
    bank.cards.activate(WANG, ask.ActivateCard(new.id), idempotency_key="e")
    bank.payments.pay(WANG, pay, idempotency_key="f")


def test_a_new_card_costs_what_was_said_and_goes_where_the_customer_lives(bank: Bank) -> None:
    lost = ask.OrderReplacement("C1008-1-card")
    terms = bank.cards.replacement_terms("C1008", lost)
    assert (terms.fee, terms.address) == (500, "云杉市高新区云栖路****")
    before = bank.accounts.list("C1008")[0]
    receipt = bank.cards.replace("C1008", lost, idempotency_key="a")
    after = bank.accounts.list("C1008")[0]
    assert after.balance == before.balance - 500 and after.number != before.number
    assert [f.value for f in receipt.facts[2:]] == [500, terms.arrives_on.isoformat()]


def test_a_damaged_card_keeps_its_number(bank: Bank) -> None:
    card = bank.cards.list(WANG)[0]
    assert code_of(bank.cards.replace, WANG, ask.OrderReplacement(card.id)) == "not_lost"
    damaged = ask.OrderReplacement(card.id, "damaged")
    bank.cards.replace(WANG, damaged, idempotency_key="a")
    [new] = bank.cards.list(WANG)
    assert new.status == "inactive" and new.id != card.id and new.number == card.number
    bank.cards.activate(WANG, ask.ActivateCard(new.id), idempotency_key="b")
    lost = ask.ReportLoss(new.id, formal=True)
    bank.cards.report_loss(WANG, lost, idempotency_key="c")
    assert (
        code_of(bank.cards.replace, WANG, ask.OrderReplacement(new.id, "damaged")) == "not_usable"
    )


def test_a_locked_account_is_not_opened_by_freezing_it(bank: Bank) -> None:
    account = bank.accounts.list("C1002")[0].id
    assert code_of(bank.accounts.freeze, "C1002", ask.FreezeAccount(account)) == "already_stopped"


def test_freezing_an_account_by_oneself(bank: Bank) -> None:
    bank.accounts.freeze(ZHANG, ask.FreezeAccount("C1001-1"), idempotency_key="a")
    assert code_of(bank.transfers.execute, ZHANG, send(100)) == "account_stopped"
    bank.accounts.unfreeze(ZHANG, ask.UnfreezeAccount("C1001-1"), idempotency_key="b")
    bank.transfers.execute(ZHANG, send(100), idempotency_key="c")


def submission(number: str, months: int = 12, amount: int = 5_000_000) -> ask.SubmitApplication:
    return ask.SubmitApplication(number, "consumer", amount, months)


def test_an_application_is_left_resumed_and_submitted(bank: Bank) -> None:
    [draft] = bank.loans.applications("C1002")
    assert draft.unfilled == ("months", "method", "purpose", "income", "credit_consent")
    assert len(draft.missing) == 3
    loans = bank.loans
    more = ask.SaveApplication(
        "consumer", draft.number, months=12, method="equal_principal", purpose="装修",
        income=0, credit_consent=True,
    )  # fmt: skip
    loans.save("C1002", more, idempotency_key="a")
    for material in draft.missing:
        request = ask.AddMaterial(draft.number, material.kind, f"upload-{material.kind}")
        loans.add_material("C1002", request, idempotency_key=material.kind)
    loans.submit("C1002", submission(draft.number), idempotency_key="b")
    [sent] = loans.applications("C1002")
    assert (sent.status, sent.amount, sent.missing) == ("reviewing", 5_000_000, ())
    with pytest.raises(NotFound):
        loans.withdraw(ZHANG, ask.WithdrawApplication(draft.number), idempotency_key="c")


def test_missing_materials_are_named_with_their_problem(bank: Bank) -> None:
    [application] = bank.loans.applications("C1007")
    assert application.status == "missing_materials"
    assert [m.kind for m in application.missing] == ["income", "purpose"]
    for kind in ("purpose", "income"):
        request = ask.AddMaterial(application.number, kind, f"upload-{kind}")
        bank.loans.add_material("C1007", request, idempotency_key=kind)
    [complete] = bank.loans.applications("C1007")
    assert (complete.status, complete.missing) == ("reviewing", ())


def test_what_was_submitted_waits_for_its_materials(bank: Bank) -> None:
    loans = bank.loans
    wanted = ask.SaveApplication(
        "consumer", None, 5_000_000, 12, "equal_principal", "装修", 800_000, True
    )
    number = loans.save(ZHANG, wanted, idempotency_key="a").number
    assert code_of(loans.submit, ZHANG, submission(number, 12, 6_000_000)) == "changed"
    loans.submit(ZHANG, submission(number), idempotency_key="b")
    [sent] = loans.applications(ZHANG)
    assert sent.status == "missing_materials"


def test_a_draft_of_another_product_keeps_what_fits_it(bank: Bank) -> None:
    loans = bank.loans
    for kind in ("identity", "purpose"):
        request = ask.AddMaterial("LA900002", kind, f"upload-{kind}")
        loans.add_material("C1002", request, idempotency_key=kind)
    loans.save("C1002", ask.SaveApplication("car", "LA900002"), idempotency_key="a")
    [car] = loans.applications("C1002")
    assert (car.product_id, car.amount) == ("car", None)
    assert [m.kind for m in car.missing] == ["income", "contract"]


def test_a_running_loan_adds_up(bank: Bank, clock: Hands) -> None:
    [loan] = bank.loans.loans(ZHANG)
    assert sum(each.payment.principal for each in loan.schedule) == loan.principal
    assert loan.next is not None and loan.next.due_on >= shanghai(clock()).date()
    paid = sum(each.payment.principal for each in loan.schedule if each.paid)
    assert loan.balance == loan.principal - paid


def test_points_that_expire_soonest_are_used_first(bank: Bank, clock: Hands) -> None:
    before = bank.rewards.points(ZHANG)
    assert before.balance == 20_500 and before.expiring[0].points == 1_800
    bank.rewards.redeem(ZHANG, ask.RedeemPoints("phone10"), idempotency_key="a")
    after = bank.rewards.points(ZHANG)
    assert (after.balance, after.expiring[0].points) == (19_500, 800)
    assert code_of(bank.rewards.redeem, ZHANG, ask.RedeemPoints("suitcase")) == "too_few_points"
    clock.forward(days=26)
    assert bank.rewards.points(ZHANG).balance == 18_700


def test_a_double_charge_is_found_and_disputed_once(bank: Bank, clock: Hands) -> None:
    today = shanghai(clock()).date()
    where = TransactionFilter(least=26_800, most=26_800)
    found = bank.disputes.candidates(LIU, today - timedelta(30), today, where=where).items
    assert [item.counterparty for item in found] == ["云杉商城", "云杉商城"]
    request = ask.OpenDispute(found[0].account_id, found[0].id, "duplicate", "扣了两次")
    receipt = bank.disputes.open(LIU, request, idempotency_key="a")
    with pytest.raises(BankRefused, match=receipt.number):
        bank.disputes.open(LIU, request, idempotency_key="b")
    assert bank.disputes.list(LIU)[0].due_on == today + timedelta(30)


def test_pages_go_on_where_the_last_ended(bank: Bank, clock: Hands) -> None:
    today = shanghai(clock()).date()
    where = TransactionFilter(kinds=frozenset({"salary"}))
    first = bank.accounts.transactions(
        ZHANG, "C1001-1", today - timedelta(365), today, 5, where=where
    )
    second = bank.accounts.transactions(
        ZHANG, "C1001-1", today - timedelta(365), today, 50, where=where, cursor=first.cursor
    )
    times = [item.at for item in (*first.items, *second.items)]
    assert len(times) == 12 and times == sorted(set(times), reverse=True) and not second.more
