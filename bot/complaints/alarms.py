"""Alarms: many complaints of one cause, or many people, are one problem and not many cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.complaints.case import Complaint
from bot.errors import Invalid


@dataclass(frozen=True)
class AlarmRules:
    """When to raise one: so many cases, or people, of one matter received within so many days.

    Twenty people make a group complaint; how many cases are many is the bank's own figure.
    """

    days: int = 30
    cases: int = 10
    people: int = 20

    def __post_init__(self) -> None:
        for name, value in self.__dict__.items():
            if value < 1:
                raise Invalid(f"{name} 是 {value}，应至少为 1")


@dataclass(frozen=True)
class Alarm:
    """One matter that has become many's: ``cause`` is its code where ``coded``, its category else.

    ``group`` says that so many people share it, not only so many cases.
    """

    cause: str
    coded: bool
    group: bool
    numbers: tuple[str, ...]
    people: int


def find_alarms(cases: Iterable[Complaint], now: datetime, rules: AlarmRules) -> list[Alarm]:
    """The alarms that stand at ``now``, the one with most people first.

    A case counts by its cause code, or until it is classified by its category. One that was merged
    counts in the case it belongs to; whoever complains twice is one person.
    """
    since = now - timedelta(days=rules.days)
    matters: dict[tuple[str, bool], list[Complaint]] = defaultdict(list)
    for case in cases:
        if case.received_at > since and case.merged_into is None:
            key = (case.cause_code or case.category, case.cause_code is not None)
            matters[key].append(case)
    found = []
    for (cause, coded), alike in matters.items():
        together: dict[str, int] = {}
        for case in alike:
            owner = case.customer_id
            together[owner] = max(together.get(owner, 0), case.filing.people)
        people = sum(together.values())
        if len(alike) >= rules.cases or people >= rules.people:
            numbers = tuple(case.number for case in alike)
            found.append(Alarm(cause, coded, people >= rules.people, numbers, people))
    return sorted(found, key=lambda alarm: (-alarm.people, alarm.cause))
