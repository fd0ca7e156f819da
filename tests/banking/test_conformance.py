"""The simulated bank passes every check that an adapter is run through; a broken one does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.banking.conformance import CHECKS, Bench, Check, Subjects, verify
from bot.banking.models import Account, Assessment
from bot.banking.ports import Bank
from bot.banking.stub import Outbox, conformance_subjects
from bot.cli.main import app
from bot.storage import Database
from tests.conftest import Hands

OUTSIDE = "C1004"


@pytest.fixture
def bench(db: Database, bank: Bank, clock: Hands) -> Bench:
    return Bench(bank, conformance_subjects(db, clock), changes=True, clock=clock)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_the_simulated_bank_passes(bench: Bench, check: Check) -> None:
    [result] = verify(bench, (check,))
    assert (result.outcome, result.detail) == ("passed", "")


class Wrong:
    """A port of which some methods are another's."""

    def __init__(self, port: Any, **methods: Any) -> None:
        self._port = port
        self.__dict__.update(methods)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)


def broken(bank: Bank) -> dict[str, tuple[Bank, str]]:
    """Banks with one fault each, and the check that must find it."""
    accounts, transfers, cards = bank.accounts, bank.transfers, bank.cards

    def leaks(_customer: str, account_id: str, *rest: Any, **more: Any) -> Any:
        owner = account_id.split("-")[0]
        return accounts.transactions(owner, account_id, *rest, **more)

    def twice(customer: str, request: Any, *, idempotency_key: str) -> Any:
        transfers.execute(customer, request, idempotency_key=idempotency_key + "'")
        return transfers.execute(customer, request, idempotency_key=idempotency_key)

    def floats(customer: str) -> list[Account]:
        return [replace(a, balance=a.balance / 1) for a in accounts.list(customer)]  # type: ignore[arg-type]

    def forgets(customer: str, request: Any, *, idempotency_key: str) -> Any:
        key = f"{idempotency_key}-{Hands.__name__}"
        return replace(cards.report_loss(customer, request, idempotency_key=key), number="LR1")

    def forgetful(*_: Any) -> list[Any]:
        return []

    return {
        "forgetful": (
            replace(bank, payments=Wrong(bank.payments, duplicates=forgetful)),
            "payments.pay",
        ),
        "leaks": (replace(bank, accounts=Wrong(accounts, transactions=leaks)), "isolation.queries"),
        "twice": (replace(bank, transfers=Wrong(transfers, execute=twice)), "transfers.execute"),
        "floats": (replace(bank, accounts=Wrong(accounts, list=floats)), "accounts.list"),
        "forgets": (replace(bank, cards=Wrong(cards, report_loss=forgets)), "cards.report_loss"),
        "trusting": (
            replace(bank, risk=Wrong(bank.risk, assess=lambda *_: Assessment("pass"))),
            "risk.assess",
        ),
        "open door": (
            replace(bank, codes=Wrong(bank.codes, verify=lambda *_: None)),
            "codes.verify",
        ),
    }


@pytest.mark.parametrize(
    "fault", ["forgetful", "leaks", "twice", "floats", "forgets", "trusting", "open door"]
)
def test_a_broken_bank_is_found_out(bench: Bench, fault: str) -> None:
    bank, name = broken(bench.bank)[fault]
    failed = {
        result.check.name: result.detail
        for result in verify(replace(bench, bank=bank))
        if result.outcome == "failed"
    }
    assert name in failed and failed[name]


def test_without_permission_nothing_is_done(bench: Bench, db: Database, clock: Hands) -> None:
    before = bench.bank.accounts.list(bench.customer)
    results = list(verify(replace(bench, changes=False)))
    assert {r.outcome for r in results if r.check.changes} == {"skipped"}
    assert bench.bank.accounts.list(bench.customer) == before
    assert Outbox(db, clock).outbox(bench.customer) == []


def test_a_customer_who_lacks_something_is_no_failure(bench: Bench) -> None:
    bare = replace(bench, subjects=Subjects("C1006", OUTSIDE))
    results = {result.check.name: result for result in verify(bare)}
    assert results["cards.bill"].outcome == "skipped" and results["cards.bill"].detail


def test_the_command_lists_the_results_and_names_the_mend() -> None:
    result = CliRunner().invoke(app, ["adapter", "verify", "bot.banking.stub:make_bank"])
    assert result.exit_code == 0, result.output
    assert "未通过 0 项" in result.output and "跳过" in result.output
    unprepared = CliRunner().invoke(app, ["adapter", "verify", "tests.banking.adapter:make_bank"])
    assert unprepared.exit_code != 0 and "--customer" in str(unprepared.exception)
