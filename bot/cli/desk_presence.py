"""``bankbot desk ready|away|off``: being there, without the page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.desk_parts import AgentOption, agent_of, open_desk
from bot.errors import Conflict

if TYPE_CHECKING:
    from bot.handoff.desk import Desk

# Well within `agent_timeout`, after which who is silent has vanished.
BEAT_SECONDS = 10.0


def ready(
    agent: AgentOption = None,
    once: Annotated[
        bool, typer.Option("--once", help="只报到一次就返回，供脚本定时调用；约 45 秒后算失联")
    ] = False,
) -> None:
    """上线等派单；保持运行，每 10 秒报一次心跳，Ctrl-C 离线。"""
    desk, name = open_desk(), agent_of(agent)
    desk.be(name, "ready")
    if once:
        typer.echo(f"坐席 {name} 已在线。")
        return
    typer.echo(f"坐席 {name} 已在线，有派单会显示在这里；Ctrl-C 离线。")
    try:
        report_in(desk, name, time.sleep)
        typer.echo("系统已把您改为离线。")
    except KeyboardInterrupt:
        leave(desk, name)


def away(agent: AgentOption = None) -> None:
    """小休：不再派单，手上的会话照常。"""
    open_desk().be(agent_of(agent), "away")
    typer.echo("已小休。")


def off(agent: AgentOption = None) -> None:
    """离线；手上还有会话时不能离线。"""
    open_desk().be(agent_of(agent), "off")
    typer.echo("已离线。")


def report_in(desk: Desk, agent: str, sleep: Callable[[float], None]) -> None:
    """Report in and tell what is offered and asked, until the agent is off or interrupts."""
    told: set[str] = set()
    while desk.floor.beat(agent) != "off":
        calls = list(_calls(desk, agent))
        for call in calls:
            if call not in told:
                typer.echo(call)
        told = set(calls)
        sleep(BEAT_SECONDS)


def _calls(desk: Desk, agent: str) -> Iterator[str]:
    for ticket in desk.queue.held(agent):
        if ticket.state == "offered":
            reason = ticket.summary.splitlines()[0]
            yield f"派单 {ticket.id}  {reason}  （bankbot desk accept {ticket.id}）"
    for ask in desk.asking.asked_of(agent):
        yield (
            f"{ask.by} {ask.asked_for} {ask.ticket_id}  {ask.note}  "
            f"（bankbot desk agree {ask.ticket_id}，或 refuse）"
        )


def leave(desk: Desk, agent: str) -> None:
    """Go; who still has conversations is told what becomes of them."""
    try:
        desk.be(agent, "off")
        typer.echo(f"坐席 {agent} 已离线。")
    except Conflict:
        desk.be(agent, "away")
        seconds = desk.queue.routes.policy.agent_timeout.total_seconds()
        typer.echo(
            f"坐席 {agent} 手上还有会话，已改为小休：{seconds:.0f} 秒内没有重新运行 "
            "bankbot desk ready，会话就回到队列。"
        )
