"""``bankbot adapter``: does a bank's adapter do what the ports ask?"""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.banking.conformance import Subjects
    from bot.storage import Database

app = typer.Typer(no_args_is_help=True)
MARKS = {"passed": "通过", "failed": "未通过", "skipped": "跳过"}
# What seals one-time codes in the scratch database of a verification.
SCRATCH_SECRET = b"verification only, thrown away with its database"


@app.callback()
def adapter() -> None:
    """银行适配器。"""


@app.command()
def verify(
    factory: Annotated[str, typer.Argument(help="适配器，module:factory")],
    customer: Annotated[str | None, typer.Option(help="测试客户编号")] = None,
    other: Annotated[str | None, typer.Option(help="另一位测试客户编号")] = None,
    changes: Annotated[
        bool, typer.Option(help="也检查会真实办理业务的操作；只对测试环境使用")
    ] = False,
) -> None:
    """逐条检查一个适配器是否符合要求。"""
    from rich.console import Console
    from rich.table import Table

    from bot.banking.adapters import load_bank
    from bot.banking.conformance import Bench, verify
    from bot.storage import Database
    from bot.storage.migrate import upgrade

    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'verify.db'}")
        try:
            upgrade(db)
            bank = load_bank(factory, db, SCRATCH_SECRET)
            bench = Bench(bank, _subjects(factory, db, customer, other), changes)
            table = Table("检查", "要求", "结果", "说明", title=f"适配器 {factory}")
            counts = dict.fromkeys(MARKS, 0)
            for result in verify(bench):
                counts[result.outcome] += 1
                check = result.check
                table.add_row(check.name, check.rule, MARKS[result.outcome], result.detail)
        finally:
            db.dispose()
    Console().print(table)
    typer.echo("，".join(f"{MARKS[each]} {count} 项" for each, count in counts.items()))
    if counts["failed"]:
        raise typer.Exit(1)


def _subjects(factory: str, db: Database, customer: str | None, other: str | None) -> Subjects:
    """The test customers named, or those that the adapter's module prepares by its
    ``conformance_subjects(db)``."""
    from bot.banking.conformance import Subjects

    if customer and other:
        return Subjects(customer, other)
    prepare = getattr(
        importlib.import_module(factory.partition(":")[0]), "conformance_subjects", None
    )
    if prepare is None:
        raise ConfigError(
            "请用 --customer 和 --other 给出两位测试客户，或在适配器模块里提供 conformance_subjects(db)"
        )
    subjects: Subjects = prepare(db)
    return subjects
