"""Transfers of the simulated bank."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.banking.card_numbers import bank_of, is_card_number
from bot.banking.errors import BankRefused
from bot.banking.models import Payee, Quote, Receipt, TransferLimits, TransferRecord, label_of, yuan
from bot.banking.requests import CancelTransfer, Transfer
from bot.banking.stub import rules
from bot.banking.stub.access import covered, moment, money, own_account, text, usable
from bot.banking.stub.business_tables import payees, transfers
from bot.banking.stub.closing import receiving_account
from bot.banking.stub.core import Core, Facts, Work
from bot.banking.stub.ledger import entry_rows, post
from bot.banking.stub.statements import start_of
from bot.banking.stub.tables import accounts, customers
from bot.errors import NotFound


class StubTransfers:
    """Implements :class:`~bot.banking.ports.Transfers`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def payees(self, customer_id: str) -> list[Payee]:
        return self._core.read("transfers.payees", customer_id, _payees)

    def bank_of(self, customer_id: str, number: str) -> str | None:
        own = rules.OWN_BANK if number.startswith(rules.OWN_BINS) else None
        return self._core.read(
            "transfers.bank_of", customer_id, lambda _work: own or bank_of(number)
        )

    def quote(self, customer_id: str, request: Transfer) -> Quote:
        return self._core.read("transfers.quote", customer_id, lambda work: _quote(work, request))

    def limits(self, customer_id: str, account_id: str) -> TransferLimits:
        return self._core.read(
            "transfers.limits", customer_id, lambda work: _limits(work, account_id)
        )

    def records(self, customer_id: str, limit: int = 20) -> list[TransferRecord]:
        return self._core.read(
            "transfers.records", customer_id, lambda work: _records(work)[:limit]
        )

    def duplicates(self, customer_id: str, request: Transfer) -> list[TransferRecord]:
        return self._core.read(
            "transfers.duplicates", customer_id, lambda work: _duplicates(work, request)
        )

    def execute(self, customer_id: str, request: Transfer, *, idempotency_key: str) -> Receipt:
        return self._core.change(
            "transfers.execute", customer_id, request, idempotency_key, _execute
        )

    def cancel(self, customer_id: str, request: CancelTransfer, *, idempotency_key: str) -> Receipt:
        return self._core.change("transfers.cancel", customer_id, request, idempotency_key, _cancel)


def _payees(work: Work) -> list[Payee]:
    here = select(payees).where(payees.c.customer_id == work.customer_id)
    rows = work.tx.execute(here.order_by(payees.c.last_used_at.desc(), payees.c.id)).all()
    return [
        Payee(str(row.id), row.name, row.number, row.bank, row.saved_at, row.last_used_at)
        for row in rows
    ]


def _records(work: Work) -> list[TransferRecord]:
    here = select(transfers).where(transfers.c.customer_id == work.customer_id)
    rows = work.tx.execute(here.order_by(transfers.c.at.desc(), transfers.c.number.desc())).all()
    return [_record(row) for row in rows]


def _record(row: Any) -> TransferRecord:
    return TransferRecord(
        row.number, row.account_id, row.payee_name, row.payee_number, row.payee_bank,
        row.amount, row.fee, row.at, row.arrives_at, row.status,
    )  # fmt: skip


def _duplicates(work: Work, request: Transfer) -> list[TransferRecord]:
    return [
        each
        for each in _records(work)
        if each.at >= start_of(work.today)
        and each.status != "cancelled"
        and (each.payee_number, each.amount) == (request.payee_number, request.amount)
    ]


def _limits(work: Work, account_id: str) -> TransferLimits:
    own_account(work, account_id)
    used = work.tx.execute(
        select(func.sum(transfers.c.amount)).where(
            transfers.c.account_id == account_id,
            transfers.c.at >= start_of(work.today),
            transfers.c.status != "cancelled",
        )
    ).scalar()
    return TransferLimits(
        rules.TRANSFER_SINGLE, rules.TRANSFER_DAILY, rules.TRANSFER_NEW_PAYEE, int(used or 0)
    )


def is_new_payee(work: Work, number: str) -> bool:
    """Whether the customer has neither saved nor ever paid this number, and does not own it."""
    known = (
        select(payees.c.id).where(
            payees.c.customer_id == work.customer_id, payees.c.number == number
        ),
        select(transfers.c.number).where(
            transfers.c.customer_id == work.customer_id,
            transfers.c.payee_number == number,
            transfers.c.status == "arrived",
        ),
        select(accounts.c.id).where(
            accounts.c.customer_id == work.customer_id, accounts.c.number == number
        ),
    )
    return all(work.tx.execute(each.limit(1)).first() is None for each in known)


def _quote(work: Work, request: Transfer) -> Quote:
    account = usable(work, request.account_id)
    _check_payee(work, account, request)
    new = is_new_payee(work, request.payee_number)
    _check_limits(_limits(work, account.id), request.amount, new)
    fee = _fee(request)
    covered(work, account, request.amount + fee)
    return Quote(fee, _arrival(work.now, request), new)


def _check_payee(work: Work, account: Any, request: Transfer) -> None:
    if request.payee_number == account.number:
        raise BankRefused("same_account", "收款账户和付款账户是同一个，请重新填写。")
    if request.payee_bank != rules.OWN_BANK:
        if not is_card_number(request.payee_number):
            raise BankRefused("bad_number", "收款卡号不正确，请核对后重新填写。")
        return
    owner = work.tx.execute(
        select(customers.c.name, accounts.c.kind)
        .join(accounts)
        .where(accounts.c.number == request.payee_number)
    ).first()
    if owner is None or owner.kind == "credit":
        raise BankRefused("bad_number", "没有这个收款账户，请核对账号后重新填写。")
    if owner.name != request.payee_name:
        raise BankRefused("name_mismatch", "收款人姓名与账号不一致，请核对后重新填写。")


def _check_limits(limits: TransferLimits, amount: int, new: bool) -> None:
    if amount > limits.single:
        raise BankRefused(
            "over_single",
            f"超过单笔限额 {yuan(limits.single)}，请减少金额；更大的金额可以到网点办理。",
        )
    if new and amount > limits.new_payee:
        raise BankRefused(
            "over_new_payee",
            f"向新收款人转账，单笔不能超过 {yuan(limits.new_payee)}，请减少金额或到网点办理。",
        )
    if amount > limits.left:
        raise BankRefused(
            "over_daily", f"超过今日剩余额度 {yuan(limits.left)}，请减少金额或明天再转。"
        )


def _fee(request: Transfer) -> int:
    if request.payee_bank == rules.OWN_BANK or request.amount <= rules.FREE_INTERBANK:
        return 0
    least, most = rules.INTERBANK_FEE
    return max(least, min(most, int(request.amount * rules.INTERBANK_SHARE)))


def _arrival(now: datetime, request: Transfer) -> datetime:
    return now + (rules.NEXT_DAY if request.speed == "next_day" else timedelta(0))


def _execute(work: Work, request: Transfer) -> Facts:
    quote = _quote(work, request)
    account = own_account(work, request.account_id)
    instant = request.speed == "instant"
    to = receiving_account(work.tx, request.payee_number, request.payee_bank)
    amounts = {account.id: -request.amount, to if instant else "transit": request.amount}
    post(work.tx, entry_rows(work.now, "转账", amounts, "transfer", request.payee_name))
    if quote.fee:
        fee = {account.id: -quote.fee, "fees": quote.fee}
        post(work.tx, entry_rows(work.now, "转账手续费", fee, "fee", rules.OWN_BANK))
    work.tx.execute(
        insert(transfers).values(
            number=work.number, customer_id=work.customer_id, account_id=account.id,
            payee_name=request.payee_name, payee_number=request.payee_number,
            payee_bank=request.payee_bank, amount=request.amount, fee=quote.fee,
            memo=request.memo, at=work.now, arrives_at=quote.arrives_at,
            status="arrived" if instant else "pending",
        )
    )  # fmt: skip
    _remember(work, request)
    facts = (
        text("付款账户", label_of(account)),
        text("收款人", request.payee_name),
        text("收款账户", f"{request.payee_bank} 尾号 {request.payee_number[-4:]}"),
        money("转账金额", request.amount),
        money("手续费", quote.fee),
        moment("预计到账", quote.arrives_at),
    )
    return (*facts, text("附言", request.memo)) if request.memo else facts


def _remember(work: Work, request: Transfer) -> None:
    here = (payees.c.customer_id == work.customer_id, payees.c.number == request.payee_number)
    used = work.tx.execute(update(payees).where(*here).values(last_used_at=work.now))
    if request.save_payee and not used.rowcount:
        work.tx.execute(
            insert(payees).values(
                customer_id=work.customer_id, name=request.payee_name,
                number=request.payee_number, bank=request.payee_bank, saved_at=work.now,
                last_used_at=work.now,
            )
        )  # fmt: skip


def _cancel(work: Work, request: CancelTransfer) -> Facts:
    here = (transfers.c.number == request.number, transfers.c.customer_id == work.customer_id)
    row = work.tx.execute(select(transfers).where(*here)).first()
    if row is None:
        raise NotFound(f"没有转账 {request.number}")
    still = update(transfers).where(*here, transfers.c.status == "pending")
    if not work.tx.execute(still.values(status="cancelled")).rowcount:
        if row.status == "cancelled":
            raise BankRefused("cancelled", "这笔转账已经撤销，款项已退回原账户。")
        raise BankRefused(
            "arrived", "这笔转账已经到账，不能撤销。如果转错了人，我可以帮您登记交易争议。"
        )
    back = {"transit": -row.amount, row.account_id: row.amount}
    post(work.tx, entry_rows(work.now, "转账撤销退回", back, "refund", row.payee_name))
    account = own_account(work, row.account_id)
    return (
        text("原转账编号", row.number),
        text("收款人", row.payee_name),
        text("退回账户", label_of(account)),
        money("退回金额", row.amount),
    )
