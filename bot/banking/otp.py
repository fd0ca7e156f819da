"""One-time codes by our own hand, for a bank whose systems leave that to us.

A code is random, bound to one operation and its facts, good for a few minutes and tries, and
kept only as a keyed hash. Sending is limited, so that nobody's phone is flooded.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from bot.banking.errors import BankRefused, CodeRejected
from bot.banking.models import Challenge, Customer
from bot.banking.ports import Customers
from bot.banking.tables import one_time_codes
from bot.storage import Database
from bot.text.clock import Clock, utc_now
from bot.text.masking import mask_phone

Deliver = Callable[[Customer, str, str, Mapping[str, str]], None]
_codes = one_time_codes.c


@dataclass(frozen=True)
class Policy:
    """How codes are made and how long they live."""

    length: int = 6
    lifetime: timedelta = timedelta(minutes=5)
    tries: int = 3
    # A second text message for the same operation is not sent sooner than this.
    interval: timedelta = timedelta(seconds=30)
    most_sent: int = 10
    within: timedelta = timedelta(minutes=10)


class OneTimeCodeIssuer:
    """Implements :class:`~bot.banking.ports.OneTimeCodes` on the database.

    Args:
        deliver: called with customer, code, operation and facts inside the transaction that
            records it.
        secret: keys the hashes.
        draw: source of the digits; the system's secure one by default.
    """

    def __init__(
        self,
        db: Database,
        customers: Customers,
        deliver: Deliver,
        secret: bytes,
        policy: Policy = Policy(),  # noqa: B008 - frozen
        clock: Clock = utc_now,
        draw: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._db = db
        self._customers = customers
        self._deliver = deliver
        self._key = hashlib.sha256(b"one-time-codes:" + secret).digest()
        self._policy = policy
        self._clock = clock
        self._draw = draw

    def send(
        self, customer_id: str, operation: str, facts: Mapping[str, str], *, again: bool = False
    ) -> Challenge:
        customer = self._customers.get(customer_id)
        binding = self._binding(customer_id, operation, facts)
        now = self._clock()
        with self._db.begin() as tx:
            fresh = tx.execute(
                select(one_time_codes)
                .where(
                    _codes.binding == binding,
                    _codes.used_at.is_(None),
                    _codes.tries_left > 0,
                    _codes.expires_at > now,
                )
                .order_by(_codes.sent_at.desc())
            ).first()
            if fresh is not None and not again:
                return self._challenge(fresh.id, customer, fresh.expires_at - now)
            if fresh is not None and now - fresh.sent_at < self._policy.interval:
                raise BankRefused("too_soon", "验证码刚刚发出，请稍等片刻，没有收到再重新获取。")
            self._limit(tx, customer_id, now)
            code = f"{self._draw(10**self._policy.length):0{self._policy.length}d}"
            challenge_id = secrets.token_hex(16)
            # Only the newest code of an operation counts.
            tx.execute(update(one_time_codes).where(_codes.binding == binding).values(tries_left=0))
            tx.execute(
                insert(one_time_codes).values(
                    id=challenge_id,
                    customer_id=customer_id,
                    binding=binding,
                    code_mac=self._mac(challenge_id, code),
                    tries_left=self._policy.tries,
                    sent_at=now,
                    expires_at=now + self._policy.lifetime,
                )
            )
            self._deliver(customer, code, operation, facts)
        return self._challenge(challenge_id, customer, self._policy.lifetime)

    def verify(
        self,
        customer_id: str,
        challenge_id: str,
        operation: str,
        facts: Mapping[str, str],
        code: str,
    ) -> None:
        # The verdict is raised after the transaction, or a wrong try would be rolled back.
        with self._db.begin() as tx:
            rejected = self._try(
                tx, challenge_id, self._binding(customer_id, operation, facts), code
            )
        if rejected is not None:
            raise rejected

    def _try(
        self, tx: Connection, challenge_id: str, binding: str, code: str
    ) -> CodeRejected | None:
        here = (_codes.id == challenge_id, _codes.binding == binding)
        row = tx.execute(select(one_time_codes).where(*here).with_for_update()).first()
        if row is None or row.used_at is not None or row.tries_left <= 0:
            return CodeRejected("验证码已失效，请重新获取。", final=True)
        if row.expires_at <= self._clock():
            return CodeRejected("验证码已过期，请重新获取。", final=True)
        if hmac.compare_digest(row.code_mac, self._mac(challenge_id, code)):
            tx.execute(update(one_time_codes).where(*here).values(used_at=self._clock()))
            return None
        left = row.tries_left - 1
        tx.execute(update(one_time_codes).where(*here).values(tries_left=left))
        if left:
            return CodeRejected(f"验证码不正确，还可以再试 {left} 次。", final=False)
        return CodeRejected("验证码多次不正确，已失效，请重新获取。", final=True)

    def _limit(self, tx: Connection, customer_id: str, now: datetime) -> None:
        sent = tx.execute(
            select(func.count())
            .select_from(one_time_codes)
            .where(_codes.customer_id == customer_id, _codes.sent_at > now - self._policy.within)
        ).scalar_one()
        if sent >= self._policy.most_sent:
            raise BankRefused("too_many", "验证码获取过于频繁，请过几分钟再试，或联系人工客服。")

    def _challenge(self, id_: str, customer: Customer, left: timedelta) -> Challenge:
        return Challenge(
            id_, mask_phone(customer.phone), self._policy.length, int(left.total_seconds())
        )

    def _binding(self, customer_id: str, operation: str, facts: Mapping[str, str]) -> str:
        return self._digest([customer_id, operation, sorted(facts.items())])

    def _mac(self, challenge_id: str, code: str) -> str:
        return self._digest([challenge_id, code])

    def _digest(self, value: Any) -> str:
        return hmac.new(self._key, json.dumps(value).encode(), hashlib.sha256).hexdigest()
