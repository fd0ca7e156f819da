"""What keeps money safe: risk rules, kept reports, bad answers, the audit trail under load."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.banking.audit import AuditTrail
from bot.banking.doubts import Doubt
from bot.banking.errors import (
    BankRefused,
    BankTimeout,
    BankUnavailable,
    CodeRejected,
    HeldForReview,
    KeptForRetry,
    RiskWarning,
)
from bot.banking.models import Receipt, RiskContext
from bot.banking.operations import Operations
from bot.banking.ports import Bank
from bot.banking.requests import CancelTransfer, FreezeAccount, PayBill, ReportLoss, Transfer
from bot.banking.stub import Outbox, make_bank
from bot.banking.stub.faults import KINDS, OPERATIONS, Faults
from bot.banking.tables import audit_head, audit_records
from bot.errors import Conflict, Invalid
from bot.storage import Database
from tests.conftest import Hands

ZHANG = "C1001"
SAVED = Transfer("C1001-1", "李梅", "6222021001128821", "工商银行", 5_000_000)
NEW = Transfer("C1001-1", "钱多多", "6222021009988705", "工商银行", 100_000)


@pytest.mark.parametrize(
    ("request_", "context", "hour", "verdict", "rule"),
    [
        (SAVED, RiskContext(), 12, "pass", ""),
        (SAVED, RiskContext(), 2, "pass", ""),
        (NEW, RiskContext(), 12, "pass", ""),
        (replace(NEW, amount=1_000_000), RiskContext(), 12, "warn", "new_payee"),
        (replace(NEW, amount=3_000_000), RiskContext(), 12, "hold", "new_payee_large"),
        (replace(NEW, amount=200_000), RiskContext(), 23, "warn", "night"),
        (replace(NEW, amount=1_000_000), RiskContext(), 2, "hold", "night_large"),
        (replace(SAVED, memo="转入安全账户"), RiskContext(), 12, "hold", "safe_account"),
        (SAVED, RiskContext(said="警察让我转到安全账户"), 12, "hold", "safe_account"),
        (SAVED, RiskContext(frozenset({"fraud"})), 12, "hold", "fraud_words"),
        (SAVED, RiskContext(frozenset({"anger"})), 12, "pass", ""),
        (
            replace(NEW, payee_name="张伟", payee_number="6217001001242001", amount=9_000_000),
            RiskContext(), 2, "pass", "",
        ),
    ],
)  # fmt: skip
def test_risk(
    bank: Bank, clock: Hands, request_: Transfer, context: RiskContext, hour: int,
    verdict: str, rule: str,
) -> None:  # fmt: skip
    clock.forward(hours=hour - 12)  # the test clock stands at noon in Shanghai
    found = bank.risk.assess(ZHANG, request_, context)
    assert (found.verdict, found.rule) == (verdict, rule)


def test_small_sums_to_a_new_payee_add_up(bank: Bank) -> None:
    part = replace(NEW, amount=900_000)
    assert bank.risk.assess(ZHANG, part, RiskContext()).verdict == "pass"
    bank.transfers.execute(ZHANG, replace(part, save_payee=True), idempotency_key="a")
    assert bank.risk.assess(ZHANG, part, RiskContext()).verdict == "warn"


def confirmed(operations: Operations, outbox: Outbox, request: Transfer, key: str, **more: object):
    challenge = operations.send_code(ZHANG, request)
    code = str(outbox.outbox(ZHANG)[0]["code"])
    return operations.carry_out(
        ZHANG,
        request,
        key=key,
        challenge=challenge.id,
        code=code,
        **more,  # type: ignore[arg-type]
    )


def test_a_code_confirms_one_amount_and_one_payee(
    bank: Bank, operations: Operations, outbox: Outbox
) -> None:
    challenge = operations.send_code(ZHANG, SAVED)
    message = outbox.outbox(ZHANG)[0]
    assert message["purpose"] == "转账 ¥50,000.00 给 李梅（尾号 8821）"
    for other in (
        replace(SAVED, amount=5_000_001),
        replace(SAVED, payee_number="6222021009988705"),
    ):
        with pytest.raises(CodeRejected):
            operations.carry_out(
                ZHANG, other, key="a", challenge=challenge.id, code=str(message["code"])
            )
    assert bank.transfers.records(ZHANG) == []


def test_a_warned_transfer_is_made_when_confirmed_and_a_held_one_never(
    db: Database, bank: Bank, operations: Operations, outbox: Outbox
) -> None:
    large = replace(NEW, amount=1_000_000)
    with pytest.raises(RiskWarning):
        confirmed(operations, outbox, large, "a")
    confirmed(operations, outbox, large, "b", warned=True)
    with pytest.raises(HeldForReview):
        confirmed(operations, outbox, replace(NEW, amount=3_000_000), "c", warned=True)
    assert len(bank.transfers.records(ZHANG)) == 1
    with db.read() as tx:
        rows = tx.execute(audit_records.select()).all()
    assert [row.outcome.split()[0] for row in rows] == ["warn", "done", "hold"]
    assert "6222021009988705" not in str(rows) and "钱多多" not in str(rows)


def test_a_key_is_good_for_one_operation(operations: Operations) -> None:
    operations.carry_out(ZHANG, FreezeAccount("C1001-1"), key="a")
    with pytest.raises(Conflict):
        operations.carry_out(ZHANG, ReportLoss("C1001-1-card"), key="a")


def test_a_stop_is_kept_while_the_bank_is_down_and_done_later(
    db: Database, bank: Bank, operations: Operations, clock: Hands
) -> None:
    for name in ("accounts.freeze", "outcomes.of"):
        Faults(db).set(name, "unavailable")
    request = FreezeAccount("C1001-1")
    for _ in range(2):  # a repeated turn is told the same
        with pytest.raises(KeptForRetry):
            operations.carry_out(ZHANG, request, key="a")
    operations.keep(ZHANG, ReportLoss("C1001-2-card"), "b")
    assert [each.receipt for each in operations.kept(ZHANG)] == [None, None]
    clock.forward(seconds=20)
    assert operations.retry_kept() == 1  # the loss report; the account is still out of reach
    Faults(db).clear()
    clock.forward(minutes=1)
    assert operations.retry_kept() == 1
    assert bank.accounts.list(ZHANG)[0].status == "paused"
    assert bank.cards.list(ZHANG)[1].status == "suspended"
    assert all(each.receipt for each in operations.kept(ZHANG))
    clock.forward(days=1)
    assert operations.retry_kept() == 0
    receipt = operations.carry_out(ZHANG, request, key="a")
    assert receipt.number in [each.receipt for each in operations.kept(ZHANG)]


def test_only_what_protects_is_kept(operations: Operations) -> None:
    with pytest.raises(Invalid):
        operations.keep(ZHANG, PayBill("C1001-1", "mobile", "13810001001", 1_000), "a")


def test_a_wrong_answer_is_noticed_and_the_books_are_asked(
    db: Database, bank: Bank, operations: Operations
) -> None:
    Faults(db).set("accounts.freeze", "wrong_data")
    receipt = operations.carry_out(ZHANG, FreezeAccount("C1001-1"), key="a")
    assert bank.outcomes.of(ZHANG, "a") == receipt


def test_when_nothing_can_be_asked_the_outcome_is_unknown(
    db: Database, bank: Bank, operations: Operations, outbox: Outbox
) -> None:
    challenge = operations.send_code(ZHANG, SAVED)
    code = str(outbox.outbox(ZHANG)[0]["code"])
    real = bank.outcomes.of
    answers = iter([None])

    class Silent:
        def of(self, customer: str, key: str):
            try:
                return next(answers)
            except StopIteration:
                raise BankUnavailable("down") from None

    Faults(db).set("transfers.execute", "timeout_after")
    cut_off = Operations(db, replace(bank, outcomes=Silent()), Hands())
    with pytest.raises(BankTimeout):
        cut_off.carry_out(ZHANG, SAVED, key="a", challenge=challenge.id, code=code)
    with db.read() as tx:
        assert tx.execute(audit_records.select()).first().outcome == "unknown"
    assert real(ZHANG, "a") is not None


@pytest.mark.parametrize("done", [True, False])
def test_what_the_bank_left_unanswered_is_found_out(
    db: Database, operations: Operations, outbox: Outbox, clock: Hands, done: bool
) -> None:
    challenge = operations.send_code(ZHANG, SAVED)
    code = str(outbox.outbox(ZHANG)[0]["code"])
    Faults(db).set("transfers.execute", "timeout_after" if done else "timeout_before")
    silent = make_bank(
        db, b"secret", clock, sleep=lambda _seconds: Faults(db).set("outcomes.of", "unavailable")
    )
    with pytest.raises(BankTimeout):
        Operations(db, silent, clock).carry_out(
            ZHANG, SAVED, key="c:1", challenge=challenge.id, code=code
        )
    found: list[tuple[str, str | None]] = []

    def tell(doubt: Doubt, receipt: Receipt | None) -> None:
        found.append((doubt.operation, receipt and receipt.number))

    clock.forward(seconds=20)
    assert operations.settle_doubts(tell) == 0 and operations.in_doubt(ZHANG, "c:1")
    Faults(db).clear()
    clock.forward(seconds=30)
    # That nothing was done is only sure after a while: the core may still be working on it.
    assert operations.settle_doubts(tell) == int(done)
    clock.forward(minutes=3)
    assert operations.settle_doubts(tell) == int(not done)
    clock.forward(days=1)
    assert operations.settle_doubts(tell) == 0 and not operations.in_doubt(ZHANG, "c:1")
    receipt = operations.outcome(ZHANG, "c:1")
    assert found == [("transfer", receipt and receipt.number)] and (receipt is not None) == done
    with db.read() as tx:
        last = tx.execute(audit_records.select()).all()[-1]
    assert last.outcome == (f"found done {receipt.number}" if receipt else "found not done")


def test_who_tries_again_is_not_told_once_more(
    db: Database, operations: Operations, outbox: Outbox, clock: Hands
) -> None:
    code = operations.send_code(ZHANG, SAVED)
    given = str(outbox.outbox(ZHANG)[0]["code"])
    Faults(db).set("transfers.execute", "timeout_before")
    with pytest.raises(BankTimeout):
        operations.carry_out(ZHANG, SAVED, key="c:1", challenge=code.id, code=given)
    Faults(db).clear()
    confirmed(operations, outbox, SAVED, "c:1")
    clock.forward(hours=1)
    assert operations.settle_doubts(lambda *_: pytest.fail("told twice")) == 0


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"latency"}))
def test_every_read_fails_as_the_fault_says(db: Database, bank: Bank, kind: str) -> None:
    reads = {"accounts.list": bank.accounts.list, "cards.list": bank.cards.list,
             "transfers.payees": bank.transfers.payees, "rewards.points": bank.rewards.points,
             "loans.loans": bank.loans.loans, "payments.billers": bank.payments.billers}  # fmt: skip
    for name, read in reads.items():
        assert name in OPERATIONS
        Faults(db).set(name, kind)
        with pytest.raises(BankUnavailable):
            read(ZHANG)


def test_records_written_at_once_make_one_chain(db: Database, clock: Hands) -> None:
    trail = AuditTrail(db, clock)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: trail.record(ZHANG, "unlock", {"n": str(n)}, "done"), range(80)))
    assert trail.first_broken() is None
    with db.read() as tx:
        assert tx.execute(audit_head.select()).one().count == 80
        links = [row.previous for row in tx.execute(audit_records.select())]
    assert len(set(links)) == 80


def test_a_cut_off_end_of_the_trail_is_noticed(db: Database, clock: Hands) -> None:
    trail = AuditTrail(db, clock)
    for number in range(3):
        trail.record(ZHANG, "unlock", {}, f"done {number}")
    with db.begin() as tx:
        tx.execute(audit_records.delete().where(audit_records.c.id == 3))
    assert trail.first_broken() == 3


def test_one_key_pressed_many_times_at_once_is_one_transfer(bank: Bank) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = set(
            pool.map(
                lambda _: bank.transfers.execute(ZHANG, SAVED, idempotency_key="a").number, range(8)
            )
        )
    assert len(receipts) == 1 and len(bank.transfers.records(ZHANG)) == 1


def test_transfers_at_once_do_not_slip_past_the_limit_together(bank: Bank) -> None:
    [payee] = bank.transfers.payees("C1005")
    request = Transfer("C1005-2", payee.name, payee.number, payee.bank, 7_000_000)

    def send(key: int) -> str | None:
        try:
            return bank.transfers.execute("C1005", request, idempotency_key=str(key)).number
        except BankRefused as refusal:
            assert refusal.code == "over_daily"
            return None

    with ThreadPoolExecutor(6) as pool:
        done = [number for number in pool.map(send, range(6)) if number]
    assert len(done) == 2 and bank.transfers.limits("C1005", "C1005-2").used == 14_000_000


def test_the_trail_follows_our_own_numbers_and_hides_theirs() -> None:
    number = "TF20260302000001"
    assert CancelTransfer(number).masked() == {"number": number}
    masked = SAVED.masked()
    assert masked["payee_number"] == "622202******8821" and masked["payee_name"] == "*梅"
