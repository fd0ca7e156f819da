"""What the commands of ``bankbot desk`` share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import ConfigError, Forbidden
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.handoff.leading import LeadDesk

AgentOption = Annotated[str | None, typer.Option(help="坐席工号，也可用 BANKBOT_AGENT 设置")]
TicketArgument = Annotated[str, typer.Argument(help="工单编号，例如 T20260101-0001")]
NoteOption = Annotated[str, typer.Option(help="说明，同事会看到，客户看不到")]


def open_desk() -> LeadDesk:
    """The built-in desk over the configured database."""
    from bot.conversations.log import MessageLog
    from bot.handoff.leading import LeadDesk
    from bot.handoff.queue import TicketQueue
    from bot.handoff.routes_file import load_routes
    from bot.storage import Database

    settings = load_settings()
    db = Database(settings.database_url)
    return LeadDesk(db, TicketQueue(db, routes=load_routes(settings.routes_file)), MessageLog(db))


def supervisor_of(by: str | None) -> str:
    """The supervisor that acts.

    Raises:
        ConfigError: nobody is named.
        NotFound: no such account.
        Forbidden: it is disabled, or no supervisor's.
    """
    from bot.cli.staff_parts import acting

    account = acting(by)
    if "supervisor" not in account.roles:
        raise Forbidden(f"账号 {account.name} 没有“主管”角色（bankbot staff roles 修改）")
    return account.name


def agent_of(given: str | None) -> str:
    """Whoever the command acts as.

    Raises:
        ConfigError: nobody is named.
    """
    agent = given or load_settings().agent
    if not agent:
        raise ConfigError("没有坐席工号：请加 --agent A001，或设置 BANKBOT_AGENT")
    return agent
