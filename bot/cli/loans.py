"""``bankbot loans``: which applications wait for their customers, and the papers handed in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import Invalid
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.banking.models import LoanApplication

app = typer.Typer(no_args_is_help=True)


@app.command()
def waiting() -> None:
    """列出等客户补材料或填完的贷款申请（来过对话的客户），供提醒。"""
    from bot.banking.adapters import load_bank
    from bot.conversations.log import MessageLog
    from bot.storage import Database
    from bot.text.clock import shanghai

    settings = load_settings()
    db = Database(settings.database_url)
    loans = load_bank(settings.bank, db, settings.secret()).loans
    found = 0
    for customer_id in MessageLog(db).customers():
        for each in loans.applications(customer_id):
            if each.status not in ("draft", "missing_materials"):
                continue
            found += 1
            touched = f"{shanghai(each.updated_at):%m-%d %H:%M}"
            typer.echo(f"{customer_id}  {each.number}  {touched}  {_lacks(each)}")
    if not found:
        typer.echo("没有等待客户的贷款申请。")


@app.command()
def file(
    customer: Annotated[str, typer.Argument(help="客户编号，例如 C1001")],
    upload: Annotated[str, typer.Argument(help="材料的文件编号，即申请材料的 reference")],
    to: Annotated[Path, typer.Argument(help="写到哪个文件；已存在则拒绝")],
) -> None:
    """取出客户上传的一份材料（解密后写入文件）。"""
    from bot.conversations.uploads import Uploads
    from bot.storage import Database

    settings = load_settings()
    uploads = Uploads(Database(settings.database_url), settings.secret())
    content = uploads.content(customer, upload)
    try:
        with to.open("xb") as out:
            to.chmod(0o600)
            out.write(content)
    except FileExistsError:
        raise Invalid(f"{to} 已存在：请换一个文件名") from None
    typer.echo(f"已写入 {to}（{len(content)} 字节）")


def _lacks(application: LoanApplication) -> str:
    missing = "、".join(each.name for each in application.missing)
    if application.status == "draft":
        return "没有提交" + (f"，还差材料：{missing}" if missing else "")
    return f"待补材料：{missing}"
