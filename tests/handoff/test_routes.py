"""The routes file: what is wrong with it is told by line and mend."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.errors import DataError
from bot.handoff.hours import announced_until
from bot.handoff.reasons import LINES, REASONS
from bot.handoff.routes_file import inspect_routes, load_routes

SHIPPED = Path(__file__).parents[2] / "data" / "routes.yml"

GOOD = """\
hours:
  office:
    workday: ["09:00-12:00"]
groups:
  consult: {name: 咨询}
  risk:
    name: 交易争议与安全
    hours: office
    overflow: {to: consult, after: 2m}
routes:
  - reason: fraud
    group: risk
  - group: consult
agents:
  A001: {skills: {consult: 3, risk: 2}}
"""


def write(folder: Path, content: str) -> Path:
    path = folder / "routes.yml"
    path.write_text(content, encoding="utf-8")
    return path


def test_the_shipped_file_is_right_and_staffs_every_group() -> None:
    found = inspect_routes(SHIPPED)
    assert found.errors == () and found.warnings == ()
    assert found.routes is not None
    for reason in REASONS:
        for line in LINES:
            assert found.routes.route(reason, line, "standard").group in found.routes.groups
    assert found.routes.route("fraud", "loan", "standard").group == "risk"
    assert found.routes.route("request_human", "credit_card", "standard").group == "credit_card"


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("  - group: consult\n", "", 10, "到不了任何技能组"),
        ("group: risk", "group: rsk", 12, "没有技能组 'rsk'"),
        ("hours: office", "hours: offic", 8, "没有服务时间 'offic'"),
        ("to: consult", "to: nobody", 9, "没有技能组 'nobody'"),
        ("after: 2m", "after: soon", 9, "写成 90s、2m 或 24h"),
        ("09:00-12:00", "9-12", 3, "时段 '9-12' 读不懂"),
        ("reason: fraud", "reason: froud", 11, "没有转人工原因 'froud'"),
        ("risk: 2", "risk: 9", 15, "熟练度 9 不在 1–5 之内"),
        ("risk: 2", "rosk: 2", 15, "没有技能组 'rosk'"),
        ("skills:", "skils:", 15, "没有这一项"),
        ("name: 交易争议与安全\n", "level: 2\n", 6, "缺少这一项"),
        ("  - group: consult\n", "  - group: consult\n  - group: risk\n", 14, "永远用不到"),
        ("workday:", "workdays:", 2, "不在可用的名称之内"),
        ("risk: 2", "risk: 两", 15, "应是整数"),
        ("agents:", "agents: [", 16, "不是有效的 YAML"),
    ],
)
def test_an_error_names_line_and_mend(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    found = inspect_routes(path)
    assert found.routes is None
    assert any(
        str(error).startswith(f"{path}:{line}: ") and what in str(error) for error in found.errors
    ), found.errors
    with pytest.raises(DataError):
        load_routes(path)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("consult: 3, risk: 2", "consult: 3", "没有一位坐席"),
        ("hours: office", "level: 3", "没有坐席达到"),
        ("    group: risk", "    group: risk\n    tier: 2", "没有这个层级的坐席"),
    ],
)
def test_a_group_that_nobody_can_serve_is_only_warned_of(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    found = inspect_routes(write(tmp_path, GOOD.replace(old, new, 1)))
    assert found.routes is not None
    assert [what in warning for warning in found.warnings] == [True]


def test_holidays_that_end_soon_are_warned_of(tmp_path: Path) -> None:
    path, last = write(tmp_path, GOOD), announced_until()
    assert inspect_routes(path, last - timedelta(days=60)).warnings == ()
    (warning,) = inspect_routes(path, last - timedelta(days=30)).warnings
    assert str(last) in warning and "chinesecalendar" in warning


def test_the_banks_own_days_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + "calendar:\n  closed: [2026-03-03]\n")
    assert load_routes(path).hours_of("risk").kind_of(date(2026, 3, 3)) == "holiday"
