"""How the service is told of and judged: announcements to all customers, and their surveys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.desk_parts import open_desk, supervisor_of
from bot.cli.staff_parts import ByOption
from bot.errors import Invalid

if TYPE_CHECKING:
    from bot.handoff.announcements import Announcement
    from bot.handoff.surveys import Count, SurveyBook

DAY = ["%Y-%m-%d"]
MOMENT = ["%Y-%m-%d %H:%M"]
HEADS = (
    "组", "坐席", "结束的会话", "评价", "满意", "满意率", "大字版评价", "大字版满意", "大字版满意率",
)  # fmt: skip


def announce(
    text: Annotated[str, typer.Argument(help="对所有客户说的话；不写就看现在的公告")] = "",
    kind: Annotated[str, typer.Option(help="maintenance、outage 或 other")] = "outage",
    line: Annotated[
        list[str] | None, typer.Option(help="受影响、暂停办理的业务条线，例如 transfer，可写几次")
    ] = None,
    to_group: Annotated[
        str | None, typer.Option(help="这些业务找人工的都转到这个组，例如 risk")
    ] = None,
    callbacks: Annotated[bool, typer.Option("--callbacks", help="找人工的只约回访")] = False,
    until: Annotated[
        datetime | None, typer.Option(formats=MOMENT, help="到时自动结束（北京时间）")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="替换正在生效的公告")] = False,
    end: Annotated[bool, typer.Option("--end", help="结束正在生效的公告")] = False,
    by: ByOption = None,
) -> None:
    """应急公告：助手在每个会话里先说它，受影响的业务不再受理。"""
    from bot.text.clock import SHANGHAI

    queue = open_desk().queue
    switch = queue.announcements
    if end:
        switch.end(supervisor_of(by))
        typer.echo("公告已结束，一切照常。")
        return
    current = switch.current()
    if not text:
        typer.echo("\n".join(_told(current)) if current else "没有生效的公告。")
        return
    if to_group and callbacks:
        raise Invalid("--to-group 和 --callbacks 只能写一个")
    made = switch.announce(
        text,
        by=supervisor_of(by),
        kind=kind,
        lines=line or (),
        routing="group" if to_group else "callback" if callbacks else "keep",
        skill_group=to_group,
        groups=queue.routes.groups,
        until=until and until.replace(tzinfo=SHANGHAI),
        replaces=current.id if replace and current else None,
    )
    typer.echo("\n".join(["公告已生效。", *_told(made)]))


def surveys(
    first: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help="从哪天起；不写是七天前")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=DAY, help="到哪天为止；不写是今天")
    ] = None,
    file: Annotated[Path | None, typer.Option("--csv", help="写到这个 CSV 或 XLSX 文件")] = None,
    words: Annotated[bool, typer.Option("--words", help="列出客户写的话（已掩码）")] = False,
) -> None:
    """满意度：各组、各坐席，在这段时间里；大字版的客户另算。"""
    from bot.handoff.surveys import SurveyBook
    from bot.text.clock import SHANGHAI, shanghai

    queue = open_desk().queue
    book, today = SurveyBook(queue), shanghai(queue.clock()).date()
    begin = first.date() if first else today - timedelta(days=6)
    end = (last.date() if last else today) + timedelta(days=1)
    if begin >= end:
        raise Invalid("--from 不能晚于 --to")
    since, until = (datetime.combine(day, time.min, SHANGHAI) for day in (begin, end))
    if words:
        _print_words(book, since, until)
        return
    rows = list(_rows(book, since, until))
    if file is not None:
        _write(file, rows)
    elif rows:
        _print(rows)
    else:
        typer.echo("这段时间没有结束的人工服务。")


def _told(announcement: Announcement) -> Iterator[str]:
    from bot.handoff.announcements import ROUTINGS
    from bot.handoff.reasons import LINES
    from bot.text.clock import shanghai

    yield announcement.words
    stopped = "、".join(LINES[line] for line in announcement.lines) or "没有，业务照常"
    group = f"（{announcement.skill_group}）" if announcement.skill_group else ""
    yield f"暂停办理：{stopped}；转人工：{ROUTINGS[announcement.routing]}{group}"
    yield f"{announcement.set_by} 于 {shanghai(announcement.at):%Y-%m-%d %H:%M} 发布"


def _rows(book: SurveyBook, since: datetime, until: datetime) -> Iterator[list[str]]:
    for row in book.report(since, until):
        group = open_desk().queue.routes.group(row.group).name
        who = "全组" if row.agent is None else row.agent
        yield [group, who, str(row.served), *_figures(row.usual), *_figures(row.large_type)]


def _figures(count: Count) -> list[str]:
    share = "" if count.share is None else f"{count.share:.0%}"
    return [str(count.answered), str(count.satisfied), share]


def _print(rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*HEADS, box=None)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _write(file: Path, rows: list[list[str]]) -> None:
    from bot.text.spreadsheet import check_suffix, table_bytes

    suffix = check_suffix(file)
    if file.exists():
        raise Invalid(f"{file} 已存在：请换一个文件名")
    file.write_bytes(table_bytes(suffix, "满意度", [list(HEADS), *rows]))
    typer.echo(f"已写到 {file}。")


def _print_words(book: SurveyBook, since: datetime, until: datetime) -> None:
    from bot.handoff.surveys import CAUSES

    said = [(number, each) for number, each in book.comments(since, until) if each.comment]
    for number, each in said:
        why = "、".join(CAUSES[cause] for cause in each.why)
        verdict = "满意" if each.satisfied else f"不满意{f'（{why}）' if why else ''}"
        typer.echo(f"{number}  {verdict}  {each.comment}")
    if not said:
        typer.echo("这段时间没有客户留言。")
