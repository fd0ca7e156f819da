"""Reading ``data/routes.yml``; what is wrong with it is told by file and line, with the mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.errors import DataError
from bot.handoff.hours import announced_until
from bot.handoff.reasons import CUSTOMER_TIERS, LINES, REASONS
from bot.handoff.routes import Routes

# So long before the last known holiday a bank is told that the next year's are missing.
HOLIDAYS_AHEAD = timedelta(days=45)

# By the beginning of what pydantic calls it; what our own checks raise says it all itself.
_MENDS = {
    "value_error.missing": "缺少这一项，请补上",
    "value_error.extra": "没有这一项，请检查拼写",
    "value_error.const": "不在可用的名称之内：workday、weekend、holiday",
    "value_error.number": "超出允许的范围",
    "value_error.date": "不是日期，写成 2026-03-03",
    "type_error.none": "不能为空，写上内容或去掉",
    "type_error.integer": "应是整数",
    "type_error": "写法不对，参照自带的文件",
}

Place = tuple[str | int, ...]


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
        tree = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return Inspected(None, (DataError(f"{path}: 读不了（{error}）"),))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = f"{path}:{line}: 不是有效的 YAML：请检查缩进和引号"
        return Inspected(None, (DataError(what),))
    if not isinstance(tree, Mapping):
        return Inspected(None, (DataError(f"{path}:1: 缺少 groups 和 routes（参照自带的文件）"),))
    file = _File(path, tree)
    try:
        routes = Routes.parse_obj(tree)
    except ValidationError as error:
        return Inspected(
            None, tuple(file.error(each["loc"], _mend(each)) for each in error.errors())
        )
    errors = tuple(file.error(place, what) for place, what in _errors(routes))
    warnings = tuple(str(file.error(place, what)) for place, what in _warnings(routes, today))
    return Inspected(None if errors else routes, errors, warnings)


@dataclass(frozen=True)
class _File:
    path: Path
    tree: Any

    def error(self, place: Sequence[str | int], what: str) -> DataError:
        """``file:line: item: what``, as near to the place as the file goes."""
        node, line = self.tree, 1
        for step in place:
            if not _holds(node, step):
                break
            marks = node.lc.data if hasattr(node, "lc") else {}
            line = marks[step][0] + 1 if marks and step in marks else line
            node = node[step]
        item = ".".join(str(step) for step in place if step != "__root__")
        return DataError(
            f"{self.path}:{line}: {item}: {what}" if item else f"{self.path}:{line}: {what}"
        )


def _holds(node: Any, step: str | int) -> bool:
    if isinstance(node, Mapping):
        return step in node
    return isinstance(node, list) and isinstance(step, int) and step < len(node)


def _mend(error: Any) -> str:
    return next(
        (mend for kind, mend in _MENDS.items() if error["type"].startswith(kind)),
        str(error["msg"]),
    )


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
