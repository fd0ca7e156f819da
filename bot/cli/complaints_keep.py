"""The register as a table, and how long its cases are kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import complaints_parts as parts
from bot.cli.complaints_parts import ByOption, NumberArgument, WhyOption
from bot.errors import Invalid

DAY = ["%Y-%m-%d"]


def export(
    file: Annotated[Path, typer.Argument(help="写到这个 CSV 或 XLSX 文件；已存在则拒绝")],
    first: Annotated[datetime, typer.Option("--from", formats=DAY, help="从哪天收到的")],
    last: Annotated[datetime, typer.Option("--to", formats=DAY, help="到哪天为止")],
    full: Annotated[bool, typer.Option("--full", help="不掩码，要写 --why，每件都有记录")] = False,
    why: Annotated[str, typer.Option("--why", help="为什么要不掩码的")] = "",
    by: ByOption = None,
) -> None:
    """导出登记簿；客户号和姓名默认掩码。"""
    from bot.complaints.export import Export
    from bot.text.spreadsheet import check_suffix, table_bytes

    suffix, made, codes = check_suffix(file), parts.cases(Export), parts.codes()
    if file.exists():
        raise Invalid(f"{file} 已存在：请换一个文件名")
    if full:
        who = parts.officer(by, "export")
        rows = made.full(first.date(), last.date(), codes, by=who, why=why)
    else:
        rows = made.masked(first.date(), last.date(), codes)
    file.touch(mode=0o600)
    file.write_bytes(table_bytes(suffix, "投诉登记簿", rows))
    typer.echo(f"已导出 {len(rows) - 1} 件投诉到 {file}。")


def retention(
    years: Annotated[int, typer.Option(help="办结后保存几年，至少 3 年")] = 3,
    deletable: Annotated[bool, typer.Option("--deletable", help="只看已可删除的")] = False,
) -> None:
    """列出每件投诉要保存到哪天；法定保留的不论多久都不能删。"""
    from bot.complaints.retention import Retention

    for keeping in parts.cases(Retention).of_all(years):
        if deletable and not keeping.deletable:
            continue
        until = f"保存到 {keeping.until}" if keeping.until else "未办结"
        held = f"，法定保留：{keeping.held}" if keeping.held else ""
        typer.echo(f"{keeping.number}  {until}{held}{'，可以删除' if keeping.deletable else ''}")


def hold(number: NumberArgument, why: WhyOption, by: ByOption = None) -> None:
    """法定保留：诉讼等期间不得删除。"""
    from bot.complaints.retention import Retention

    parts.cases(Retention).hold(number, by=parts.officer(by, "hold", number), why=why)
    typer.echo(f"投诉 {number} 已法定保留。")


def release(number: NumberArgument, why: WhyOption, by: ByOption = None) -> None:
    """解除法定保留。"""
    from bot.complaints.retention import Retention

    parts.cases(Retention).release(number, by=parts.officer(by, "hold", number), why=why)
    typer.echo(f"投诉 {number} 已解除法定保留。")


COMMANDS = {"export": export, "retention": retention, "hold": hold, "release": release}
