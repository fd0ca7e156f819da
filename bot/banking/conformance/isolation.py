"""Checks that no customer reaches what is another's."""

from __future__ import annotations

from bot.banking.calls import call
from bot.banking.conformance.bench import Bench, Check, Skipped, expect, refused, unreachable
from bot.banking.models import Account, Card
from bot.banking.requests import (
    ActivateCard,
    FreezeAccount,
    LiftLoss,
    OpenDispute,
    OrderReplacement,
    PayBill,
    RaiseLimit,
    RepayCard,
    ReportLoss,
    Request,
    TakeInstalments,
    Transfer,
    UnfreezeAccount,
    UnlockAccount,
)


def _theirs(bench: Bench) -> tuple[Account, Card]:
    accounts = bench.bank.accounts.list(bench.other)
    cards = bench.bank.cards.list(bench.other)
    if not accounts or not cards:
        raise Skipped("第二位测试客户需要有账户和卡")
    return accounts[0], cards[0]


def _lists(bench: Bench) -> None:
    account, card = _theirs(bench)
    own = {each.id for each in bench.bank.accounts.list(bench.customer)}
    expect(account.id not in own, "别人的账户出现在客户名下")
    own = {each.id for each in bench.bank.cards.list(bench.customer)}
    expect(card.id not in own, "别人的卡出现在客户名下")


def _queries(bench: Bench) -> None:
    account, card = _theirs(bench)
    bank, me = bench.bank, bench.customer
    with unreachable("查别人的账户资料"):
        bank.accounts.details(me, account.id)
    with unreachable("查别人的明细"):
        bank.accounts.transactions(me, account.id, *bench.year, 5)
    with unreachable("查别人的月度汇总"):
        bank.accounts.summary(me, account.id, *bench.year)
    with unreachable("查别人的转账限额"):
        bank.transfers.limits(me, account.id)
    with unreachable("查别人的账单"):
        bank.cards.bill(me, card.id)
    with unreachable("查别人的往期账单"):
        bank.cards.statement(me, card.id, bench.today)
    with unreachable("查别人的额度"):
        bank.cards.limit(me, card.id)
    with unreachable("查别人的补卡条件"):
        bank.cards.replacement_terms(me, OrderReplacement(card.id))
    with unreachable("查别人的分期"):
        bank.cards.instalments(me, card.id)
    with unreachable("查别人可以分期的消费"):
        bank.cards.splittable(me, card.id)


def _changes(bench: Bench) -> None:
    account, card = _theirs(bench)
    payee, mine = bench.payee(), bench.payer()
    before = (bench.bank.accounts.list(bench.other), bench.bank.cards.list(bench.other))
    entry = bench.bank.accounts.transactions(bench.other, account.id, *bench.year, 1).items
    requests: list[Request] = [
        UnlockAccount(account.id),
        FreezeAccount(account.id),
        UnfreezeAccount(account.id),
        Transfer(account.id, payee.name, payee.number, payee.bank, 100),
        *_top_ups(bench, account.id),
        ReportLoss(card.id),
        LiftLoss(card.id),
        OrderReplacement(card.id),
        ActivateCard(card.id),
        RaiseLimit(card.id, 100, 10),
        TakeInstalments(card.id, 100, 3),
        RepayCard(card.id, mine.id, 100),
        *(OpenDispute(account.id, each.id, "unknown") for each in entry),
    ]
    for request in requests:
        with unreachable(f"用别人的账户或卡办理{request.title}"):
            call(bench.bank, bench.customer, request, bench.key())
    after = (bench.bank.accounts.list(bench.other), bench.bank.cards.list(bench.other))
    expect(after == before, "越权办理虽被拒绝，却改变了别人的账户或卡")


def _top_ups(bench: Bench, account_id: str) -> list[Request]:
    """A payment that would be right, were the account one's own."""
    for biller in bench.bank.payments.billers(bench.customer):
        numbers = bench.bank.payments.saved_numbers(bench.customer, biller.id)
        if biller.prepaid and numbers:
            amount = biller.amounts[0] if biller.amounts else 1_000
            return [PayBill(account_id, biller.id, numbers[0], amount)]
    return []


def _keys(bench: Bench) -> None:
    """A key belongs to its customer: the same one of another customer is another operation."""
    account, key = bench.payer(), bench.key()
    receipt = call(bench.bank, bench.customer, FreezeAccount(account.id), key)
    try:
        stolen = bench.bank.outcomes.of(bench.other, key)
        expect(stolen is None, "用别人的办理编号查到了回执")
        with unreachable("用别人的办理编号办理"):
            call(bench.bank, bench.other, FreezeAccount(account.id), key)
        again = call(bench.bank, bench.customer, FreezeAccount(account.id), key)
        expect(again == receipt, "同一编号再次办理，回执不同")
        with refused("key_reused"):
            call(bench.bank, bench.customer, UnfreezeAccount(account.id), key)
    finally:
        call(bench.bank, bench.customer, UnfreezeAccount(account.id), bench.key())


CHECKS = (
    Check("isolation.lists", "列表里没有别人的账户和卡", _lists),
    Check("isolation.queries", "查不到别人的任何资料", _queries),
    Check("isolation.changes", "不能用别人的账户或卡办理任何业务", _changes, changes=True),
    Check("isolation.keys", "办理编号属于客户本人", _keys, changes=True),
)
