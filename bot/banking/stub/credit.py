"""A credit card's bill, limit, instalments and repayment at the simulated bank."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import update

from bot.banking.errors import BankRefused
from bot.banking.models import (
    CardBill,
    CardStatement,
    CreditLimit,
    Receipt,
    label_of,
)
from bot.banking.requests import RaiseLimit, RepayCard
from bot.banking.stub import rules
from bot.banking.stub.access import (
    covered,
    day,
    limit_of,
    money,
    own_account,
    own_card,
    status_of,
    sums,
    text,
    usable,
)
from bot.banking.stub.core import Core, Facts, Work
from bot.banking.stub.ledger import balance, entry_rows, instalment_account, post
from bot.banking.stub.statements import (
    earlier,
    later,
    latest_statement_day,
    paid,
    start_of,
    statement,
)
from bot.banking.stub.tables import accounts


class StubCredit:
    """Bill, limit and repayment of :class:`~bot.banking.ports.Cards`."""

    _core: Core

    def bill(self, customer_id: str, card_id: str) -> CardBill:
        return self._core.read("cards.bill", customer_id, lambda work: bill(work, card_id))

    def statement(self, customer_id: str, card_id: str, month: date) -> CardStatement:
        return self._core.read(
            "cards.statement", customer_id, lambda work: _statement(work, card_id, month)
        )

    def limit(self, customer_id: str, card_id: str) -> CreditLimit:
        return self._core.read("cards.limit", customer_id, lambda work: _limit(work, card_id))

    def raise_limit(
        self, customer_id: str, request: RaiseLimit, *, idempotency_key: str
    ) -> Receipt:
        return self._core.change("cards.raise_limit", customer_id, request, idempotency_key, _raise)

    def repay(self, customer_id: str, request: RepayCard, *, idempotency_key: str) -> Receipt:
        return self._core.change("cards.repay", customer_id, request, idempotency_key, _repay)


def bill(work: Work, card_id: str) -> CardBill:
    """The latest statement and what has happened since."""
    account = credit_account(work, card_id)
    tx, today = work.tx, work.today
    latest = statement(tx, account.id, latest_statement_day(today, account.statement_day))
    # What is booked at this very moment counts.
    until = work.now + timedelta(microseconds=1)
    came_in = paid(tx, account.id, latest.on, until)
    before = statement(tx, account.id, earlier(latest.on))
    owed = max(0, -balance(tx, account.id))
    due = min(owed, max(0, latest.balance - came_in))
    minimum_due = min(due, max(0, latest.minimum - came_in))
    short_before = before.minimum > paid(tx, account.id, before.on, until)
    return CardBill(
        card_id=card_id,
        statement_on=latest.on,
        due_on=latest.due_on,
        balance=latest.balance,
        minimum=latest.minimum,
        paid=came_in,
        due=due,
        minimum_due=minimum_due,
        unbilled=owed - due,
        owed=owed,
        instalments=-balance(tx, instalment_account(account.id)),
        overdue=minimum_due > 0
        and (today > latest.due_on + timedelta(rules.GRACE_DAYS) or short_before),
    )


def _statement(work: Work, card_id: str, month: date) -> CardStatement:
    account = credit_account(work, card_id)
    on = month.replace(day=account.statement_day)
    if not account.opened_on < on <= work.today:
        raise BankRefused("no_statement", f"这张卡没有 {month.year} 年 {month.month} 月出的账单。")
    made = statement(work.tx, account.id, on)
    until = min(start_of(later(on)), work.now + timedelta(microseconds=1))
    came_in = paid(work.tx, account.id, on, until)
    return CardStatement(card_id, on, made.due_on, made.balance, made.minimum, came_in)


def credit_account(work: Work, card_id: str) -> Any:
    """The row of an own credit card's account; or ``not_credit``."""
    card = own_card(work, card_id)
    if card.kind != "credit":
        raise BankRefused("not_credit", "这是一张储蓄卡，这项业务只用于信用卡。")
    return own_account(work, card.account_id)


def stopped_card() -> BankRefused:
    return BankRefused("card_stopped", "这张卡未激活或已挂失，暂时不能办理。")


def _limit(work: Work, card_id: str) -> CreditLimit:
    account = credit_account(work, card_id)
    total = limit_of(account, work.today)
    available = sums(work, account)[1]
    raised = total - account.credit_limit
    cash = max(0, min(available, int(account.credit_limit * rules.CASH_SHARE)))
    until = account.raised_until if raised else None
    return CreditLimit(
        card_id, total, raised, until, available, cash, _highest(account), rules.RAISE_DAYS,
        str(_no_raise(work, card_id) or ""),
    )  # fmt: skip


def _highest(account: Any) -> int:
    return int(account.credit_limit * rules.RAISE_SHARE)


def _no_raise(work: Work, card_id: str) -> BankRefused | None:
    """Why the limit of a card cannot be raised at all just now."""
    if status_of(own_card(work, card_id), work.now) != "normal":
        return stopped_card()
    if bill(work, card_id).overdue:
        return BankRefused("overdue", "这张卡有逾期未还的账单，还清后才能调整额度。")
    if limit_of(credit_account(work, card_id), work.today) >= _highest(
        credit_account(work, card_id)
    ):
        return BankRefused("too_high", "这张卡已经是目前可以自助调整的最高额度。")
    return None


def _raise(work: Work, request: RaiseLimit) -> Facts:
    account = credit_account(work, request.card_id)
    refusal = _no_raise(work, request.card_id)
    if refusal is not None:
        raise refusal
    if request.amount > _highest(account):
        raise BankRefused("too_high", "超过了目前可以自助调整的最高额度，可以联系人工客服申请。")
    if request.amount <= limit_of(account, work.today):
        raise BankRefused("not_higher", "目标额度没有高于现在的额度，无需调整。")
    shortest, longest = rules.RAISE_DAYS
    if not shortest <= request.days <= longest:
        raise BankRefused("bad_days", f"临时额度的有效期可选 {shortest} 到 {longest} 天。")
    until = work.today + timedelta(request.days)
    work.tx.execute(
        update(accounts)
        .where(accounts.c.id == account.id)
        .values(raised_limit=request.amount, raised_until=until)
    )
    return (
        text("卡片", label_of(account)), money("调整后总额度", request.amount), day("有效期至", until),
    )  # fmt: skip


def _repay(work: Work, request: RepayCard) -> Facts:
    debtor = credit_account(work, request.card_id)
    payer = usable(work, request.account_id)
    owed = max(0, -balance(work.tx, debtor.id))
    if owed == 0:
        raise BankRefused("nothing_owed", "这张信用卡目前没有欠款，无需还款。")
    if request.amount > owed:
        raise BankRefused("too_much", "还款金额超过了目前的欠款，请减少金额。")
    covered(work, payer, request.amount)
    amounts = {payer.id: -request.amount, debtor.id: request.amount}
    post(work.tx, entry_rows(work.now, "信用卡还款", amounts, "repayment", label_of(debtor)))
    return (
        text("信用卡", label_of(debtor)),
        text("付款账户", label_of(payer)),
        money("还款金额", request.amount),
        money("剩余欠款", owed - request.amount),
    )
