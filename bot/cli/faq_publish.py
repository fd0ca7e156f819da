"""``bankbot faq``: publishing, going back, and what happened."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli import faq_parts as parts
from bot.cli.faq_parts import ReasonOption, SystemOption

OFTEN = 5


def publish(
    by: SystemOption = "system",
    why: ReasonOption = "",
    override: Annotated[
        str | None, typer.Option("--override", help="回归问法变差也要发布的理由（会留下记录）")
    ] = None,
) -> None:
    """发布知识库：检查、复核、回归比较，并立即对客户生效。"""
    from bot.faq.surroundings import off_topic

    releases = parts.releases()
    bank, findings = parts.inspected()
    changes = releases.diff(bank)
    with parts.all_reasons():
        released = releases.publish(bank, findings, off_topic(), by=by, why=why, override=override)
    made, verdict = released.publication, released.verdict
    kinds = [change.kind for change in changes]
    typer.echo(
        f"已发布第 {made.number} 版（{made.version}）：{made.entries} 个条目，"
        f"新增 {kinds.count('added')}、修改 {kinds.count('changed')}、撤下 {kinds.count('removed')}。"
    )
    if verdict.asked:
        typer.echo(f"回归问法 {verdict.asked} 个，直接答对 {verdict.passed} 个。")
        if not verdict.compared:
            typer.echo("没有可比较的旧版本（首次发布，或编码器换过），未比较变差。")
    for each in verdict.worse:
        typer.echo(f"变差：{each}")


def rollback(
    number: Annotated[int | None, typer.Argument(help="退回到第几版；不写则为上一版")] = None,
    by: SystemOption = "system",
    why: ReasonOption = "",
) -> None:
    """退回到以前发布的版本，立即生效。"""
    used = parts.releases().rollback(number, by=by, why=why)
    typer.echo(f"正在使用{used.title}（{used.entries} 个条目）。")


def history(
    entry: Annotated[str | None, typer.Option(help="只看一个条目")] = None,
    limit: Annotated[int, typer.Option(help="最多几条", min=1)] = 30,
    full: Annotated[bool, typer.Option("--full", help="列出每处改动的全文")] = False,
) -> None:
    """发布、修改、复核和对客户问法的取舍：谁、何时、为什么；最近的在前。"""
    from bot.faq.audit import audit
    from bot.text.clock import shanghai

    acts = audit(parts.database(), entry_id=entry or "", limit=limit).acts
    if not acts:
        typer.echo("没有记录。")
    for act in acts:
        why = f"：{act.why}" if act.why else ""
        typer.echo(f"{shanghai(act.at):%Y-%m-%d %H:%M}  {act.by}  {act.text}{why}")
        shown = act.details if full else act.details[:OFTEN]
        for line in shown:
            typer.echo(f"    {line}")
        if len(shown) < len(act.details):
            typer.echo(f"    ……还有 {len(act.details) - len(shown)} 行（--full）")


def diff() -> None:
    """与正在使用的版本相比，发布后会有哪些变化。"""
    from bot.errors import ConfigError

    releases = parts.releases()
    changes = releases.diff(parts.bank())
    try:
        typer.echo(f"与正在使用的{releases.in_use().title}相比：")
    except ConfigError:
        typer.echo("还没有发布过：")
    for change in changes:
        for line in change.lines():
            typer.echo(line)
    typer.echo(f"共 {len(changes)} 个条目有变化。" if changes else "没有变化。")
