"""``bankbot stub``: the simulated bank, for demonstrations and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.banking.stub.faults import Faults
    from bot.storage import Database

app = typer.Typer(no_args_is_help=True)
fault = typer.Typer(no_args_is_help=True, help="让模拟银行按需出故障。")
app.add_typer(fault, name="fault")


def _database() -> Database:
    from bot.storage import Database

    return Database(load_settings().database_url)


def _faults() -> Faults:
    from bot.banking.stub.faults import Faults

    return Faults(_database())


@app.command()
def customers() -> None:
    """列出演示客户。"""
    from bot.banking.stub import Outbox

    for customer in Outbox(_database()).list_customers():
        typer.echo(f"{customer['id']}  {customer['name']}  {customer['about']}")


@app.command()
def outbox(customer: Annotated[str, typer.Argument(help="客户编号，例如 C1001")]) -> None:
    """查看发给一位客户的验证码，最新的在前。"""
    from bot.banking.stub import Outbox
    from bot.text.clock import shanghai

    for sms in Outbox(_database()).outbox(customer):
        typer.echo(f"{shanghai(sms['at']):%m-%d %H:%M:%S}  {sms['code']}  {sms['purpose']}")


@app.command()
def reset() -> None:
    """把模拟银行恢复成刚建好的样子：余额、卡片、交易、贷款都重来；会话、工单、投诉和审计保留。"""
    from bot.banking.stub import reset_demo

    reset_demo(_database())
    typer.echo("模拟银行已恢复。")


@fault.command("set")
def set_fault(
    operation: Annotated[str, typer.Argument(help="操作，例如 accounts.list")],
    kind: Annotated[
        str,
        typer.Argument(help="latency、unavailable、timeout_before、timeout_after 或 wrong_data"),
    ],
    seconds: Annotated[int, typer.Option(help="等待的秒数")] = 1,
) -> None:
    """让一个操作出故障，直到 clear。"""
    _faults().set(operation, kind, seconds)
    typer.echo(f"已设置：{operation} {kind}")


@fault.command("clear")
def clear_faults() -> None:
    """清除全部故障。"""
    _faults().clear()
    typer.echo("已清除全部故障。")


@fault.command("list")
def list_faults() -> None:
    """列出当前的故障。"""
    from bot.banking.stub.faults import KINDS

    for operation, (kind, seconds) in _faults().list().items():
        typer.echo(f"{operation}  {kind}（{KINDS[kind]}）  {seconds} 秒")
