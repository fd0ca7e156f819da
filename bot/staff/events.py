"""What happened to accounts and at the door; never a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from bot.staff.tables import staff_events
from bot.storage import Database
from bot.text.clock import Clock, utc_now

KIND_NAMES: dict[str, str] = {
    "signed_in": "登录",
    "failed": "登录失败",
    "signed_out": "退出",
    "added": "新增账号",
    "roles": "修改角色",
    "password": "修改密码",
    "disabled": "停用",
    "enabled": "启用",
}
# What shows that the person is in order again: failures before it are forgotten.
_CLEARS = ("signed_in", "added", "password", "enabled")


@dataclass(frozen=True)
class Event:
    """One thing that happened to ``who``; ``by`` is empty where they did it themselves."""

    id: int
    at: datetime
    who: str
    kind: str
    by: str
    address: str
    detail: str


class StaffEvents:
    """The record; rows are added, and an attempt to sign in is told once it is known."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def record(
        self, who: str, kind: str, *, by: str = "", address: str = "", detail: str = ""
    ) -> int:
        """Write a row; its id."""
        row = {"who": who, "kind": kind, "by": by, "address": address, "detail": detail}
        with self._db.begin() as tx:
            done = tx.execute(insert(staff_events).values(at=self._clock(), **row))
            return int(done.inserted_primary_key[0])

    def succeeded(self, event_id: int) -> None:
        """An attempt that was written down as failed went well."""
        with self._db.begin() as tx:
            row = staff_events.c.id == event_id
            tx.execute(update(staff_events).where(row).values(kind="signed_in"))

    def failures(self, who: str, since: datetime, most: int) -> list[datetime]:
        """The latest failed attempts since then and since all was well, newest first."""
        query = select(staff_events.c.at, staff_events.c.kind).where(
            staff_events.c.who == who,
            staff_events.c.at > since,
            staff_events.c.kind.in_(("failed", *_CLEARS)),
        )
        with self._db.read() as tx:
            rows = tx.execute(query.order_by(staff_events.c.id.desc()).limit(most)).all()
        found = []
        for at, kind in rows:
            if kind != "failed":
                break
            found.append(at)
        return found

    def last_sign_in(self, who: str) -> datetime | None:
        """When somebody last signed in."""
        mine = (staff_events.c.who == who) & (staff_events.c.kind == "signed_in")
        with self._db.read() as tx:
            return tx.execute(select(func.max(staff_events.c.at)).where(mine)).scalar_one()

    def list(self, who: str | None = None, limit: int = 50) -> list[Event]:
        """The last rows, newest first."""
        query = select(staff_events).order_by(staff_events.c.id.desc()).limit(limit)
        if who is not None:
            query = query.where(staff_events.c.who == who)
        with self._db.read() as tx:
            return [Event(**row._mapping) for row in tx.execute(query)]
