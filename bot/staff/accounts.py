"""Accounts: a name, roles and a password; they are disabled, never removed."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.errors import Conflict, Forbidden, Invalid, NotFound
from bot.staff.events import StaffEvents
from bot.staff.passwords import check_password, hash_password
from bot.staff.tables import staff_accounts, staff_sessions
from bot.storage import Database
from bot.text.clock import Clock, utc_now

# What somebody may be; a new role is a line here.
ROLES: dict[str, str] = {
    "author": "作者",
    "reviewer": "复核人",
    "publisher": "发布人",
    "agent": "坐席",
    "lead": "组长",
    "supervisor": "主管",
    "complaint_handler": "投诉处理人",
    "complaint_lead": "投诉负责人",
    "complaint_reviewer": "投诉上级核查人",
}
# Stands in records for what nobody at a keyboard did.
RESERVED = ("system",)

_NAME = re.compile(r"[\w.-]{2,32}")
_DISPLAY_MAX_CHARS = 64


@dataclass(frozen=True)
class Account:
    """A person who may sign in. ``name`` is what records call them, ``display`` what pages do."""

    name: str
    display: str
    roles: tuple[str, ...]
    disabled: bool
    demo: bool
    changed_at: datetime

    @property
    def key(self) -> str:
        """What tells accounts apart."""
        return self.name.casefold()


def clean_name(name: str) -> str:
    """A name in its one spelling.

    Raises:
        Invalid: it is no name.
    """
    found = unicodedata.normalize("NFKC", name).strip()
    if not _NAME.fullmatch(found) or len(found.casefold()) > 32:
        raise Invalid(f"账号名 {name!r} 无效（2 到 32 个字母、汉字、数字或 . _ -，例如工号）")
    if found.casefold() in RESERVED:
        raise Invalid(f"账号名 {name!r} 保留给系统，请换一个")
    return found


def clean_roles(roles: Collection[str]) -> tuple[str, ...]:
    """Roles in their order, each once.

    Raises:
        Invalid: one is unknown, or there is none.
    """
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        what = f"没有角色 {unknown[0]!r}" if unknown else "没有写角色"
        raise Invalid(f"{what}（可选：{'、'.join(ROLES)}）")
    return tuple(role for role in ROLES if role in roles)


class Accounts:
    """The table of accounts. Every change says ``by`` whom and is on record."""

    def __init__(
        self,
        db: Database,
        clock: Clock = utc_now,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._db = db
        self._clock = clock
        self._random = random_bytes
        self._events = StaffEvents(db, clock)

    def add(
        self,
        name: str,
        display: str,
        roles: Collection[str],
        password: str,
        *,
        by: str,
        demo: bool = False,
    ) -> Account:
        """A new account.

        Raises:
            Conflict: somebody has this name.
            Invalid: name, roles or password won't do.
        """
        name, kept = clean_name(name), clean_roles(roles)
        display = " ".join(display.split())[:_DISPLAY_MAX_CHARS] or name
        check_password(password, name)
        hashed = hash_password(password, self._random)
        account = Account(name, display, kept, False, demo, self._clock())
        with self._db.begin() as tx:
            if self.find(name) is not None:
                raise Conflict(f"账号 {name} 已存在（请换一个名字，或修改它的角色、密码）")
            row = {**account.__dict__, "key": account.key, "password": hashed}
            tx.execute(insert(staff_accounts).values({**row, "roles": list(kept)}))
            self._events.record(account.key, "added", by=by, detail="、".join(kept))
        return account

    def find(self, name: str) -> Account | None:
        """The account of that name, however it is written."""
        found = self.with_password(name)
        return found[0] if found else None

    def with_password(self, name: str) -> tuple[Account, str] | None:
        """An account and what is kept of its password; ``None`` for an unknown name."""
        key = unicodedata.normalize("NFKC", name).strip().casefold()
        query = select(staff_accounts).where(staff_accounts.c.key == key)
        with self._db.read() as tx:
            row = tx.execute(query).one_or_none()
        return (account_of(row._mapping), row.password) if row is not None else None

    def get(self, name: str) -> Account:
        """Raises :class:`NotFound` for an unknown name."""
        found = self.find(name)
        if found is None:
            raise NotFound(f"没有账号 {name}（bankbot staff list 列出全部）")
        return found

    def usable(self, name: str, *, demo: bool) -> Account:
        """The account of that name, if somebody may use it.

        Args:
            demo: whether demo accounts may be used.

        Raises:
            NotFound: there is none. Forbidden: it is disabled.
        """
        account = self.get(name)
        if account.disabled or (account.demo and not demo):
            raise Forbidden(f"账号 {account.name} 已停用（bankbot staff enable 启用）")
        return account

    def spelling(self, name: str) -> str:
        """A name as its account has it; as it is written where there is none."""
        account = self.find(name)
        return account.name if account else name.strip()

    def list(self) -> list[Account]:
        """All of them, by name."""
        with self._db.read() as tx:
            rows = tx.execute(select(staff_accounts).order_by(staff_accounts.c.key)).all()
        return [account_of(row._mapping) for row in rows]

    def set_roles(self, name: str, roles: Collection[str], *, by: str) -> None:
        """What somebody may do, from their next call on."""
        kept = clean_roles(roles)
        self._change(name, "roles", by, "、".join(kept), roles=list(kept))

    def set_password(self, name: str, password: str, *, by: str) -> None:
        """A new password; every session of the account ends."""
        check_password(password, self.get(name).name)
        hashed = hash_password(password, self._random)
        self._change(name, "password", by, password=hashed, changed_at=self._clock())

    def disable(self, name: str, *, by: str) -> None:
        """Nobody can sign in with it any more; every session of it ends."""
        self._change(name, "disabled", by, disabled=True, changed_at=self._clock())

    def enable(self, name: str, *, by: str) -> None:
        """It can be used again, also where too many wrong passwords had locked it."""
        self._change(name, "enabled", by, disabled=False, changed_at=self._clock())

    def _change(self, name: str, kind: str, by: str, detail: str = "", **values: Any) -> None:
        with self._db.begin() as tx:
            key = self.get(name).key
            tx.execute(update(staff_accounts).where(staff_accounts.c.key == key).values(**values))
            if "changed_at" in values:
                tx.execute(delete(staff_sessions).where(staff_sessions.c.account == key))
            self._events.record(key, kind, by=by, detail=detail)


def account_of(row: Any) -> Account:
    """The account that a row of the table holds."""
    names = ("name", "display", "disabled", "demo", "changed_at")
    return Account(roles=tuple(row["roles"]), **{name: row[name] for name in names})
