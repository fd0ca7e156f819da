"""What the commands of ``bankbot complaints`` share: who acts, times, and how a case is printed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.faq_parts import database
from bot.cli.staff_parts import ByOption as ByOption
from bot.cli.staff_parts import account_of, acting
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.complaints.clock import Deadline
    from bot.complaints.codes import CodeTable
    from bot.complaints.store import CaseStore
    from bot.staff.accounts import Account

    Kind = TypeVar("Kind", bound=CaseStore)

NumberArgument = Annotated[str, typer.Argument(help="投诉编号，例如 CT20260302-0001")]
WhyOption = Annotated[str, typer.Option("--why", help="为什么")]
TIME_FORMATS = ["%Y-%m-%d %H:%M", "%Y-%m-%d"]
ReceivedOption = Annotated[
    datetime | None,
    typer.Option(formats=TIME_FORMATS, help="收到的时间（北京时间）；不写就是现在"),
]


def cases(kind: type[Kind]) -> Kind:
    """A side of complaints over the configured database."""
    return kind(database())


def officer(by: str | None, action: str, number: str | None = None) -> str:
    """The account that acts, if it may, and need not keep out of the case that it acts on.

    Raises:
        ConfigError: nobody is named. NotFound: no such account, or case.
        Forbidden: it is disabled, none of its roles may do this, or it must keep out of the case.
    """
    from bot.complaints.options import check_clear
    from bot.complaints.store import CaseStore

    found = _checked(acting(by), action)
    if number is not None:
        check_clear(cases(CaseStore), number, found, action)
    return found


def allowed(name: str, action: str) -> str:
    """The account of that name, in its one spelling, if it may do this."""
    return _checked(account_of(name), action)


def _checked(account: Account, action: str) -> str:
    from bot.complaints.roles import check_may

    check_may(account.name, account.roles, action)
    return account.name


def spelling(name: str) -> str:
    """Somebody's name as their account has it, if they have one."""
    from bot.staff.accounts import Accounts

    return Accounts(database()).spelling(name)


def codes() -> CodeTable:
    """The configured table of codes."""
    from bot.complaints.codes import load_codes

    return load_codes(load_settings().complaint_codes)


def moment(given: datetime | None) -> datetime | None:
    """A time as typed, on Shanghai's clock, as an aware one."""
    from bot.text.clock import SHANGHAI

    return given and given.replace(tzinfo=SHANGHAI)


def term_text(term: Deadline) -> str:
    """``2026-03-17（还有 3 天）``."""
    if term.overdue:
        left = f"已超期 {-term.days_left} 天"
    elif term.paused:
        left = "计时中止"
    else:
        left = f"还有 {term.days_left} 天" if term.days_left else "今天到期"
    return f"{term.due_on}（{left}）"


def said_term(number: str, what: str, term: Deadline) -> None:
    """Print what was done and where the term stands now."""
    typer.echo(f"投诉 {number} {what}。最晚答复：{term_text(term)}")
