"""Payments of the simulated bank."""

from __future__ import annotations

import re

from sqlalchemy import delete, insert, select, update

from bot.banking.errors import BankRefused
from bot.banking.models import BILLER_NAMES, AmountDue, Biller, Fact, Receipt, label_of, yuan
from bot.banking.requests import PayBill
from bot.banking.stub.access import covered, money, text, usable
from bot.banking.stub.billers import BILLERS
from bot.banking.stub.business_tables import dues, paid_numbers
from bot.banking.stub.core import Core, Facts, Work, receipts
from bot.banking.stub.ledger import entry_rows, post
from bot.banking.stub.statements import start_of
from bot.errors import NotFound
from bot.text.masking import mask_name

PHONE = re.compile(r"1[3-9]\d{9}")
AMOUNT = "缴费金额"


class StubPayments:
    """Implements :class:`~bot.banking.ports.Payments`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def billers(self, customer_id: str) -> list[Biller]:
        return self._core.read("payments.billers", customer_id, lambda _: list(BILLERS.values()))

    def saved_numbers(self, customer_id: str, biller_id: str) -> list[str]:
        return self._core.read(
            "payments.saved_numbers", customer_id, lambda work: _saved(work, biller_id)
        )

    def due(self, customer_id: str, biller_id: str, number: str) -> AmountDue:
        return self._core.read(
            "payments.due", customer_id, lambda work: _due(work, biller_id, number)
        )

    def duplicates(self, customer_id: str, request: PayBill) -> list[Receipt]:
        return self._core.read(
            "payments.duplicates", customer_id, lambda work: _duplicates(work, request)
        )

    def pay(self, customer_id: str, request: PayBill, *, idempotency_key: str) -> Receipt:
        return self._core.change("payments.pay", customer_id, request, idempotency_key, _pay)


def _biller(biller_id: str) -> Biller:
    if biller_id not in BILLERS:
        raise NotFound(f"没有缴费单位 {biller_id}")
    return BILLERS[biller_id]


def _saved(work: Work, biller_id: str) -> list[str]:
    here = select(paid_numbers.c.number).where(
        paid_numbers.c.customer_id == work.customer_id, paid_numbers.c.biller_id == biller_id
    )
    return list(work.tx.execute(here.order_by(paid_numbers.c.paid_at.desc())).scalars())


def _due(work: Work, biller_id: str, number: str) -> AmountDue:
    biller = _biller(biller_id)
    if biller.prepaid:
        if not PHONE.fullmatch(number):
            raise _unknown(biller)
        return AmountDue(biller, number, "", 0, "", None)
    here = select(dues).where(dues.c.biller_id == biller_id, dues.c.number == number)
    row = work.tx.execute(here.with_for_update()).first()
    if row is None:
        raise _unknown(biller)
    return AmountDue(biller, number, mask_name(row.owner), row.amount, row.period, row.due_on)


def _unknown(biller: Biller) -> BankRefused:
    return BankRefused(
        "unknown_number", f"没有查到这个{biller.number_name}，请核对缴费单上的号码后再试。"
    )


def _duplicates(work: Work, request: PayBill) -> list[Receipt]:
    biller = _biller(request.biller_id)
    same = {"收费单位": biller.name, biller.number_name: request.number, AMOUNT: request.amount}
    return [
        each
        for each in receipts(work, request.operation, start_of(work.today))
        if same.items() <= {fact.label: fact.value for fact in each.facts}.items()
    ]


def _pay(work: Work, request: PayBill) -> Facts:
    due = _due(work, request.biller_id, request.number)
    _right_amount(due, request.amount)
    account = usable(work, request.account_id)
    covered(work, account, request.amount)
    name = BILLER_NAMES[due.biller.kind]
    amounts = {account.id: -request.amount, "billers": request.amount}
    post(work.tx, entry_rows(work.now, name, amounts, "payment", due.biller.name))
    here = (dues.c.biller_id == request.biller_id, dues.c.number == request.number)
    work.tx.execute(update(dues).where(*here).values(amount=0))
    _remember(work, request)
    return (
        text("缴费项目", name),
        text("收费单位", due.biller.name),
        Fact(due.biller.number_name, request.number, "phone" if due.biller.prepaid else "text"),
        text("付款账户", label_of(account)),
        money(AMOUNT, request.amount),
    )


def _right_amount(due: AmountDue, amount: int) -> None:
    if due.biller.prepaid:
        if due.biller.amounts and amount not in due.biller.amounts:
            sold = "、".join(map(yuan, due.biller.amounts))
            raise BankRefused("wrong_amount", f"可以充值的金额是 {sold}，请重新选择。")
    elif due.amount == 0:
        raise BankRefused("nothing_due", "这个号码目前没有待缴费用。")
    elif amount != due.amount:
        raise BankRefused("wrong_amount", "缴费金额与应缴金额不一致，请重新查询后再缴。")


def _remember(work: Work, request: PayBill) -> None:
    mine = {
        "customer_id": work.customer_id, "biller_id": request.biller_id, "number": request.number,
    }  # fmt: skip
    here = [paid_numbers.c[name] == value for name, value in mine.items()]
    work.tx.execute(delete(paid_numbers).where(*here))
    work.tx.execute(insert(paid_numbers).values(**mine, paid_at=work.now))
