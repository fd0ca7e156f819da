"""Who of the staff a command acts as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.faq_parts import database
from bot.errors import ConfigError
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.staff.accounts import Account

ByOption = Annotated[
    str | None, typer.Option("--by", help="您的员工账号，也可用 BANKBOT_AGENT 设置")
]


def acting(by: str | None) -> Account:
    """The account of who is named, or set.

    Raises:
        ConfigError: nobody is.
        NotFound: no such account.
        Forbidden: it is disabled.
    """
    name = by or load_settings().agent
    if not name:
        raise ConfigError("没有员工账号：请加 --by A001，或设置 BANKBOT_AGENT")
    return account_of(name)


def account_of(name: str) -> Account:
    """The account of that name; raises as :func:`acting`."""
    from bot.staff.accounts import Accounts

    return Accounts(database()).usable(name, demo=load_settings().demo)
