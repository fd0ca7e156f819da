"""``bankbot faq review``: four eyes on what the tools changed."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli import faq_parts as parts
from bot.cli.faq_parts import ByOption, EntryArgument

app = typer.Typer(invoke_without_command=True)


@app.callback()
def waiting(context: typer.Context) -> None:
    """列出待复核的条目和改动；写的人不能复核自己的修改。"""
    from bot.text.clock import shanghai

    if context.invoked_subcommand is not None:
        return
    found = parts.reviews().pending(parts.bank())
    if not found:
        typer.echo("没有待复核的条目。")
        return
    for each in found:
        for line in each.difference().lines():
            typer.echo(line)
        for change in each.changes:
            typer.echo(f"  {shanghai(change.at):%m-%d %H:%M} {change.by}：{change.why}")
        if each.rejected:
            typer.echo(f"  已被 {each.rejected.by} 退回：{each.rejected.note}")
        if not each.stops_publishing:
            typer.echo("  （草稿，不影响发布）")
        typer.echo("")


@app.command()
def approve(
    entry_ids: Annotated[list[str], typer.Argument(help="条目编号，可以写几个")],
    by: ByOption,
    note: Annotated[str, typer.Option(help="说明")] = "",
) -> None:
    """通过条目的修改。"""
    bank, reviews = parts.bank(), parts.reviews()
    for entry_id in entry_ids:
        pending = reviews.get(bank, entry_id)
        reviews.approve(bank, entry_id, pending.seen, by=by, note=note)
        for line in pending.difference().lines():
            typer.echo(line)
        typer.echo(f"已通过 {entry_id}。")


@app.command()
def reject(
    entry_id: EntryArgument,
    by: ByOption,
    note: Annotated[str, typer.Option(help="为什么退回", prompt="为什么退回")],
) -> None:
    """退回一个条目的修改；改好之前不能发布。"""
    bank, reviews = parts.bank(), parts.reviews()
    reviews.reject(bank, entry_id, reviews.get(bank, entry_id).seen, by=by, note=note)
    typer.echo(
        f"已退回 {entry_id}：请作者再改（edit），或恢复原样（bankbot faq revert {entry_id}）。"
    )
