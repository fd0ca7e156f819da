"""What a check works on and how it speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from bot.banking.errors import BankRefused
from bot.banking.models import Account, Card, Payee
from bot.banking.ports import Bank
from bot.errors import NotFound
from bot.text.clock import Clock, shanghai, utc_now


class Failed(Exception):
    """The adapter does not do what the ports ask; the message (Chinese) says what."""


class Skipped(Exception):
    """The test customer lacks what the check needs; the message says what."""


@dataclass(frozen=True)
class Subjects:
    """Two test customers, each with accounts, the first with a saved payee; ``read_code`` gives
    the newest one-time code sent to a customer where the test system lets it be read."""

    customer: str
    other: str
    read_code: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Check:
    """``rule`` (Chinese) is what must hold; ``changes`` when business is really done."""

    name: str
    rule: str
    run: Callable[[Bench], None]
    changes: bool = False


@dataclass(frozen=True)
class Bench:
    """A bank and its test customers; ``changes`` allows checks that really do business."""

    bank: Bank
    subjects: Subjects
    changes: bool = False
    clock: Clock = utc_now

    @property
    def customer(self) -> str:
        return self.subjects.customer

    @property
    def other(self) -> str:
        return self.subjects.other

    @property
    def today(self) -> date:
        return shanghai(self.clock()).date()

    @property
    def year(self) -> tuple[date, date]:
        """The last year, both days included."""
        return self.today - timedelta(365), self.today

    def key(self) -> str:
        """A fresh idempotency key."""
        return f"verify-{uuid4()}"

    def payer(self) -> Account:
        """An own deposit account that money can leave."""
        stopped = {card.account_id for card in self.bank.cards.list(self.customer) if card.stopped}
        for account in self.bank.accounts.list(self.customer):
            usable = account.status == "normal" and account.id not in stopped
            if account.kind != "credit" and usable and account.available >= 100_000:
                return account
        raise Skipped("测试客户没有可付款的账户（正常、可用余额 1,000 元以上）")

    def card(self, kind: str | None = None) -> Card:
        """An own card in use."""
        for card in self.bank.cards.list(self.customer):
            if card.status == "normal" and kind in (None, card.kind):
                return card
        raise Skipped("测试客户没有状态正常的卡" if kind is None else f"测试客户没有 {kind} 卡")

    def payee(self) -> Payee:
        """A saved payee."""
        for payee in self.bank.transfers.payees(self.customer):
            return payee
        raise Skipped("测试客户没有已保存的收款人")


def expect(true: bool, otherwise: str) -> None:
    """Raises :class:`Failed` with ``otherwise`` unless ``true``."""
    if not true:
        raise Failed(otherwise)


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """The block must be refused with one of these codes and a message."""
    try:
        yield
    except BankRefused as refusal:
        expect(refusal.code in codes, f"拒绝代码是 {refusal.code}，应为 {' 或 '.join(codes)}")
        expect(bool(str(refusal)), f"拒绝 {refusal.code} 没有给客户看的说明")
        return
    raise Failed(f"没有拒绝，应以 {' 或 '.join(codes)} 拒绝")


@contextmanager
def unreachable(what: str) -> Iterator[None]:
    """The block must end in NotFound: it reaches for what is somebody else's."""
    try:
        yield
    except NotFound:
        return
    except BankRefused as refusal:
        raise Failed(f"{what}：应为 NotFound，却以 {refusal.code} 拒绝（泄露了其存在）") from None
    raise Failed(f"{what}：没有被拒绝")


def sound(value: Any, path: str = "结果") -> None:
    """No money in floating point and no time without a zone, anywhere in a result."""
    if isinstance(value, float):
        raise Failed(f"{path} 是浮点数 {value}：金额用整数分，利率用 Decimal")
    if isinstance(value, datetime):
        expect(value.tzinfo is not None, f"{path} 的时间没有时区")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            sound(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            sound(item, f"{path}[{place}]")
