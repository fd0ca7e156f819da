"""``bankbot desk look|agree|refuse|withdraw``: what colleagues ask of each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.desk_parts import AgentOption, NoteOption, TicketArgument, agent_of, open_desk
from bot.errors import Conflict

if TYPE_CHECKING:
    from bot.handoff.asks import Ask

KindOption = Annotated[
    str | None, typer.Option(help="take（接手）或 look（看一下）；只有一个请求时不用写")
]


def look(
    ticket: TicketArgument,
    note: Annotated[str, typer.Argument(help="要组长看什么，客户看不到")],
    to: Annotated[str | None, typer.Option(help="组长的工号；不写就是本组任何一位组长")] = None,
    agent: AgentOption = None,
) -> None:
    """请组长看一下手上的会话；会话还由自己负责。"""
    open_desk().ask(ticket, agent_of(agent), kind="look", to=to, note=note)
    typer.echo("已请组长看一下，等答复。")


def agree(
    ticket: TicketArgument,
    whisper: Annotated[
        bool, typer.Option("--whisper", help="看一下时只旁听，不加入；客户不会知道")
    ] = False,
    kind: KindOption = None,
    agent: AgentOption = None,
) -> None:
    """答应同事的请求：接手会话，或加入、旁听。"""
    desk, name = open_desk(), agent_of(agent)
    ask = _only(desk.asking.asked_of(name, desk.queue.get(ticket)), kind)
    desk.accept_ask(ticket, name, ask.id, "whisper" if whisper else "join")
    if ask.kind == "take":
        typer.echo(f"已接手 {ticket}，bankbot desk show {ticket} 查看之前的对话。")
    else:
        typer.echo("已旁听。" if whisper else "已加入会话。")


def refuse(
    ticket: TicketArgument,
    note: NoteOption = "",
    kind: KindOption = None,
    agent: AgentOption = None,
) -> None:
    """婉拒同事的请求，会话还由原来的坐席负责。"""
    desk, name = open_desk(), agent_of(agent)
    ask = _only(desk.asking.asked_of(name, desk.queue.get(ticket)), kind)
    desk.decline_ask(ticket, name, ask.id, note)
    typer.echo("已告诉同事。")


def withdraw(ticket: TicketArgument, kind: KindOption = None, agent: AgentOption = None) -> None:
    """撤回自己提出的请求。"""
    desk, name = open_desk(), agent_of(agent)
    mine = (ask for ask in desk.asking.book.open_of(ticket) if ask.by == name)
    desk.withdraw_ask(ticket, name, _only(mine, kind).id)
    typer.echo("已撤回。")


def _only(asks: Iterable[Ask], kind: str | None) -> Ask:
    """The one that is meant.

    Raises:
        Conflict: there is none, or more than one.
    """
    found = [ask for ask in asks if kind in (None, ask.kind)]
    if not found:
        raise Conflict("没有等待答复的请求（bankbot desk show 查看工单的经过）")
    if len(found) > 1:
        raise Conflict("有不止一个请求，请用 --kind take 或 --kind look 写明是哪一个")
    return found[0]
