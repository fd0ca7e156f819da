"""The emergency switch: what every customer is told first, and where tickets go meanwhile.

One announcement is in force at a time. All that ever were stay on record with who made and who
ended them; a line is only ever written to once more, when its announcement ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.errors import Conflict, Invalid
from bot.handoff.reasons import LINES
from bot.handoff.tables import announcement_tellings, announcements
from bot.storage import Database
from bot.text.clock import Clock, shanghai, utc_now

KINDS: dict[str, str] = {"maintenance": "系统维护", "outage": "大面积故障", "other": "其他"}
# Where tickets go that are opened while it is in force; urgent ones go their own way always.
ROUTINGS: dict[str, str] = {
    "keep": "照常转人工",
    "group": "都转到一个组",
    "callback": "只约回访",
}
# Fits above a conversation on a telephone.
MOST_CHARS = 200
# Ends what has lapsed.
SYSTEM = "system"


@dataclass(frozen=True)
class Announcement:
    """One announcement. Times are UTC.

    Attributes:
        kind: one of ``KINDS``.
        lines: the lines of business that do not work meanwhile, of ``reasons.LINES``; their
            tickets alone are routed otherwise, or everybody's where there are none.
        routing: one of ``ROUTINGS``; ``group`` sends to ``skill_group``.
        until: when it ends by itself.
        ended_by: who ended it; ``system`` where it ended by itself.
    """

    id: int
    text: str
    kind: str
    lines: tuple[str, ...]
    routing: str
    skill_group: str | None
    set_by: str
    at: datetime
    until: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None

    @property
    def title(self) -> str:
        """What it is called in front of customers."""
        return "公告" if self.kind == "other" else f"{KINDS[self.kind]}公告"

    @property
    def words(self) -> str:
        """As customers are told it, with the time at which it is expected to be over."""
        return f"{self.title}：{self.text}{self.expected}"

    @property
    def because(self) -> str:
        """``因系统维护，``, to be put before what does not work."""
        return "" if self.kind == "other" else f"因{KINDS[self.kind]}，"

    @property
    def expected(self) -> str:
        """``（预计 11月27日 18:00 恢复）``; empty where nobody knows."""
        if self.until is None:
            return ""
        end = shanghai(self.until)
        return f"（预计 {end.month}月{end.day}日 {end:%H:%M} 恢复）"

    def reroutes(self, line: str) -> bool:
        """Whether tickets of this line go elsewhere than usual."""
        return self.routing != "keep" and (not self.lines or line in self.lines)


class Announcements:
    """The table of announcements. Each method is one transaction, or part of one."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def current(self) -> Announcement | None:
        """What is in force now."""
        found = self._in_force()
        return None if found is None or self._lapsed(found) else found

    def stopping(self, line: str | None) -> Announcement | None:
        """What is in force now and says that this line of business does not work."""
        found = self.current()
        return found if found is not None and line in found.lines else None

    def history(self, limit: int = 20) -> Sequence[Announcement]:
        """The latest ones, newest first."""
        query = select(announcements).order_by(announcements.c.id.desc()).limit(limit)
        with self._db.read() as tx:
            return [_read(row) for row in tx.execute(query).mappings()]

    def announce(
        self,
        text: str,
        *,
        by: str,
        kind: str = "other",
        lines: Sequence[str] = (),
        routing: str = "keep",
        skill_group: str | None = None,
        groups: Mapping[str, Any],
        until: datetime | None = None,
        replaces: int | None = None,
    ) -> Announcement:
        """Put an announcement in force.

        Args:
            groups: those there are, of the routes.
            replaces: the one in force, which ends; ``None`` where there is none.

        Raises:
            Invalid: one of the values won't do.
            Conflict: another one than ``replaces`` is in force.
        """
        now = self._clock()
        text = " ".join(text.split())
        group = skill_group if routing == "group" else None
        _check(text, kind, lines, routing, group, groups)
        if until is not None and until <= now:
            raise Invalid("结束时间已经过去，请写一个以后的时间，或不写")
        values = {
            "text": text, "kind": kind, "lines": [each for each in LINES if each in lines],
            "routing": routing, "skill_group": group, "set_by": by, "at": now, "until": until,
            "in_force": True,
        }  # fmt: skip
        with self._db.begin() as tx:
            self._make_way(replaces, by)
            try:
                with tx.begin_nested():
                    tx.execute(insert(announcements).values(**values))
            except IntegrityError:
                raise Conflict("刚才有人发布了另一条公告，请刷新后再看") from None
            return self.history(1)[0]

    def end(self, by: str) -> Announcement:
        """End what is in force.

        Raises:
            Conflict: nothing is.
        """
        with self._db.begin():
            found = self.current()
            if found is None:
                raise Conflict("现在没有生效的公告，不用结束")
            self._close(found, by, self._clock())
        return found

    def tell_once(self, conversation_id: str) -> Announcement | None:
        """What is in force, if this conversation has not been told of it; from now on it has."""
        found = self.current()
        if found is None:
            return None
        try:
            with self._db.begin() as tx, tx.begin_nested():
                tx.execute(
                    insert(announcement_tellings).values(
                        announcement_id=found.id, conversation_id=conversation_id
                    )
                )
        except IntegrityError:
            return None
        return found

    # ── inside a transaction ─────────────────────────────────────────────────
    def _make_way(self, replaces: int | None, by: str) -> None:
        found = self._in_force()
        if found is not None and self._lapsed(found):
            self._close(found, SYSTEM, found.until)
            found = None
        if (found and found.id) != replaces:
            what = f"{found.set_by} 发布的公告正在生效" if found else "要替换的公告已经结束"
            raise Conflict(f"{what}，请刷新后再看")
        if found is not None:
            self._close(found, by, self._clock())

    def _close(self, found: Announcement, by: str, at: datetime | None) -> None:
        with self._db.begin() as tx:
            tx.execute(
                update(announcements)
                .where(announcements.c.id == found.id, announcements.c.in_force)
                .values(ended_by=by, ended_at=at, in_force=None)
            )

    def _in_force(self) -> Announcement | None:
        query = select(announcements).where(announcements.c.in_force)
        with self._db.read() as tx:
            row = tx.execute(query).mappings().first()
        return _read(row) if row is not None else None

    def _lapsed(self, found: Announcement) -> bool:
        return found.until is not None and found.until <= self._clock()


def _read(row: Mapping[str, Any]) -> Announcement:
    values = {each.name: row[each.name] for each in fields(Announcement)}
    return Announcement(**{**values, "lines": tuple(row["lines"])})


def _check(
    text: str, kind: str, lines: Sequence[str], routing: str, group: str | None,
    groups: Mapping[str, Any],
) -> None:  # fmt: skip
    if not 0 < len(text) <= MOST_CHARS:
        raise Invalid(f"公告要有 1–{MOST_CHARS} 个字，现在是 {len(text)} 个")
    named = [(kind, KINDS, "公告类型"), (routing, ROUTINGS, "排队方式")]
    named += [(line, LINES, "业务条线") for line in lines]
    for value, known, what in named:
        if value not in known:
            raise Invalid(f"没有{what} {value!r}，可选：{'、'.join(known)}")
    if routing == "group" and group not in groups:
        raise Invalid(f"没有技能组 {group!r}，可选：{'、'.join(groups)}")
