"""Operations on the simulated bank: identity, code, once, whatever fails."""

from __future__ import annotations

from datetime import date

import pytest

from bot.banking.audit import AuditTrail
from bot.banking.errors import BankRefused, BankUnavailable, CodeRejected, KeptForRetry
from bot.banking.operations import Operations
from bot.banking.ports import Bank
from bot.banking.requests import ReportLoss, Request, UnlockAccount
from bot.banking.stub import Outbox
from bot.banking.stub.faults import Faults
from bot.banking.stub.ledger import out_of_balance
from bot.banking.tables import audit_records
from bot.errors import NotFound
from bot.storage import Database
from tests.conftest import Hands

ZHANG, LI, WANG = "C1001", "C1002", "C1003"


def code_for(operations: Operations, outbox: Outbox, customer: str, request: Request):
    challenge = operations.send_code(customer, request)
    return challenge.id, str(outbox.outbox(customer)[0]["code"])


def report(operations: Operations, outbox: Outbox, card: str, key: str = "k1"):
    challenge, code = code_for(operations, outbox, ZHANG, ReportLoss(card))
    return operations.carry_out(ZHANG, ReportLoss(card), challenge=challenge, code=code, key=key)


def test_the_books_balance_and_every_seeding_is_the_same(db: Database, bank: Bank) -> None:
    with db.read() as tx:
        assert out_of_balance(tx) == []
    accounts = bank.accounts.list(ZHANG)
    assert [account.tail for account in accounts] == ["8866", "2001", "5520"]
    assert accounts[0].balance == accounts[0].available > 0 > accounts[2].balance


def test_a_card_is_reported_lost_once_under_one_key(
    bank: Bank, operations: Operations, outbox: Outbox
) -> None:
    card = bank.cards.list(ZHANG)[0].id
    receipt = report(operations, outbox, card)
    again = operations.carry_out(ZHANG, ReportLoss(card), challenge="", code=None, key="k1")
    assert again == receipt
    assert bank.cards.list(ZHANG)[0].loss_receipt == receipt.number
    with pytest.raises(BankRefused, match=receipt.number):
        report(operations, outbox, card, key="k2")


def test_a_lost_answer_does_it_neither_twice_nor_not_at_all(
    db: Database, bank: Bank, operations: Operations, outbox: Outbox
) -> None:
    card = bank.cards.list(ZHANG)[0].id
    Faults(db).set("cards.report_loss", "timeout_after")
    receipt = report(operations, outbox, card)
    assert receipt.number == bank.cards.list(ZHANG)[0].loss_receipt


def test_an_unknown_outcome_is_said_and_audited(
    db: Database, bank: Bank, operations: Operations, outbox: Outbox
) -> None:
    card = bank.cards.list(ZHANG)[0].id
    Faults(db).set("cards.report_loss", "timeout_before")
    with pytest.raises(KeptForRetry):
        report(operations, outbox, card)
    assert bank.cards.list(ZHANG)[0].status == "normal"
    with db.read() as tx:
        assert tx.execute(audit_records.select()).first().outcome == "unknown"


def test_an_unavailable_core_changes_nothing(
    db: Database, bank: Bank, operations: Operations, outbox: Outbox
) -> None:
    card = bank.cards.list(ZHANG)[0].id
    Faults(db).set("cards.report_loss", "unavailable")
    with pytest.raises(BankUnavailable):
        report(operations, outbox, card)
    assert bank.cards.list(ZHANG)[0].status == "normal"


def test_only_the_own_card_and_account(bank: Bank) -> None:
    card = bank.cards.list(ZHANG)[0]
    with pytest.raises(NotFound):
        bank.cards.report_loss(WANG, ReportLoss(card.id), idempotency_key="x")
    with pytest.raises(NotFound):
        bank.accounts.transactions(WANG, card.account_id, date(2026, 1, 1), date(2026, 2, 1), 5)
    assert bank.cards.list(ZHANG)[0].status == "normal"


def test_unlocking_and_its_refusals(bank: Bank, operations: Operations, outbox: Outbox) -> None:
    account = bank.accounts.list(LI)[0]
    assert account.status == "locked"
    challenge, code = code_for(operations, outbox, LI, UnlockAccount(account.id))
    operations.carry_out(LI, UnlockAccount(account.id), challenge=challenge, code=code, key="u")
    assert bank.accounts.list(LI)[0].status == "normal"
    with pytest.raises(BankRefused, match="没有被锁定"):
        bank.accounts.unlock(LI, UnlockAccount(account.id), idempotency_key="v")


def test_transactions_of_a_period_newest_first(bank: Bank) -> None:
    account = bank.accounts.list(ZHANG)[0].id
    page = bank.accounts.transactions(ZHANG, account, date(2026, 2, 1), date(2026, 2, 28), 3)
    assert len(page.items) == 3 and page.more
    assert [item.at for item in page.items] == sorted((i.at for i in page.items), reverse=True)
    total = bank.accounts.transactions(ZHANG, account, date(2020, 1, 1), date(2026, 3, 2), 10_000)
    assert sum(item.amount for item in total.items) == bank.accounts.list(ZHANG)[0].balance


def test_a_code_is_bound_counted_and_short_lived(
    bank: Bank, operations: Operations, outbox: Outbox, clock: Hands
) -> None:
    first, second = (card.id for card in bank.cards.list(ZHANG)[:2])
    challenge, code = code_for(operations, outbox, ZHANG, ReportLoss(first))

    def carry_out(target: str, given: str, customer: str = ZHANG) -> None:
        operations.carry_out(
            customer, ReportLoss(target), challenge=challenge, code=given, key=f"{target}{given}"
        )

    with pytest.raises(CodeRejected):  # sent for another card
        carry_out(second, code)
    with pytest.raises(CodeRejected):  # sent to another customer
        carry_out(first, code, WANG)
    wrong = "000000" if code != "000000" else "111111"
    for left in (2, 1):
        with pytest.raises(CodeRejected, match=str(left)):
            carry_out(first, wrong)
    with pytest.raises(CodeRejected) as last:
        carry_out(first, wrong)
    assert last.value.final
    with pytest.raises(CodeRejected):  # the right one comes too late now
        carry_out(first, code)
    clock.forward(minutes=1)
    challenge, code = code_for(operations, outbox, ZHANG, ReportLoss(first))
    clock.forward(minutes=6)
    with pytest.raises(CodeRejected, match="过期"):
        carry_out(first, code)
    assert bank.cards.list(ZHANG)[0].status == "normal"


def test_nobodys_phone_is_flooded(
    bank: Bank, operations: Operations, outbox: Outbox, clock: Hands
) -> None:
    card = bank.cards.list(ZHANG)[0].id
    first = operations.send_code(ZHANG, ReportLoss(card))
    assert operations.send_code(ZHANG, ReportLoss(card)).id == first.id
    with pytest.raises(BankRefused):
        operations.send_code(ZHANG, ReportLoss(card), again=True)
    with pytest.raises(BankRefused) as refused:
        for _ in range(20):
            clock.forward(seconds=31)
            operations.send_code(ZHANG, ReportLoss(card), again=True)
    assert refused.value.code == "too_many"
    assert len(outbox.outbox(ZHANG)) == 10


def test_a_changed_audit_record_is_noticed(
    db: Database, bank: Bank, operations: Operations, outbox: Outbox, clock: Hands
) -> None:
    report(operations, outbox, bank.cards.list(ZHANG)[0].id, "a")
    report(operations, outbox, bank.cards.list(ZHANG)[1].id, "b")
    trail = AuditTrail(db, clock)
    assert trail.first_broken() is None
    with db.begin() as tx:
        tx.execute(audit_records.update().where(audit_records.c.id == 1).values(outcome="done X"))
    assert trail.first_broken() == 1
