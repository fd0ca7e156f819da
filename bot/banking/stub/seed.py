"""Filling an empty simulated bank: two years of history, the same at every seeding of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.banking.identity_numbers import with_last_place
from bot.banking.models import TransactionKind
from bot.banking.stub.card_delivery import last_day
from bot.banking.stub.closing import bring_to_date
from bot.banking.stub.ledger import WORLD, entry_rows, instalment_account, post
from bot.banking.stub.people import CUSTOMERS, SeedAccount, SeedCustomer
from bot.banking.stub.seed_business import seed_business
from bot.banking.stub.tables import accounts, cards, customers, receipt_numbers
from bot.storage import Database
from bot.storage.base import metadata
from bot.text.clock import SHANGHAI, Clock, shanghai, utc_now

HISTORY_DAYS = 730
# Bills are so many days old on the day of seeding, and paid so many days after they came: a demo
# always finds one that is open.
BILL_AGE = 8
PAID_AFTER = 15
# Of identity numbers: no place in China has this code, so that nobody's own is among them.
NOWHERE, SERIAL = "990101", "001"
# (merchant, summary)
SHOPS = (
    ("云杉便利店", "便利店"),
    ("惠民超市", "超市购物"),
    ("老街面馆", "餐饮消费"),
    ("云杉商城", "网络购物"),
    ("快行出行", "打车出行"),
    ("城南加油站", "加油"),
    ("晨光书店", "书店"),
    ("康民药店", "药店"),
    ("星幕影城", "电影票"),
    ("三杯咖啡", "咖啡"),
)

# What happens on one day: hour, summary, other side, fen, kind, counterparty.
Event = tuple[int, str, str, int, TransactionKind, str]


def seed_demo(db: Database, clock: Clock = utc_now, days: int = HISTORY_DAYS) -> None:
    """Fill an empty simulated bank; one that has customers is left as it is.

    Args:
        days: length of the history.
    """
    with db.begin() as tx:
        if tx.execute(select(customers.c.id).limit(1)).first() is None:
            _fill(tx, clock(), days)


def reset_demo(db: Database, clock: Clock = utc_now) -> None:
    """Put the simulated bank back to how :func:`seed_demo` left it, whatever was done since.

    Conversations, tickets, complaints and the audit are none of the bank's and stay.
    """
    kept = {receipt_numbers.name}  # a number that a customer has seen is not given again
    with db.begin() as tx:
        for table in reversed(metadata.sorted_tables):
            if table.name.startswith("stub_") and table.name not in kept:
                tx.execute(delete(table))
        _fill(tx, clock(), HISTORY_DAYS)


def _fill(tx: Connection, now: datetime, days: int) -> None:
    today = shanghai(now).date()
    bills = min(28, (today - timedelta(BILL_AGE)).day)
    tx.execute(insert(accounts), [_internal(name) for name in WORLD])
    for customer in CUSTOMERS:
        tx.execute(
            insert(customers).values(
                id=customer.id,
                name=customer.name,
                phone=customer.phone,
                about=customer.about,
                address=customer.address,
                id_number=with_last_place(NOWHERE + customer.born + SERIAL),
                tier=customer.tier,
            )
        )
        for number, account in enumerate(customer.accounts, 1):
            account_id = f"{customer.id}-{number}"
            first = today - timedelta(days)
            tx.execute(
                insert(accounts), [_account_row(customer, account_id, account, first, bills)]
            )
            if account.kind == "credit":
                tx.execute(insert(accounts), [_internal(instalment_account(account_id))])
            if account.card:
                tx.execute(insert(cards).values(**_card_row(account_id, account, now)))
            pay_day = (bills + PAID_AFTER - 1) % 28 + 1
            post(tx, _history(account_id, account, first, today, pay_day))
    seed_business(tx, now)
    for customer in CUSTOMERS:
        bring_to_date(tx, customer.id, now)


def _internal(name: str) -> dict[str, Any]:
    return {
        "id": name, "customer_id": None, "number": name, "kind": "internal",
        "status": "normal", "credit_limit": 0, "frozen": 0,
    }  # fmt: skip


def _account_row(
    customer: SeedCustomer,
    account_id: str,
    account: SeedAccount,
    first: date,
    statement_day: int,
) -> dict[str, Any]:
    return {
        "id": account_id, "customer_id": customer.id, "number": account.number,
        "kind": account.kind, "status": account.status,
        "credit_limit": account.credit_limit, "frozen": account.frozen,
        "opened_on": first, "branch": "云杉市中心支行", "closed_to": first,
        "statement_day": statement_day if account.kind == "credit" else None,
    }  # fmt: skip


def _card_row(account_id: str, account: SeedAccount, now: datetime) -> dict[str, Any]:
    lost, today = account.card == "lost", shanghai(now).date()
    ordered, returned = account.ordered, account.returned
    return {
        "id": f"{account_id}-card", "account_id": account_id, "number": account.number,
        "kind": account.kind, "status": account.card,
        "loss_receipt": f"LR{account.number[-8:]}900001" if lost else None,
        "expires_on": last_day(today, account.expires_in),
        "ordered_at": None if ordered is None else now - timedelta(ordered),
        "returned_on": None if returned is None else today - timedelta(returned),
    }  # fmt: skip


def _history(
    account_id: str, account: SeedAccount, first: date, today: date, pay_day: int
) -> Iterator[dict[str, Any]]:
    random = Random(account.number)
    day, balance, count = first, 0, 0
    opening: Event = (0, "期初余额", "bank", account.opening, "opening", "")
    # Yesterday is the last day: today's history would lie in the future for half the day.
    while day < today:
        events = [opening] if day == first and account.opening else []
        paying = day.day == pay_day and (today - day).days > account.unpaid_days
        for hour, summary, other, fen, kind, name in (
            *events,
            *_day(account, day, paying, balance, random),
        ):
            balance += fen
            count += 1
            clock = time(hour, random.randrange(60), random.randrange(60))
            yield from entry_rows(
                datetime.combine(day, clock, SHANGHAI),
                summary,
                {account_id: fen, other: -fen},
                kind,
                name,
                f"{account_id}-{count}",
            )
        day += timedelta(1)


def _day(
    account: SeedAccount, day: date, paying: bool, balance: int, random: Random
) -> Iterator[Event]:
    if account.salary and day.day == 10:
        fen = account.salary + random.randrange(-20_000, 20_001)
        yield 9, "工资", "employer", fen, "salary", "代发工资"
    if account.kind == "credit" and paying and balance < 0:
        yield 10, "信用卡还款", "bank", -balance, "repayment", "自动还款"
    if account.spending and random.random() < 0.45:
        fen = random.randrange(account.spending // 10, account.spending)
        if account.kind == "credit" or fen < balance:
            merchant, summary = random.choice(SHOPS)
            yield random.randrange(8, 22), summary, "merchant", -fen, "purchase", merchant
    if account.salary and day.day in (3, 18) and balance > account.salary // 4:
        name = ("话费充值", "水电燃气缴费")[day.day == 18]
        yield 12, name, "billers", -random.randrange(5_000, 20_000), "payment", "生活缴费"
    if account.salary and day.day == 12:
        yield 20, "转账支出", "people", -(account.salary // 2), "transfer", "家人"
