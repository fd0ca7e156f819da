"""``bankbot desk``: the human queue from a terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli import desk_asks, desk_presence, desk_service
from bot.cli.desk_parts import AgentOption, NoteOption, TicketArgument, agent_of, open_desk
from bot.errors import DataError
from bot.settings import load_settings

app = typer.Typer(no_args_is_help=True)
for command in (desk_presence.ready, desk_presence.away, desk_presence.off):
    app.command()(command)
app.command()(desk_asks.look)
app.command()(desk_asks.agree)
app.command()(desk_asks.refuse)
app.command()(desk_asks.withdraw)
app.command()(desk_service.announce)
app.command()(desk_service.surveys)

SPEAKERS = {"customer": "客户", "bot": "助手", "agent": "坐席", "system": "系统"}


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

    queue = open_desk().queue
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

    desk = open_desk()
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
    for note in desk.aside.notes(ticket):
        typer.echo(f"  备注 {shanghai(note.at):%m-%d %H:%M:%S} {note.by}：{note.text}")
    typer.echo("")
    for line in desk.transcript_of(found):
        typer.echo(f"{SPEAKERS[line.role]}：{mask_text(line.text)}")


@app.command()
def claim(ticket: TicketArgument, agent: AgentOption = None) -> None:
    """接入一张等待中的工单。"""
    claimed = open_desk().claim(ticket, agent_of(agent))
    typer.echo(f"已接入 {claimed.id}。\n\n{claimed.summary}")


@app.command()
def accept(ticket: TicketArgument, agent: AgentOption = None) -> None:
    """应答派给自己的工单。"""
    taken = open_desk().accept(ticket, agent_of(agent))
    typer.echo(f"已接入 {taken.id}。\n\n{taken.summary}")


@app.command()
def decline(ticket: TicketArgument, note: NoteOption = "", agent: AgentOption = None) -> None:
    """拒接派给自己的工单，一段时间内不再派给自己。"""
    open_desk().decline(ticket, agent_of(agent), note)
    typer.echo("已拒接，会派给其他同事。")


@app.command()
def hold(ticket: TicketArgument, note: NoteOption = "", agent: AgentOption = None) -> None:
    """挂起会话，先去核实；客户会知道。"""
    open_desk().hold(ticket, agent_of(agent), note)
    typer.echo("已挂起。")


@app.command()
def resume(ticket: TicketArgument, agent: AgentOption = None) -> None:
    """继续挂起的会话。"""
    open_desk().resume(ticket, agent_of(agent))
    typer.echo("已继续。")


@app.command()
def end(ticket: TicketArgument, agent: AgentOption = None) -> None:
    """结束会话，交还给智能助手；之后还要办结（resolve）。"""
    open_desk().end(ticket, agent_of(agent))
    typer.echo("会话已结束，请写小结并办结。")


@app.command()
def note(
    ticket: TicketArgument,
    text: Annotated[str, typer.Argument(help="备注内容，只有同事看得到")],
    agent: AgentOption = None,
) -> None:
    """给同事留一条内部备注。"""
    open_desk().note(ticket, agent_of(agent), text)
    typer.echo("已记下。")


@app.command()
def reply(
    ticket: TicketArgument,
    text: Annotated[str, typer.Argument(help="回复内容")],
    agent: AgentOption = None,
) -> None:
    """回复客户。"""
    open_desk().reply(ticket, agent_of(agent), text)
    typer.echo("已发送。")


@app.command()
def transfer(
    ticket: TicketArgument,
    line: Annotated[str | None, typer.Option(help="转到这个业务条线的队列")] = None,
    group: Annotated[str | None, typer.Option(help="转到这个技能组的队列")] = None,
    tier: Annotated[int | None, typer.Option(help="转给本组的更高层级：2 组长、3 主管")] = None,
    to: Annotated[str | None, typer.Option(help="请这个工号的坐席接手")] = None,
    note: NoteOption = "",
    agent: AgentOption = None,
) -> None:
    """转接给另一条线、另一个组、更高的层级；转给一位坐席要等他接手。"""
    open_desk().transfer(
        ticket, agent_of(agent), line=line, group=group, tier=tier, agent=to, note=note
    )
    typer.echo(f"已请 {to} 接手，等答复；这之前会话还由您负责。" if to else "已转接。")


@app.command()
def resolve(
    ticket: TicketArgument,
    code: Annotated[str, typer.Option(help="answered、done、forwarded 或 unreachable")],
    note: Annotated[str, typer.Option(help="办结小结")] = "",
    agent: AgentOption = None,
) -> None:
    """办结，会话交还给智能助手。"""
    open_desk().resolve(ticket, agent_of(agent), code=code, note=note)
    typer.echo("已办结。")


@app.command()
def check() -> None:
    """检查 data/routes.yml（谁的事归谁办）和 data/replies.yml（常用回复）。"""
    from bot.handoff.replies import inspect_replies
    from bot.handoff.routes_file import inspect_routes
    from bot.text.clock import shanghai, utc_now

    settings = load_settings()
    found = inspect_routes(settings.routes_file, shanghai(utc_now()).date())
    said = inspect_replies(settings.replies_file)
    for warning in found.warnings:
        typer.echo(f"提醒：{warning}", err=True)
    errors = (*found.errors, *said.errors)
    for error in errors:
        typer.echo(f"{error}", err=True)
    if found.routes is None or errors:
        raise DataError(f"共 {len(errors)} 处需要修改")
    groups, agents = len(found.routes.groups), len(found.routes.agents)
    typer.echo(f"没有问题：{groups} 个技能组，{agents} 位坐席，{len(said.replies)} 条常用回复。")


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
