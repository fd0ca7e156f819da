"""``bankbot staff``: who may sign in at the staff pages."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.staff.accounts import Accounts

app = typer.Typer(no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="账号名，例如工号")]
RolesArgument = Annotated[
    list[str],
    typer.Argument(
        help="author 作者、reviewer 复核人、publisher 发布人、agent 坐席、lead 组长、"
        "supervisor 主管、complaint_handler 投诉处理人、complaint_lead 投诉负责人、"
        "complaint_reviewer 投诉上级核查人，可以写几个"
    ),
]
PasswordOption = Annotated[
    str,
    typer.Option(help="至少 12 个字符；不写则提示输入", prompt="密码", hide_input=True, confirmation_prompt="再输入一次"),
]  # fmt: skip


def _accounts() -> Accounts:
    from bot.cli.faq_parts import database
    from bot.staff.accounts import Accounts

    return Accounts(database())


def _by() -> str:
    """Who is at the keyboard, as the machine knows them."""
    return f"cli:{getpass.getuser()}"[:64]


@app.command()
def add(
    name: NameArgument,
    roles: RolesArgument,
    password: PasswordOption,
    display: Annotated[str, typer.Option(help="显示的姓名；不写则用账号名")] = "",
) -> None:
    """新增一个账号。"""
    made = _accounts().add(name, display, roles, password, by=_by())
    typer.echo(f"已新增 {made.name}：{'、'.join(made.roles)}。")


@app.command("list")
def list_accounts() -> None:
    """列出账号、角色和最近一次登录。"""
    from rich.console import Console
    from rich.table import Table

    from bot.cli.faq_parts import database
    from bot.staff.accounts import Accounts
    from bot.staff.events import StaffEvents
    from bot.text.clock import shanghai

    accounts, events = Accounts(database()), StaffEvents(database())
    found = accounts.list()
    if not found:
        typer.echo("还没有账号（bankbot staff add 新增）。")
        return
    table = Table("账号", "姓名", "角色", "状态", "最近登录", box=None)
    for account in found:
        state = "已停用" if account.disabled else "演示" if account.demo else ""
        last = events.last_sign_in(account.key)
        at = shanghai(last).strftime("%Y-%m-%d %H:%M") if last else ""
        table.add_row(account.name, account.display, "、".join(account.roles), state, at)
    Console().print(table)


@app.command()
def roles(name: NameArgument, roles: RolesArgument) -> None:
    """改成这些角色，立即生效。"""
    _accounts().set_roles(name, roles, by=_by())
    typer.echo(f"{name} 现在是：{'、'.join(_accounts().get(name).roles)}。")


@app.command()
def password(name: NameArgument, password: PasswordOption) -> None:
    """设置新密码；此人的登录全部失效，锁定也解除。"""
    _accounts().set_password(name, password, by=_by())
    typer.echo(f"已为 {name} 设置新密码。")


@app.command()
def disable(name: NameArgument) -> None:
    """停用账号，此人的登录立即失效。"""
    _accounts().disable(name, by=_by())
    typer.echo(f"已停用 {name}。")


@app.command()
def enable(name: NameArgument) -> None:
    """重新启用账号；因密码错误被锁定的也用它解锁。"""
    _accounts().enable(name, by=_by())
    typer.echo(f"已启用 {name}。")


@app.command()
def log(
    name: Annotated[str | None, typer.Option(help="只看一个账号")] = None,
    limit: Annotated[int, typer.Option(help="最多几条", min=1)] = 50,
) -> None:
    """登录和账号变动的记录，新的在前；打错的账号名只显示代码。"""
    from bot.cli.faq_parts import database
    from bot.staff.events import KIND_NAMES, StaffEvents
    from bot.text.clock import shanghai

    who = _accounts().get(name).key if name else None
    for event in StaffEvents(database()).list(who, limit):
        at = shanghai(event.at).strftime("%Y-%m-%d %H:%M:%S")
        notes = [event.detail, event.address, event.by]
        note = "  ".join(each for each in notes if each)
        typer.echo(f"{at}  {event.who}  {KIND_NAMES[event.kind]}  {note}".rstrip())
