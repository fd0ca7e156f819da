"""Rewards and disputes of the simulated bank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from bot.banking.errors import BankRefused
from bot.banking.models import (
    EVERYTHING,
    REASON_NAMES,
    Dispute,
    ExpiringPoints,
    Fact,
    Gift,
    Page,
    Points,
    Receipt,
    TransactionFilter,
    label_of,
)
from bot.banking.requests import OpenDispute, RedeemPoints
from bot.banking.stub import rules
from bot.banking.stub.access import day, money, own_account, text
from bot.banking.stub.accounts import find, transaction
from bot.banking.stub.business_tables import disputes, gifts, points
from bot.banking.stub.core import Core, Facts, Work
from bot.banking.stub.tables import accounts, postings
from bot.errors import NotFound

EXPIRING_DAYS = 365
_Disputes = list[Dispute]


class StubRewards:
    """Implements :class:`~bot.banking.ports.Rewards`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def points(self, customer_id: str) -> Points:
        return self._core.read("rewards.points", customer_id, _points)

    def catalogue(self, customer_id: str) -> list[Gift]:
        return self._core.read("rewards.catalogue", customer_id, _catalogue)

    def redeem(self, customer_id: str, request: RedeemPoints, *, idempotency_key: str) -> Receipt:
        return self._core.change("rewards.redeem", customer_id, request, idempotency_key, _redeem)


class StubDisputes:
    """Implements :class:`~bot.banking.ports.Disputes`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def candidates(
        self,
        customer_id: str,
        first: date,
        last: date,
        *,
        where: TransactionFilter = EVERYTHING,
        cursor: str | None = None,
    ) -> Page:
        def page(work: Work) -> Page:
            return _candidates(work, first, last, where, cursor)

        return self._core.read("disputes.candidates", customer_id, page)

    def open(self, customer_id: str, request: OpenDispute, *, idempotency_key: str) -> Receipt:
        return self._core.change("disputes.open", customer_id, request, idempotency_key, _open)

    def list(self, customer_id: str) -> _Disputes:
        return self._core.read("disputes.list", customer_id, _list)


def _lots(work: Work) -> list[Any]:
    """Points not used and not expired, those that expire soonest first."""
    here = select(points).where(
        points.c.customer_id == work.customer_id,
        points.c.left > 0,
        points.c.expires_on >= work.today,
    )
    return list(work.tx.execute(here.order_by(points.c.expires_on, points.c.id)).all())


def _points(work: Work) -> Points:
    lots, expiring = _lots(work), dict[date, int]()
    for lot in lots:
        if lot.expires_on <= work.today + timedelta(EXPIRING_DAYS):
            expiring[lot.expires_on] = expiring.get(lot.expires_on, 0) + lot.left
    return Points(
        sum(lot.left for lot in lots),
        tuple(ExpiringPoints(on, left) for on, left in expiring.items()),
    )


def _catalogue(work: Work) -> list[Gift]:
    rows = work.tx.execute(select(gifts).order_by(gifts.c.points, gifts.c.id)).all()
    return [Gift(row.id, row.name, row.points, row.stock) for row in rows]


def _redeem(work: Work, request: RedeemPoints) -> Facts:
    row = work.tx.execute(select(gifts).where(gifts.c.id == request.gift_id)).first()
    if row is None:
        raise NotFound(f"没有礼品 {request.gift_id}")
    wanted = row.points * request.count
    if request.points not in (None, wanted):
        raise BankRefused("price_changed", "所需积分刚刚有变化，没有兑换，请重新查看礼品。")
    balance = _points(work).balance
    if balance < wanted:
        raise BankRefused("too_few_points", f"需要 {wanted} 积分，您现有 {balance} 积分，还不够。")
    enough = update(gifts).where(gifts.c.id == row.id, gifts.c.stock >= request.count)
    if not work.tx.execute(enough.values(stock=gifts.c.stock - request.count)).rowcount:
        raise BankRefused("out_of_stock", "这件礼品库存不足，请选择别的礼品。")
    left = wanted
    for lot in _lots(work):
        used = min(lot.left, left)
        left -= used
        here = update(points).where(points.c.id == lot.id)
        work.tx.execute(here.values(left=lot.left - used))
    return (
        text("礼品", row.name),
        Fact("数量", request.count, "count"),
        Fact("使用积分", wanted, "count"),
        Fact("剩余积分", balance - wanted, "count"),
    )


def _candidates(
    work: Work, first: date, last: date, where: TransactionFilter, cursor: str | None
) -> Page:
    mine = select(accounts.c.id).where(accounts.c.customer_id == work.customer_id)
    ids = list(work.tx.execute(mine).scalars())
    out = replace(where, direction="out")
    return find(work, ids, first, last, rules.MOST_CANDIDATES, out, cursor)


def _entry(work: Work, account_id: str, entry: str) -> Any:
    own_account(work, account_id)
    here = select(postings).where(postings.c.entry == entry, postings.c.account_id == account_id)
    row = work.tx.execute(here).first()
    if row is None:
        raise NotFound(f"没有交易 {entry}")
    return row


def _open(work: Work, request: OpenDispute) -> Facts:
    row = _entry(work, request.account_id, request.transaction_id)
    if row.amount > 0:
        raise BankRefused(
            "not_disputable", "这是一笔收入，不能登记争议；不认识的来款请找人工客服核实。"
        )
    if work.now - row.at > rules.DISPUTE_AGE:
        age = rules.DISPUTE_AGE.days
        raise BankRefused("too_old", f"这笔交易超过 {age} 天，请联系人工客服处理。")
    here = (disputes.c.customer_id == work.customer_id, disputes.c.entry == row.entry)
    earlier = work.tx.execute(select(disputes).where(*here, disputes.c.status == "open")).first()
    if earlier is not None:
        raise BankRefused(
            "already_disputed", f"这笔交易已登记争议（编号 {earlier.number}），正在处理。"
        )
    days = rules.DISPUTE_DAYS.get(request.reason, rules.DISPUTE_DAYS_OTHERWISE)
    due_on = work.today + timedelta(days)
    work.tx.execute(
        insert(disputes).values(
            number=work.number, customer_id=work.customer_id, account_id=request.account_id,
            entry=row.entry, reason=request.reason, statement=request.statement, status="open",
            opened_at=work.now, due_on=due_on, remark="",
        )
    )  # fmt: skip
    return (
        text("交易", row.summary),
        text("账户", label_of(own_account(work, request.account_id))),
        money("交易金额", -row.amount),
        text("争议原因", REASON_NAMES[request.reason]),
        day("最晚答复", due_on),
    )


def _list(work: Work) -> list[Dispute]:
    here = select(disputes).where(disputes.c.customer_id == work.customer_id)
    rows = work.tx.execute(here.order_by(disputes.c.opened_at.desc(), disputes.c.number)).all()
    return [
        Dispute(
            row.number, transaction(_entry(work, row.account_id, row.entry)), row.reason,
            row.status, row.opened_at, row.due_on, row.remark,
        )
        for row in rows
    ]  # fmt: skip
