"""Signing in, staying in and leaving.

A session is a random token that only the browser knows; the database holds its digest. It ends
when nothing was asked for a while, after a working day whatever was asked, on leaving, and when
the account's password changes or the account is disabled.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update

from bot.errors import BankbotError, Forbidden
from bot.staff.accounts import Account, Accounts, account_of
from bot.staff.events import StaffEvents
from bot.staff.passwords import LONGEST, hash_password, matches
from bot.staff.tables import staff_accounts, staff_sessions
from bot.storage import Database
from bot.text.clock import Clock, utc_now

# How often a session's last use is written down; it may end so much too early.
TOUCH = timedelta(seconds=30)
TOKEN_BYTES = 32


class WrongPassword(Forbidden):
    """Name and password do not belong together, or the account may not be used."""


class Locked(BankbotError):
    """Too many wrong passwords; ``seconds`` until the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"密码错误次数太多，请 {math.ceil(seconds / 60)} 分钟后再试")
        self.seconds = seconds


@dataclass(frozen=True)
class Rules:
    """How long sessions live and how many wrong passwords are too many."""

    idle: timedelta = timedelta(minutes=30)
    life: timedelta = timedelta(hours=12)
    failures: int = 5
    lockout: timedelta = timedelta(minutes=15)


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in, and when that ends at the latest."""

    account: Account
    ends_at: datetime


class Door:
    """Lets people in and out.

    Args:
        secret: keys the digest under which an unknown name is written down.
        demo: whether demo accounts may be used.
    """

    def __init__(
        self,
        db: Database,
        secret: bytes,
        rules: Rules,
        *,
        demo: bool,
        clock: Clock = utc_now,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._db = db
        self._secret = secret
        self._rules = rules
        self._demo = demo
        self._clock = clock
        self._random = random_bytes
        self._accounts = Accounts(db, clock)
        self._events = StaffEvents(db, clock)
        self._nobodys: str | None = None

    def sign_in(self, name: str, password: str, address: str) -> tuple[str, Session]:
        """A new session and its token.

        Raises:
            WrongPassword: also for an unknown name and an account that may not be used.
            Locked: too many wrong passwords for this name, known or not.
        """
        found = self._accounts.with_password(name)
        account, kept = found or (None, self._nobody())
        attempt = self._attempt(account.key if account else self._digest(name), address)
        right = matches(password[: LONGEST + 1], kept)
        if account is None or not right or not self._usable(account):
            raise WrongPassword("账号或密码不对")
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock()
        with self._db.begin() as tx:
            # Whoever changed the password meanwhile has ended this session before it began.
            if self._accounts.find(name) != account:
                raise WrongPassword("账号或密码不对")
            self._sweep(now)
            row = {"token": _digest(token), "account": account.key}
            tx.execute(insert(staff_sessions).values(begun_at=now, seen_at=now, **row))
            self._events.succeeded(attempt)
        return token, Session(account, now + self._rules.life)

    def session(self, token: str) -> Session | None:
        """Whose token it is; ``None`` if it is nobody's, or not any more."""
        now = self._clock()
        query = select(staff_accounts, staff_sessions.c.begun_at, staff_sessions.c.seen_at).where(
            staff_sessions.c.token == _digest(token),
            staff_sessions.c.account == staff_accounts.c.key,
            staff_sessions.c.begun_at > now - self._rules.life,
            staff_sessions.c.seen_at > now - self._rules.idle,
        )
        with self._db.read() as tx:
            row = tx.execute(query).one_or_none()
        if row is None or not self._usable(account_of(row._mapping)):
            return None
        if now - row.seen_at >= TOUCH:
            with self._db.begin() as tx:
                mine = staff_sessions.c.token == _digest(token)
                tx.execute(update(staff_sessions).where(mine).values(seen_at=now))
        return Session(account_of(row._mapping), row.begun_at + self._rules.life)

    def sign_out(self, token: str, address: str) -> None:
        """End a session; an unknown one is ended already."""
        found = self.session(token)
        with self._db.begin() as tx:
            tx.execute(delete(staff_sessions).where(staff_sessions.c.token == _digest(token)))
            if found is not None:
                self._events.record(found.account.key, "signed_out", address=address)

    def _usable(self, account: Account) -> bool:
        return not account.disabled and (self._demo or not account.demo)

    def _attempt(self, who: str, address: str) -> int:
        """Write an attempt down as failed before it is looked at, so that many at once count."""
        now, rules = self._clock(), self._rules
        with self._db.begin():
            failed = self._events.failures(who, now - rules.lockout, rules.failures)
            if len(failed) >= rules.failures:
                left = failed[-1] + rules.lockout - now
                raise Locked(max(1, math.ceil(left.total_seconds())))
            return self._events.record(who, "failed", address=address)

    def _sweep(self, now: datetime) -> None:
        over = or_(
            staff_sessions.c.begun_at <= now - self._rules.life,
            staff_sessions.c.seen_at <= now - self._rules.idle,
        )
        with self._db.begin() as tx:
            tx.execute(delete(staff_sessions).where(over))

    def _nobody(self) -> str:
        """A password that nobody has, so that an unknown name takes as long as a known one."""
        if self._nobodys is None:
            self._nobodys = hash_password(secrets.token_urlsafe(), self._random)
        return self._nobodys

    def _digest(self, name: str) -> str:
        key = b"staff-name:" + name.strip().casefold().encode(errors="surrogatepass")
        return "?" + hmac.new(self._secret, key, hashlib.sha256).hexdigest()[:32]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
