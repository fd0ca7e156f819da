"""Who serves what: groups, their hours and targets, the decision list, and the agents.

Read from ``data/routes.yml`` by :mod:`bot.handoff.routes_file`; a bank changes it without code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, Field, validator

from bot.errors import NotFound
from bot.handoff.hours import KINDS, Hours, Span
from bot.handoff.reasons import CUSTOMER_TIERS, LANGUAGES, LINES, REASONS, TIERS
from bot.handoff.route_values import Duration, SpanText
from bot.handoff.sla import Targets

TOP_LEVEL = 5

# A kind of day, of `hours.KINDS`.
Kind = Literal["workday", "weekend", "holiday"]


def _one_of(known: Mapping[Any, Any], what: str) -> Callable[..., Any]:
    def check(value: Any) -> Any:
        if value not in known:
            raise ValueError(f"没有{what} {value!r}（可用：{'、'.join(map(str, known))}）")
        return value

    return check


class _Part(BaseModel):
    class Config:
        extra = "forbid"
        frozen = True
        arbitrary_types_allowed = True
        keep_untouched = (cached_property,)


class Overflow(_Part):
    """Which group helps out, and after how long."""

    to: str
    after: Duration = Duration(minutes=3)


class Sla(_Part):
    """How long each clock may run, in opening hours (see :mod:`bot.handoff.sla`)."""

    first: Duration = Duration(minutes=1)
    next: Duration = Duration(minutes=2)
    resolution: Duration = Duration(hours=24)


class Group(_Part):
    """People with one skill.

    Attributes:
        hours: one of the file's ``hours``.
        level: the proficiency asked of an agent at first, 1 to ``TOP_LEVEL``.
        widen: after each such time a level less will do.
        handling: how long a ticket takes, while none has shown it.
    """

    name: str
    hours: str = "always"
    level: int = Field(default=1, ge=1, le=TOP_LEVEL)
    widen: Duration = Duration(minutes=2)
    overflow: Overflow | None
    sla: Sla = Sla()
    handling: Duration = Duration(minutes=8)


class Route(_Part):
    """One line of the decision list: the first whose conditions all hold decides."""

    reason: tuple[str, ...] = ()
    line: tuple[str, ...] = ()
    customer_tier: tuple[str, ...] = ()
    group: str
    tier: int = 1

    @validator("reason", "line", "customer_tier", pre=True)
    def _listed(cls, value: Any) -> Any:  # noqa: N805 - pydantic hands in the class
        return (value,) if isinstance(value, str) else value

    _reason = validator("reason", each_item=True, allow_reuse=True)(_one_of(REASONS, "转人工原因"))
    _line = validator("line", each_item=True, allow_reuse=True)(_one_of(LINES, "业务条线"))
    _customer = validator("customer_tier", each_item=True, allow_reuse=True)(
        _one_of(CUSTOMER_TIERS, "客户等级")
    )
    _tier = validator("tier", allow_reuse=True)(_one_of(TIERS, "层级"))

    def holds(self, reason: str, line: str, customer_tier: str) -> bool:
        """Whether it decides about such a ticket."""
        return all(
            not wanted or value in wanted
            for wanted, value in (
                (self.reason, reason),
                (self.line, line),
                (self.customer_tier, customer_tier),
            )
        )


class Agent(_Part):
    """Somebody of the desk.

    Attributes:
        skills: proficiency by group, 1 to ``TOP_LEVEL``.
        capacity: the most chats at once, those that wait for their customers weighing less;
            nothing new beyond it.
        at_most: the most chats at once, whatever they weigh.
    """

    name: str = ""
    tier: int = 1
    languages: tuple[str, ...] = ("zh",)
    skills: Mapping[str, int]
    capacity: int = Field(default=3, ge=1)
    at_most: int = Field(default=5, ge=1)

    _tier = validator("tier", allow_reuse=True)(_one_of(TIERS, "层级"))
    _languages = validator("languages", each_item=True, allow_reuse=True)(
        _one_of(LANGUAGES, "语言")
    )

    @validator("skills", each_item=True)
    def _level(cls, value: int) -> int:  # noqa: N805
        if not 1 <= value <= TOP_LEVEL:
            raise ValueError(f"熟练度 {value} 不在 1–{TOP_LEVEL} 之内")
        return value


class Calendar(_Part):
    """The bank's own days, which go before the State Council's."""

    closed: tuple[date, ...] = ()
    opened: tuple[date, ...] = ()


class Policy(_Part):
    """What holds for all groups.

    Attributes:
        ageing: how much waiting one level of priority is worth.
        offer: how long an offer stands, also a colleague's.
        look: how long leads may take to answer when asked to look in.
        agent_timeout: an agent not heard of for so long has vanished.
        decline_pause: for how long a ticket is not offered again to who declined it.
        language_patience: after so long anybody will do who cannot speak the customer's language.
        last_agent_within: for how long a customer's last agent is remembered.
        reopen_within: for how long a customer may say that it was not resolved.
        idle_weight: what a chat that waits for its customer weighs, in percent.
        callback_slot: the length of the times agreed on for calling back.
    """

    ageing: Duration = Duration(minutes=10)
    offer: Duration = Duration(seconds=30)
    look: Duration = Duration(minutes=3)
    agent_timeout: Duration = Duration(seconds=45)
    decline_pause: Duration = Duration(minutes=2)
    language_patience: Duration = Duration(minutes=3)
    last_agent_within: Duration = Duration(hours=72)
    reopen_within: Duration = Duration(hours=72)
    idle_weight: int = Field(default=50, ge=0, le=100)
    callback_slot: Duration = Duration(hours=1)


class Routes(_Part):
    """The whole file."""

    hours: Mapping[str, Mapping[Kind, tuple[SpanText, ...]]] = {}
    calendar: Calendar = Calendar()
    policy: Policy = Policy()
    groups: Mapping[str, Group]
    routes: tuple[Route, ...]
    agents: Mapping[str, Agent] = {}

    @cached_property
    def _hours(self) -> dict[str, Hours]:
        every: dict[str, Mapping[str, tuple[Span, ...]]] = {
            "always": dict.fromkeys(KINDS, (Span.read("00:00-24:00"),)),
            **{
                name: {str(kind): spans for kind, spans in kinds.items()}
                for name, kinds in self.hours.items()
            },
        }
        return {
            name: Hours(spans, self.calendar.closed, self.calendar.opened)
            for name, spans in every.items()
        }

    def known(self, group: str) -> str:
        """The group; of tickets older than the file, whose group is no more, the last resort."""
        return group if group in self.groups else self.routes[-1].group

    def group(self, group: str) -> Group:
        """What the file says of a group."""
        return self.groups[self.known(group)]

    def hours_of(self, group: str) -> Hours:
        """When a group is at work."""
        return self._hours[self.group(group).hours]

    def targets_of(self, group: str) -> Targets:
        """A group's SLA."""
        sla = self.group(group).sla
        return Targets(sla.first, sla.next, sla.resolution)

    def route(self, reason: str, line: str, customer_tier: str) -> Route:
        """Where such a ticket goes.

        Raises:
            NotFound: no line of the list takes it; ``bankbot desk check`` refuses such a file.
        """
        for each in self.routes:
            if each.holds(reason, line, customer_tier):
                return each
        raise NotFound(f"转人工原因 {reason!r}、条线 {line!r} 没有对应的技能组")

    def agent(self, agent_id: str) -> Agent:
        """Somebody on the roster; else a guest, who may take tickets and is offered none."""
        return self.agents.get(agent_id) or Agent(name=agent_id, skills={})


# Without a file: each line of business a group of its own, at work day and night.
PLAIN = Routes(
    groups={line: Group(name=name, overflow=None) for line, name in LINES.items()},
    routes=tuple(Route(line=(line,), group=line) for line in LINES),
)
