"""What the demo customers have beside accounts: payees, bills, points, loans, disputes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from bot.banking.stub.business_tables import (
    disputes,
    dues,
    gifts,
    loan_applications,
    loan_materials,
    loans,
    paid_numbers,
    payees,
    points,
)
from bot.banking.stub.ledger import entry_rows, post
from bot.banking.stub.people import CUSTOMERS, GIFTS
from bot.text import calendar_math
from bot.text.clock import shanghai


def seed_business(tx: Connection, now: datetime) -> None:
    """Write it all; every time and day is counted from ``now``."""
    _people(tx, now)
    _gifts(tx)
    _loans(tx, now)
    _charges(tx, now)


def _people(tx: Connection, now: datetime) -> None:
    today = shanghai(now).date()
    first, _ = calendar_math.month(today.year, today.month - 1)
    for customer in CUSTOMERS:
        mine = {"customer_id": customer.id}
        _many(tx, payees, [
            {**mine, "name": name, "number": number, "bank": bank,
             "saved_at": now - timedelta(300), "last_used_at": now - timedelta(20 + 9 * place)}
            for place, (name, number, bank) in enumerate(customer.payees)
        ])  # fmt: skip
        _many(tx, dues, [
            {"biller_id": biller, "number": number, "owner": customer.name, "amount": fen,
             "period": f"{first:%Y-%m}", "due_on": today + timedelta(9)}
            for biller, number, fen in customer.dues
        ])  # fmt: skip
        _many(tx, paid_numbers, [
            {**mine, "biller_id": biller, "number": number, "paid_at": now - timedelta(30)}
            for biller, number in customer.paid
        ])  # fmt: skip
        _many(tx, points, [
            {**mine, "left": left, "expires_on": today + timedelta(days)}
            for left, days in customer.points
        ])  # fmt: skip


def _gifts(tx: Connection) -> None:
    names = ("id", "name", "points", "stock")
    _many(tx, gifts, [dict(zip(names, gift, strict=True)) for gift in GIFTS])


def _loans(tx: Connection, now: datetime) -> None:
    today = shanghai(now).date()
    started, _ = calendar_math.month(today.year, today.month - 14)
    _many(tx, loans, [
        {"number": "LN900001", "customer_id": "C1001", "product_id": "home",
         "principal": 86_000_000, "months": 240, "method": "equal_instalments",
         "started_on": started.replace(day=8)},
    ])  # fmt: skip
    common = {"method": "equal_instalments", "remark": "", "created_at": now - timedelta(6)}
    _many(tx, loan_applications, [
        {**common, "number": "LA900002", "customer_id": "C1002", "product_id": "consumer",
         "status": "draft", "amount": 5_000_000, "months": None, "method": None, "purpose": None,
         "income": None, "credit_consent": False,
         "updated_at": now - timedelta(4)},
        {**common, "number": "LA900004", "customer_id": "C1004", "product_id": "car",
         "status": "reviewing", "amount": 15_000_000, "months": 36, "purpose": "购车",
         "income": 1_200_000, "credit_consent": True,
         "updated_at": now - timedelta(2)},
        {**common, "number": "LA900007", "customer_id": "C1007", "product_id": "consumer",
         "status": "missing_materials", "amount": 8_000_000, "months": 24, "purpose": "装修",
         "income": 1_500_000, "credit_consent": True,
         "remark": "请补充材料", "updated_at": now - timedelta(1)},
    ])  # fmt: skip
    given = {"reference": "upload-demo", "problem": None}
    _many(tx, loan_materials, [
        *({**given, "application": "LA900004", "kind": kind}
          for kind in ("identity", "income", "contract")),
        {**given, "application": "LA900007", "kind": "identity"},
        {**given, "application": "LA900007", "kind": "income",
         "problem": "工资流水不足六个月，请补充"},
    ])  # fmt: skip


def _charges(tx: Connection, now: datetime) -> None:
    """C1004's double charge and unknown one, C1001's new phone, and an open dispute."""
    day = shanghai(now).replace(hour=15, minute=20, second=11, microsecond=0) - timedelta(2)
    for count, (minutes, fen, summary, name) in enumerate((
        (0, 26_800, "网络购物", "云杉商城"),
        (2, 26_800, "网络购物", "云杉商城"),
        (350, 89_900, "境外消费", "GLOBAL-APPS"),
    )):  # fmt: skip
        amounts = {"C1004-2": -fen, "merchant": fen}
        at = day + timedelta(minutes=minutes)
        post(tx, entry_rows(at, summary, amounts, "purchase", name, f"C1004-2-strange{count}"))
    phone = {"C1001-3": -499_900, "merchant": 499_900}
    post(tx, entry_rows(day, "网络购物", phone, "purchase", "云杉数码", "C1001-3-phone"))
    charge = {"C1008-2": -15_900, "merchant": 15_900}
    at = day - timedelta(10)
    post(tx, entry_rows(at, "网络购物", charge, "purchase", "云杉商城", "C1008-2-strange0"))
    tx.execute(
        insert(disputes).values(
            number="DP900008", customer_id="C1008", account_id="C1008-2",
            entry="C1008-2-strange0", reason="not_received", statement="商家一直没有发货",
            status="open", opened_at=now - timedelta(5),
            due_on=shanghai(now).date() + timedelta(25), remark="已向商户调单",
        )
    )  # fmt: skip


def _many(tx: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.execute(insert(table), rows)
