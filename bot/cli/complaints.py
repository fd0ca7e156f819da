"""``bankbot complaints``: the complaints register from a terminal."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import complaints_case, complaints_close, complaints_intake, complaints_keep
from bot.cli import complaints_parts as parts
from bot.cli.complaints_parts import NumberArgument

if TYPE_CHECKING:
    from bot.complaints.worklist import Task

app = typer.Typer(no_args_is_help=True)


class Span(str, Enum):
    """As :data:`bot.complaints.worklist.SPANS` has them."""

    today = "today"
    week = "week"
    overdue = "overdue"


@app.command("list")
def list_complaints(
    state: Annotated[str | None, typer.Option(help="只看这种状态，例如 handling")] = None,
    customer: Annotated[str | None, typer.Option(help="只看这位客户")] = None,
    limit: Annotated[int, typer.Option(min=1, help="最多几件")] = 100,
) -> None:
    """列出投诉，新的在前；包括已结束的。"""
    from rich.console import Console
    from rich.table import Table

    from bot.complaints.store import CaseStore
    from bot.complaints.tables import complaints
    from bot.complaints.vocabulary import CATEGORIES, SOURCES, STATE_NAMES, check_name
    from bot.text.clock import shanghai

    wanted = []
    if state is not None:
        check_name(state, STATE_NAMES, "投诉状态")
        wanted.append(complaints.c.state == state)
    if customer is not None:
        wanted.append(complaints.c.customer_id == customer)
    found = parts.cases(CaseStore).cases(*wanted)[::-1][:limit]
    if not found:
        typer.echo("没有投诉。")
        return
    table = Table("编号", "收到", "类别", "来源", "状态", "处理人", "原因代码", box=None)
    table.columns[0].no_wrap = True
    for case in found:
        at = shanghai(case.received_at).strftime("%m-%d %H:%M")
        table.add_row(
            case.number, at, CATEGORIES[case.category], SOURCES[case.source],
            STATE_NAMES[case.state], case.handler or "", case.cause_code or "未分类",
        )  # fmt: skip
    Console().print(table)


@app.command()
def register(
    due: Annotated[Span | None, typer.Option(help="只看今天、本周到期或已超期的")] = None,
) -> None:
    """列出还没有答复的投诉和核查，最急的在前。"""
    from bot.complaints.worklist import SPANS, Worklist

    work = parts.cases(Worklist)
    tasks = work.open() if due is None else work.due(due.value)
    if not tasks:
        typer.echo("没有待办的投诉。" if due is None else f"没有{SPANS[due.value]}的投诉。")
        return
    _print_tasks(tasks)


def _print_tasks(tasks: list[Task]) -> None:
    from rich.console import Console
    from rich.table import Table

    from bot.complaints.vocabulary import CATEGORIES, REVIEW_STATES, STATE_NAMES

    table = Table("编号", "最晚答复", "类别", "事项", "处理人", box=None)
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for task in tasks:
        what = STATE_NAMES[task.case.state]
        if task.review is not None:
            what = f"核查：{REVIEW_STATES[task.review.state]}"
        table.add_row(
            task.case.number, parts.term_text(task.term), CATEGORIES[task.case.category], what,
            task.handler or "未分派",
        )  # fmt: skip
    Console().print(table)


@app.command()
def show(number: NumberArgument) -> None:
    """查看一件投诉：内容、期限、补充、告知、答复和经过。"""
    from bot.cli.complaints_show import lines

    for line in lines(number):
        typer.echo(line)


@app.command()
def alarms(
    days: Annotated[int, typer.Option(help="最近多少天")] = 30,
    cases: Annotated[int, typer.Option(help="同一原因多少件报警")] = 10,
    people: Annotated[int, typer.Option(help="同一原因多少人报警")] = 20,
) -> None:
    """同一原因的投诉太多、或人数达到群体投诉时报警。"""
    from bot.complaints.alarms import AlarmRules, find_alarms
    from bot.complaints.store import CaseStore
    from bot.complaints.vocabulary import CATEGORIES
    from bot.text.clock import utc_now

    rules = AlarmRules(days, cases, people)
    found = find_alarms(parts.cases(CaseStore).cases(), utc_now(), rules)
    table = parts.codes()
    for alarm in found:
        coded = f"{alarm.cause} {table.name('cause', alarm.cause)}"
        cause = coded if alarm.coded else f"{CATEGORIES[alarm.cause]}（未分类）"
        kind = "群体投诉" if alarm.group else "集中投诉"
        typer.echo(f"{kind}：{cause}，{days} 天内 {len(alarm.numbers)} 件、{alarm.people} 人")
        typer.echo(f"  {'、'.join(alarm.numbers)}")
    if not found:
        typer.echo(f"{days} 天内没有集中或群体投诉。")


for group in (complaints_intake, complaints_case, complaints_close, complaints_keep):
    for name, command in group.COMMANDS.items():
        app.command(name)(command)
