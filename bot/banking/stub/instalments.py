"""Paying a bill or a purchase in instalments at the simulated bank."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from bot.banking.errors import BankRefused
from bot.banking.finance import instalment_plan
from bot.banking.models import (
    InstalmentOffer,
    Receipt,
    Transaction,
    TransactionFilter,
    TransactionKind,
    label_of,
    yuan,
)
from bot.banking.requests import TakeInstalments
from bot.banking.stub import rules
from bot.banking.stub.access import money, own_card, status_of, text
from bot.banking.stub.accounts import find
from bot.banking.stub.business_tables import instalments
from bot.banking.stub.core import Core, Facts, Work
from bot.banking.stub.credit import bill, credit_account, stopped_card
from bot.banking.stub.ledger import balance, entry_rows, instalment_account, post
from bot.banking.stub.statements import latest_statement_day, start_of
from bot.banking.stub.tables import postings

MOST_PURCHASES = 100


class StubInstalments:
    """Implements the instalments of :class:`~bot.banking.ports.Cards`."""

    _core: Core

    def splittable(self, customer_id: str, card_id: str) -> list[Transaction]:
        return self._core.read(
            "cards.splittable", customer_id, lambda work: _splittable(work, card_id)
        )

    def instalments(
        self,
        customer_id: str,
        card_id: str,
        purchase_id: str | None = None,
        amount: int | None = None,
    ) -> InstalmentOffer:
        return self._core.read(
            "cards.instalments",
            customer_id,
            lambda work: _offer(work, card_id, purchase_id, amount),
        )

    def take_instalments(
        self, customer_id: str, request: TakeInstalments, *, idempotency_key: str
    ) -> Receipt:
        return self._core.change(
            "cards.take_instalments", customer_id, request, idempotency_key, _take
        )


def _working(work: Work, card_id: str) -> Any:
    """The credit account of a card that is in use, for what takes on new debt."""
    account = credit_account(work, card_id)
    if status_of(own_card(work, card_id), work.now) != "normal":
        raise stopped_card()
    return account


def _splittable(work: Work, card_id: str) -> list[Transaction]:
    account = credit_account(work, card_id)
    if status_of(own_card(work, card_id), work.now) != "normal":
        return []
    owed = max(0, -balance(work.tx, account.id))
    if owed < rules.INSTALMENT_LEAST:
        return []
    first = latest_statement_day(work.today, account.statement_day)
    where = TransactionFilter(
        frozenset({"purchase"}), "out", rules.INSTALMENT_LEAST, rules.INSTALMENT_MOST
    )
    bought = find(work, [account.id], first, work.today, MOST_PURCHASES, where).items
    taken = set(work.tx.execute(select(instalments.c.purchase_id)).scalars())
    return [each for each in bought if each.id not in taken]


def _offer(
    work: Work, card_id: str, purchase_id: str | None, wanted: int | None = None
) -> InstalmentOffer:
    account = _working(work, card_id)
    most = (
        _bill_amount(work, card_id)
        if purchase_id is None
        else _purchase_amount(work, account, purchase_id)
    )
    least = rules.INSTALMENT_LEAST
    if most < least:
        what = "本期账单" if purchase_id is None else "这笔消费"
        raise BankRefused("not_possible", f"{what}可以分期的金额不足 {yuan(least)}，不能分期。")
    amount = most if wanted is None else wanted
    if most > rules.INSTALMENT_MOST:
        text_ = f"单次分期最高 {yuan(rules.INSTALMENT_MOST)}，这笔消费超过了，不能单笔分期。"
        raise BankRefused("not_possible", text_)
    if purchase_id is not None and amount != most:
        raise BankRefused("bad_amount", f"单笔消费需要按整笔金额 {yuan(most)} 分期。")
    if not least <= amount <= most:
        raise BankRefused("bad_amount", f"本期账单可以分期的金额是 {yuan(least)} 到 {yuan(most)}。")
    plans = tuple(
        instalment_plan(amount, periods, rate) for periods, rate in rules.INSTALMENT_FEES.items()
    )
    return InstalmentOffer(card_id, purchase_id, amount, plans)


def _bill_amount(work: Work, card_id: str) -> int:
    present = bill(work, card_id)
    if present.overdue or work.today > present.due_on:
        raise BankRefused("not_possible", "账单已过还款日，不能再办理账单分期。")
    share = int(present.balance * rules.INSTALMENT_BILL_SHARE)
    return min(present.due, share, rules.INSTALMENT_MOST)


def _purchase_amount(work: Work, account: Any, purchase_id: str) -> int:
    row = work.tx.execute(
        select(postings).where(
            postings.c.entry == purchase_id,
            postings.c.account_id == account.id,
            postings.c.kind == "purchase",
            postings.c.amount < 0,
        )
    ).first()
    unbilled = start_of(latest_statement_day(work.today, account.statement_day))
    if row is None or row.at < unbilled:
        raise BankRefused("not_possible", "只有尚未出账单的消费可以单笔分期。")
    taken = select(instalments.c.receipt).where(instalments.c.purchase_id == purchase_id)
    if work.tx.execute(taken).first() is not None:
        raise BankRefused("not_possible", "这笔消费已经办理过分期。")
    return min(-row.amount, max(0, -balance(work.tx, account.id)))


def _take(work: Work, request: TakeInstalments) -> Facts:
    offer = _offer(work, request.card_id, request.purchase_id, request.amount)
    account = credit_account(work, request.card_id)
    plan = next((each for each in offer.plans if each.periods == request.periods), None)
    if plan is None:
        raise BankRefused("bad_plan", f"没有 {request.periods} 期的方案，请重新选择期数。")
    if request.interest not in (None, plan.total_fee):
        raise BankRefused("bad_plan", "分期利息刚刚有变化，没有办理，请重新查看方案。")
    work.tx.execute(
        insert(instalments).values(
            receipt=work.number, account_id=account.id, purchase_id=request.purchase_id,
            amount=request.amount, periods=request.periods, billed=0, taken_at=work.now,
        )
    )  # fmt: skip
    # Taking the bill apart pays it; a purchase that is not billed yet leaves only the balance.
    what = "账单" if request.purchase_id is None else "消费"
    amounts = {account.id: request.amount, instalment_account(account.id): -request.amount}
    kind: TransactionKind = "repayment" if request.purchase_id is None else "instalment"
    post(work.tx, entry_rows(work.now, f"{what}分期转出", amounts, kind, rules.OWN_BANK))
    return (
        text("卡片", label_of(account)),
        money("分期金额", plan.amount),
        text("期数", f"{plan.periods} 期"),
        money("首期应还", plan.payments[0].total),
        money("每期利息", plan.fee_per_period),
        money("利息合计", plan.total_fee),
        text("近似折算年化利率（单利）", f"{plan.annual_rate * 100:.2f}%"),
    )
