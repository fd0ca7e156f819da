"""Reading ``data/routes.yml``; what is wrong with it is told by file and line, with the mend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from pydantic import ValidationError

from bot.errors import DataError
from bot.handoff.hours import announced_until
from bot.handoff.reasons import CUSTOMER_TIERS, LINES, REASONS
from bot.handoff.routes import Routes
from bot.handoff.yaml_file import Place, YamlFile, mend

# So long before the last known holiday a bank is told that the next year's are missing.
HOLIDAYS_AHEAD = timedelta(days=45)


@dataclass(frozen=True)
class Inspected:
    """A file looked at: the routes, unless there are ``errors``; ``warnings`` stop nothing."""

    routes: Routes | None
    errors: tuple[DataError, ...]
    warnings: tuple[str, ...] = ()


def load_routes(path: Path) -> Routes:
    """The routes of a file.

    Raises:
        DataError: the first thing wrong with it.
    """
    found = inspect_routes(path)
    if found.routes is None:
        raise found.errors[0]
    return found.routes


def inspect_routes(path: Path, today: date | None = None) -> Inspected:
    """The routes with everything wrong with them.

    Args:
        today: for warning of holidays not known yet; None leaves that out.
    """
    try:
        file = YamlFile.read(path, "groups 和 routes")
    except DataError as error:
        return Inspected(None, (error,))
    try:
        routes = Routes.parse_obj(file.tree)
    except ValidationError as error:
        return Inspected(
            None, tuple(file.error(each["loc"], mend(each)) for each in error.errors())
        )
    errors = tuple(file.error(place, what) for place, what in _errors(routes))
    warnings = tuple(str(file.error(place, what)) for place, what in _warnings(routes, today))
    return Inspected(None if errors else routes, errors, warnings)


def _errors(routes: Routes) -> Iterator[tuple[Place, str]]:
    known = "、".join(routes.groups)
    for name, group in routes.groups.items():
        if group.hours != "always" and group.hours not in routes.hours:
            yield (
                ("groups", name, "hours"),
                f"没有服务时间 {group.hours!r}：在 hours 里写明，或用 always",
            )
        if group.overflow is not None and group.overflow.to not in routes.groups:
            yield ("groups", name, "overflow"), f"没有技能组 {group.overflow.to!r}：可用 {known}"
        if group.overflow is not None and group.overflow.to == name:
            yield ("groups", name, "overflow"), "不能溢出到自己：换一个组，或去掉"
    for index, route in enumerate(routes.routes):
        if route.group not in routes.groups:
            yield ("routes", index, "group"), f"没有技能组 {route.group!r}：可用 {known}"
    for agent_id, agent in routes.agents.items():
        if agent.at_most < agent.capacity:
            yield (
                ("agents", agent_id),
                f"at_most {agent.at_most} 小于 capacity {agent.capacity}：调成不小于它",
            )
        for name in agent.skills:
            if name not in routes.groups:
                yield ("agents", agent_id, "skills", name), f"没有技能组 {name!r}：可用 {known}"
    yield from _coverage(routes)


def _coverage(routes: Routes) -> Iterator[tuple[Place, str]]:
    """Every reason has to reach a group, and every line of the list something."""
    used: set[int] = set()
    lost: dict[str, str] = {}
    for reason, line, tier in product(REASONS, LINES, CUSTOMER_TIERS):
        index = next(
            (n for n, each in enumerate(routes.routes) if each.holds(reason, line, tier)), None
        )
        if index is None:
            lost.setdefault(reason, line)
        else:
            used.add(index)
    for reason, line in lost.items():
        yield (
            ("routes",),
            f"转人工原因 {reason}（条线 {line}）到不了任何技能组：在最后加一条只有 group 的",
        )
    for index in sorted(set(range(len(routes.routes))) - used):
        yield ("routes", index), "永远用不到，前面的已经包住它：移到前面，或去掉"


def _warnings(routes: Routes, today: date | None) -> Iterator[tuple[Place, str]]:
    staffed = {name for agent in routes.agents.values() for name in agent.skills}
    for name, group in routes.groups.items():
        if name not in staffed:
            yield ("groups", name), f"{group.name}组没有一位坐席：在 agents 里给人加上这项技能"
        elif group.level > max(agent.skills.get(name, 0) for agent in routes.agents.values()):
            yield (
                ("groups", name, "level"),
                f"要求的熟练度 {group.level} 没有坐席达到，每单都要等它降级：调低，或提高坐席的熟练度",
            )
    for index, route in enumerate(routes.routes):
        if (
            not any(
                agent.tier >= route.tier and route.group in agent.skills
                for agent in routes.agents.values()
            )
            and route.group in staffed
        ):
            yield ("routes", index, "tier"), f"{route.group} 组没有这个层级的坐席：调低，或加人"
    if today is not None and today + HOLIDAYS_AHEAD > announced_until():
        yield (
            ("calendar",),
            f"节假日安排只收录到 {announced_until()}，之后按周一至周五算："
            "请升级 chinesecalendar，或在 closed、opened 里写明",
        )
