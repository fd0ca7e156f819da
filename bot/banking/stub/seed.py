"""The demo customers and two years of their history, the same at every seeding of a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from bot.banking.stub.ledger import entry_rows, post
from bot.banking.stub.tables import accounts, cards, customers
from bot.storage import Database
from bot.text.clock import SHANGHAI, Clock, shanghai, utc_now

HISTORY_DAYS = 730
INTEREST_PER_YEAR = 0.0005  # of a demand deposit
WORLD = {"employer": "单位", "merchant": "商户", "people": "他行", "bank": "本行"}


@dataclass(frozen=True)
class SeedAccount:
    """An account to make; ``card`` when a card goes with it. Money in fen."""

    number: str
    kind: str
    opening: int
    salary: int = 0
    spending: int = 0
    status: str = "normal"
    credit_limit: int = 0
    frozen: int = 0
    card: bool = True


@dataclass(frozen=True)
class SeedCustomer:
    id: str
    name: str
    phone: str
    about: str
    accounts: tuple[SeedAccount, ...]


CUSTOMERS = (
    SeedCustomer("C1001", "张伟", "13810001001", "两张储蓄卡、一张信用卡：查余额、查明细、挂失", (
        SeedAccount("6217001001238866", "debit", 3_200_000, salary=1_280_000, spending=18_000),
        SeedAccount("6217001001232001", "debit", 560_000, spending=6_000),
        SeedAccount("6258091001235520", "credit", 0, spending=22_000, credit_limit=5_000_000),
    )),
    SeedCustomer("C1002", "李秀英", "13810001002", "密码输错被锁：账户解锁", (
        SeedAccount("6217001002343307", "debit", 1_850_000, salary=760_000, spending=9_000,
                    status="locked"),
    )),
    SeedCustomer("C1003", "王芳", "13810001003", "只有一张储蓄卡：挂失时不用选卡", (
        SeedAccount("6217001003456612", "debit", 920_000, salary=950_000, spending=13_000),
    )),
    SeedCustomer("C1004", "刘洋", "13810001004", "一张储蓄卡、一张信用卡：交易争议、投诉", (
        SeedAccount("6217001004564419", "debit", 4_100_000, salary=2_150_000, spending=30_000),
        SeedAccount("6258091004567783", "credit", 0, spending=41_000, credit_limit=8_000_000),
    )),
    SeedCustomer("C1005", "陈建国", "13810001005", "72 岁，一张储蓄卡、一本存折：可试大字版", (
        SeedAccount("6217001005671950", "debit", 2_600_000, salary=480_000, spending=5_000),
        SeedAccount("0200100567128", "savings", 15_000_000, card=False),
    )),
    SeedCustomer("C1006", "周小雨", "13810001006", "只有存款账户、没有卡：挂失时会说明", (
        SeedAccount("0200100678906", "savings", 310_000, frozen=50_000, card=False),
    )),
)  # fmt: skip

SHOPS = (
    "便利店",
    "超市购物",
    "餐饮消费",
    "网络购物",
    "打车出行",
    "加油",
    "书店",
    "药店",
    "电影票",
    "咖啡",
)


def seed_demo(db: Database, clock: Clock = utc_now) -> None:
    """Fill an empty simulated bank; one that has customers is left as it is."""
    today = shanghai(clock()).date()
    with db.begin() as tx:
        if tx.execute(select(customers.c.id).limit(1)).first() is not None:
            return
        for customer in CUSTOMERS:
            tx.execute(
                insert(customers).values(
                    id=customer.id, name=customer.name, phone=customer.phone, about=customer.about
                )
            )
        tx.execute(insert(accounts), [_world(name) for name in WORLD])
        for customer in CUSTOMERS:
            for number, account in enumerate(customer.accounts, 1):
                account_id = f"{customer.id}-{number}"
                tx.execute(insert(accounts).values(**_account_row(customer, account_id, account)))
                if account.card:
                    tx.execute(insert(cards).values(**_card_row(account_id, account)))
                post(tx, _history(account_id, account, today))


def _world(name: str) -> dict[str, Any]:
    return {
        "id": name, "customer_id": None, "number": name, "kind": "internal",
        "status": "normal", "credit_limit": 0, "frozen": 0,
    }  # fmt: skip


def _account_row(customer: SeedCustomer, account_id: str, account: SeedAccount) -> dict[str, Any]:
    return {
        "id": account_id, "customer_id": customer.id, "number": account.number,
        "kind": account.kind, "status": account.status,
        "credit_limit": account.credit_limit, "frozen": account.frozen,
    }  # fmt: skip


def _card_row(account_id: str, account: SeedAccount) -> dict[str, Any]:
    return {
        "id": f"{account_id}-card", "account_id": account_id, "number": account.number,
        "kind": account.kind, "status": "normal", "loss_receipt": None,
    }  # fmt: skip


def _history(account_id: str, account: SeedAccount, today: date) -> Iterator[dict[str, Any]]:
    random = Random(account.number)
    first = today - timedelta(HISTORY_DAYS)
    day, balance = first, 0

    def entry(hour: int, summary: str, other: str, fen: int) -> list[dict[str, Any]]:
        at = datetime.combine(day, time(hour, random.randrange(60), random.randrange(60)), SHANGHAI)
        return entry_rows(at, summary, {account_id: fen, other: -fen})

    if account.opening:
        balance += account.opening
        yield from entry(0, "期初余额", "bank", account.opening)
    # Yesterday is the last day: today's history would lie in the future for half the day.
    while day < today:
        for hour, summary, other, fen in _day(account, day, balance, random):
            balance += fen
            yield from entry(hour, summary, other, fen)
        day += timedelta(1)


def _day(
    account: SeedAccount, day: date, balance: int, random: Random
) -> Iterator[tuple[int, str, str, int]]:
    """What happens on one day: (hour, summary, other side, fen)."""
    if account.salary and day.day == 10:
        yield 9, "工资", "employer", account.salary + random.randrange(-20_000, 20_001)
    if account.kind == "credit" and day.day == 25 and balance < 0:
        yield 10, "信用卡还款", "bank", -balance
    if account.kind != "credit" and day.day == 21 and day.month % 3 == 0 and balance > 0:
        yield 6, "活期结息", "bank", int(balance * INTEREST_PER_YEAR / 4)
    if account.spending and random.random() < 0.45:
        fen = random.randrange(account.spending // 10, account.spending)
        if account.kind == "credit" or fen < balance:
            yield random.randrange(8, 22), random.choice(SHOPS), "merchant", -fen
    if account.salary and day.day in (3, 18) and balance > account.salary // 4:
        name = ("话费充值", "水电燃气缴费")[day.day == 18]
        yield 12, name, "merchant", -random.randrange(5_000, 20_000)
    if account.salary and day.day == 12:
        yield 20, "转账支出", "people", -(account.salary // 2)
