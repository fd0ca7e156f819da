"""``bankbot desk``: the human queue from a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import ConfigError, DataError
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.handoff.desk import Desk

app = typer.Typer(no_args_is_help=True)

AgentOption = Annotated[str | None, typer.Option(help="坐席工号，也可用 BANKBOT_AGENT 设置")]
TicketArgument = Annotated[str, typer.Argument(help="工单编号，例如 T20260101-0001")]
SPEAKERS = {"customer": "客户", "bot": "助手", "agent": "坐席", "system": "系统"}


def _desk() -> Desk:
    from bot.conversations.log import MessageLog
    from bot.handoff.desk import Desk
    from bot.handoff.queue import TicketQueue
    from bot.handoff.routes_file import load_routes
    from bot.storage import Database

    settings = load_settings()
    db = Database(settings.database_url)
    return Desk(db, TicketQueue(db, routes=load_routes(settings.routes_file)), MessageLog(db))


def _agent(given: str | None) -> str:
    agent = given or load_settings().agent
    if not agent:
        raise ConfigError("没有坐席工号：请加 --agent A001，或设置 BANKBOT_AGENT")
    return agent


@app.command("list")
def list_tickets(
    state: Annotated[
        str | None, typer.Option(help="例如 waiting、active、callback、resolved")
    ] = None,
    line: Annotated[str | None, typer.Option(help="业务条线，例如 card")] = None,
) -> None:
    """列出未办结的工单，按服务先后排序。"""
    from rich.console import Console
    from rich.table import Table

    from bot.handoff.reasons import LINES, REASONS
    from bot.handoff.ticket import STATE_NAMES
    from bot.text.clock import shanghai

    queue = _desk().queue
    found = queue.list(state, line) if state else queue.list(line=line)
    if not found:
        typer.echo("没有工单。")
        return
    table = Table("编号", "级", "原因", "条线", "状态", "坐席", "时间", box=None)
    # A number cut short cannot be claimed.
    table.columns[0].no_wrap = True
    for ticket in found:
        table.add_row(
            ticket.id,
            str(ticket.priority),
            REASONS[ticket.reason].name,
            LINES[ticket.line],
            STATE_NAMES[ticket.state],
            ticket.agent or "",
            shanghai(ticket.created_at).strftime("%m-%d %H:%M"),
        )
    Console().print(table)


@app.command()
def show(ticket: TicketArgument) -> None:
    """查看一张工单：摘要、经过和对话。"""
    from bot.handoff.reasons import LANGUAGES, LINES, REASONS, TIERS
    from bot.handoff.ticket import STATE_NAMES
    from bot.text.clock import shanghai
    from bot.text.masking import mask_text

    desk = _desk()
    found = desk.queue.get(ticket)
    urgent = "（紧急）" if found.urgent else ""
    typer.echo(
        f"{found.id}  {STATE_NAMES[found.state]}  优先级 {found.priority}{urgent}：{'，'.join(found.why)}"
    )
    group = desk.queue.routes.group(found.skill_group).name
    typer.echo(
        f"原因：{REASONS[found.reason].name}  条线：{LINES[found.line]}  技能组：{group}  "
        f"层级：{TIERS[found.tier]}  语言：{LANGUAGES[found.language]}"
    )
    typer.echo(f"客户：{found.customer_id or '未登录'}  坐席：{found.agent or '（未接入）'}")
    if found.due_at is not None:
        typer.echo(f"法定答复期限：{shanghai(found.due_at):%Y-%m-%d}")
    typer.echo(f"\n{found.summary}\n")
    for tried in found.tried:
        typer.echo(f"  助手答过：{tried}")
    for move in desk.queue.history(ticket):
        at = shanghai(move.at).strftime("%m-%d %H:%M:%S")
        typer.echo(f"  {at} {move.by} → {STATE_NAMES[move.state]} {move.note}")
    typer.echo("")
    for line in desk.transcript_of(found):
        typer.echo(f"{SPEAKERS[line.role]}：{mask_text(line.text)}")


@app.command()
def claim(ticket: TicketArgument, agent: AgentOption = None) -> None:
    """接入一张等待中的工单。"""
    claimed = _desk().claim(ticket, _agent(agent))
    typer.echo(f"已接入 {claimed.id}。\n\n{claimed.summary}")


@app.command()
def reply(
    ticket: TicketArgument,
    text: Annotated[str, typer.Argument(help="回复内容")],
    agent: AgentOption = None,
) -> None:
    """回复客户。"""
    _desk().reply(ticket, _agent(agent), text)
    typer.echo("已发送。")


@app.command()
def transfer(
    ticket: TicketArgument,
    line: Annotated[str | None, typer.Option(help="转到这个业务条线的队列")] = None,
    to: Annotated[str | None, typer.Option(help="转给这个工号的坐席")] = None,
    note: Annotated[str, typer.Option(help="给接手人的说明")] = "",
    agent: AgentOption = None,
) -> None:
    """转接给另一条线或另一位坐席。"""
    _desk().transfer(ticket, _agent(agent), line=line, agent=to, note=note)
    typer.echo("已转接。")


@app.command()
def resolve(
    ticket: TicketArgument,
    code: Annotated[str, typer.Option(help="answered、done、forwarded 或 unreachable")],
    note: Annotated[str, typer.Option(help="办结小结")] = "",
    agent: AgentOption = None,
) -> None:
    """办结，会话交还给智能助手。"""
    _desk().resolve(ticket, _agent(agent), code=code, note=note)
    typer.echo("已办结。")


@app.command()
def check() -> None:
    """检查 data/routes.yml：谁的事归谁办，有没有够不着的原因、没人的组。"""
    from bot.handoff.routes_file import inspect_routes
    from bot.text.clock import shanghai, utc_now

    found = inspect_routes(load_settings().routes_file, shanghai(utc_now()).date())
    for warning in found.warnings:
        typer.echo(f"提醒：{warning}", err=True)
    for error in found.errors:
        typer.echo(f"{error}", err=True)
    if found.routes is None:
        raise DataError(f"共 {len(found.errors)} 处需要修改")
    groups, agents = len(found.routes.groups), len(found.routes.agents)
    typer.echo(f"没有问题：{groups} 个技能组，{agents} 位坐席。")


@app.command("suggestions")
def list_suggestions(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多列出几条")] = 50,
) -> None:
    """列出客户的建议和表扬，最新的在前（已掩码）。"""
    from bot.complaints.suggestions import Suggestions
    from bot.storage import Database
    from bot.text.clock import shanghai

    found = Suggestions(Database(load_settings().database_url)).newest(limit)
    if not found:
        typer.echo("没有建议。")
    for each in found:
        who = each.customer_id or "未登录客户"
        typer.echo(f"{shanghai(each.received_at):%Y-%m-%d %H:%M}  {who}  {each.text}")
