"""When a group is at work: spans of the day by kind of day, holidays and 调休 included.

All are pure functions of an :class:`Hours`; times are aware, days are Shanghai's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from itertools import takewhile

import chinese_calendar
from chinese_calendar.constants import holidays

from bot.errors import Invalid
from bot.text.clock import SHANGHAI, shanghai

# A working day (调休 included), a day off at the week's end, a public holiday.
KINDS: dict[str, str] = {"workday": "工作日", "weekend": "周末", "holiday": "节假日"}
# Nobody is closed for longer; a search beyond would be for a group that never opens.
HORIZON_DAYS = 400

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")

Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Span:
    """A stretch of the day; one that ends no later than it begins ends on the day after."""

    begin: time
    length: timedelta

    @classmethod
    def read(cls, text: str) -> Span:
        """``09:00-12:00``, ``20:00-02:00``, ``00:00-24:00``.

        Raises:
            Invalid: it is none of these.
        """
        found = _SPAN.fullmatch(text)
        if found is None or found[3] == "24" and found[4] != "00":
            raise Invalid(f"时段 {text!r} 读不懂（写成 09:00-12:00，可以跨过午夜）")
        hour, minute, end_hour, end_minute = map(int, found.groups())
        length = timedelta(hours=end_hour - hour, minutes=end_minute - minute)
        return cls(
            time(hour, minute), length if length > timedelta(0) else length + timedelta(days=1)
        )

    def on(self, day: date) -> Interval:
        """The span that begins on ``day``, in UTC."""
        begin = datetime.combine(day, self.begin, SHANGHAI).astimezone(timezone.utc)
        return begin, begin + self.length


@dataclass(frozen=True)
class Hours:
    """Spans by kind of day (``KINDS``), and the bank's own days, which go before the State
    Council's: ``closed`` are holidays, ``opened`` working days."""

    spans: Mapping[str, Sequence[Span]]
    closed: Collection[date] = field(default=frozenset())
    opened: Collection[date] = field(default=frozenset())

    def kind_of(self, day: date) -> str:
        """Which of ``KINDS`` a day is; of years not announced yet, by its place in the week."""
        if day in self.opened:
            return "workday"
        if day in self.closed:
            return "holiday"
        try:
            off, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            off, name = day.weekday() >= 5, None
        if not off:
            return "workday"
        return "holiday" if name else "weekend"

    def intervals(self, since: datetime) -> Iterator[Interval]:
        """Opening times from ``since`` on, in order, none overlapping another."""
        # Yesterday's may reach past midnight.
        day, last = shanghai(since).date() - timedelta(days=1), since
        for _ in range(HORIZON_DAYS):
            for begin, end in sorted(
                span.on(day) for span in self.spans.get(self.kind_of(day), ())
            ):
                if end > last:
                    yield max(begin, last), end
                    last = end
            day += timedelta(days=1)

    def opens(self, at: datetime) -> datetime | None:
        """``at`` if it is open then, else when it opens next; ``None`` if it never does."""
        return next((begin for begin, _ in self.intervals(at)), None)

    def is_open(self, at: datetime) -> bool:
        return self.opens(at) == at

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """How much of a stretch it is open."""
        total = timedelta(0)
        for begin, end in self.intervals(since):
            if begin >= until:
                break
            total += min(end, until) - begin
        return total

    def after(self, since: datetime, worked: timedelta) -> datetime | None:
        """When it will have been open for ``worked`` since then; ``None`` if it never will."""
        for begin, end in self.intervals(since):
            if end - begin >= worked:
                return begin + worked
            worked -= end - begin
        return None

    def before(self, until: datetime, worked: timedelta) -> datetime | None:
        """The latest moment from which it has been open for ``worked`` until then; ``None`` if it
        never was for so long: what :meth:`after` is to what follows."""
        days = 1
        while days <= HORIZON_DAYS:
            found = [
                (begin, min(end, until))
                for begin, end in takewhile(
                    lambda each: each[0] < until, self.intervals(until - timedelta(days=days))
                )
            ]
            left = worked
            for begin, end in reversed(found):
                if end - begin >= left:
                    return end - left
                left -= end - begin
            days *= 2
        return None

    def slots(self, since: datetime, length: timedelta, count: int) -> list[Interval]:
        """The next whole slots in which it is open, each beginning on a multiple of ``length``."""
        found: list[Interval] = []
        for begin, end in self.intervals(since):
            midnight = datetime.combine(shanghai(begin).date(), time.min, SHANGHAI)
            first = midnight + -((midnight - begin) // length) * length
            while first + length <= end and len(found) < count:
                at = first.astimezone(timezone.utc)
                found.append((at, at + length))
                first = at.astimezone(SHANGHAI) + length
            if len(found) == count:
                break
        return found


def announced_until() -> date:
    """The last day of which the State Council's arrangement is known."""
    return date(max(day.year for day in holidays), 12, 31)
