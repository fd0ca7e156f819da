"""What several lines of the simulated bank look up and refuse in the same way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from bot.banking.errors import BankRefused
from bot.banking.models import Fact
from bot.banking.stub.core import Work
from bot.banking.stub.ledger import balances, instalment_account
from bot.banking.stub.tables import accounts, cards
from bot.errors import NotFound

STOPPED = {
    "locked": "这个账户因密码多次输错被锁定，请先解锁。",
    "frozen": "这个账户处于冻结状态，需要由人工客服核实后处理。",
    "paused": "这个账户已由您临时冻结，请先解除冻结。",
}


def own_account(work: Work, account_id: str) -> Any:
    """The row of an account of the customer.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    row = work.tx.execute(
        select(accounts).where(
            accounts.c.id == account_id, accounts.c.customer_id == work.customer_id
        )
    ).first()
    if row is None:
        raise NotFound(f"没有账户 {account_id}")
    return row


def own_card(work: Work, card_id: str) -> Any:
    """The row of a card of the customer, with its account's ``customer_id``; or NotFound."""
    here = select(cards).join(accounts).where(accounts.c.customer_id == work.customer_id)
    row = work.tx.execute(here.where(cards.c.id == card_id)).first()
    if row is None:
        raise NotFound(f"没有卡 {card_id}")
    return row


def status_of(card: Any, now: datetime) -> str:
    """A card's status now: a loss reported for a while ends by itself."""
    over = card.status == "suspended" and card.loss_until is not None and card.loss_until <= now
    return "normal" if over else str(card.status)


def limit_of(account: Any, today: date) -> int:
    """A credit account's limit now, a temporary raise included; 0 for other accounts."""
    raised = account.raised_limit is not None and account.raised_until >= today
    return int(account.raised_limit if raised else account.credit_limit)


def sums(work: Work, account: Any) -> tuple[int, int]:
    """Balance and available sum of an account, in fen."""
    held = instalment_account(account.id)
    totals = balances(work.tx, [account.id, held])
    total = totals[account.id]
    return total, limit_of(account, work.today) + total + totals[held] - account.frozen


def usable(work: Work, account_id: str) -> Any:
    """An own deposit account that money may leave.

    Raises:
        BankRefused: ``account_stopped``, or ``not_possible`` for a credit account.
    """
    row = own_account(work, account_id)
    if row.kind == "credit":
        raise BankRefused("not_possible", "请选择储蓄卡或存款账户付款，信用卡不能用于这项业务。")
    if row.status in STOPPED:
        raise BankRefused("account_stopped", STOPPED[row.status])
    here = select(cards).where(cards.c.account_id == account_id, cards.c.status != "replaced")
    held = work.tx.execute(here).all()
    if held and all(status_of(card, work.now) in ("suspended", "lost") for card in held):
        raise BankRefused("account_stopped", "这张卡已挂失，不能付款。")
    return row


def covered(work: Work, account: Any, fen: int) -> None:
    """Raises :class:`BankRefused` ``insufficient`` where ``fen`` is more than is available."""
    if sums(work, account)[1] < fen:
        raise BankRefused("insufficient", "账户可用余额不足，请减少金额或换一个付款账户。")


def text(label: str, value: str) -> Fact:
    return Fact(label, value)


def money(label: str, fen: int) -> Fact:
    return Fact(label, fen, "money")


def moment(label: str, at: datetime) -> Fact:
    return Fact(label, at.isoformat(), "time")


def day(label: str, on: date) -> Fact:
    return Fact(label, on.isoformat(), "day")
