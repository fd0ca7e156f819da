"""``bankbot faq``: adding, changing and withdrawing entries; tables in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import faq_parts as parts
from bot.cli.faq_parts import ByOption, EntryArgument, WhyOption

if TYPE_CHECKING:
    from bot.faq.bank import Bank
    from bot.faq.entry import Entry
    from bot.faq.guide import Prompt

# How often a field is asked again before the command gives up.
MOST_TRIES = 5


def add(by: ByOption, why: WhyOption = "新增") -> None:
    """按提示新增一个条目；保存前提醒相近的条目。"""
    from bot.errors import Conflict, Invalid
    from bot.faq.cells import entry_of
    from bot.faq.guide import prompts

    editor = parts.editor()
    bank = editor.load()
    values: dict[str, Any] = {}
    for prompt in prompts(bank, parts.today()):
        values[prompt.field] = ask(prompt, bank)
        if prompt.field == "id" and bank.find(values["id"]) is not None:
            raise Conflict(f"编号 {values['id']} 已有条目（请换一个，或用 edit 修改它）")
    try:
        entry = entry_of(values)
    except Invalid as error:
        raise Invalid(f"{error}；没有保存") from None
    if not confirmed(entry, bank):
        typer.echo("没有保存。")
        raise typer.Exit(1)
    with parts.all_reasons():
        editor.add(bank, entry, by=by, why=why)
    typer.echo(f"已新增 {entry.id}，待另一位同事复核（bankbot faq review）。")


def ask(prompt: Prompt, bank: Bank) -> Any:
    """The field's value; a wrong reply is told and asked again."""
    from bot.faq.entry import FieldError
    from bot.faq.guide import check_field
    from bot.faq.surroundings import business_intents

    given: list[str] = []
    for attempt in range(MOST_TRIES):
        given += _reply(prompt)
        try:
            value = prompt.read("\n".join(given))
            check_field(prompt.field, value, bank, business_intents(), parts.today())
            return value
        except FieldError as error:
            typer.echo(f"  {error}")
            if attempt + 1 == MOST_TRIES:
                raise
            # What is only too little may be added to.
            if prompt.kind != "lines" or "至少" not in str(error):
                given = []
    raise AssertionError


def _reply(prompt: Prompt) -> list[str]:
    if prompt.kind == "line":
        choices = f"（{'、'.join(prompt.choices)}）" if prompt.choices else ""
        default = prompt.default or ""
        asks = f"{prompt.asks}{choices}"
        return [str(typer.prompt(asks, default=default, show_default=bool(default)))]
    typer.echo(f"{prompt.asks}：")
    end = "." if prompt.kind == "text" else ""
    lines: list[str] = []
    while (
        line := str(typer.prompt("", default="", show_default=False, prompt_suffix="> "))
    ) != end:
        lines.append(line)
    return lines


def confirmed(entry: Entry, bank: Bank) -> bool:
    """Whether it may be saved, though it resembles another entry."""
    from bot.faq.similarity import similar_to

    encoder = parts.encoder_if_any()
    if encoder is None:
        typer.echo("还没有训练编码器，无法比较相近的条目。")
        return True
    near = similar_to(entry, bank, encoder)
    if not near:
        return True
    typer.echo("与这些条目很像：")
    for each in near:
        typer.echo(f"  {each.cosine:.2f}  “{each.question}” ≈ {each.other_id}“{each.other}”")
    return typer.confirm("仍然保存？", default=False)


def edit(
    entry_id: EntryArgument,
    settings: Annotated[
        list[str], typer.Option("--set", help="字段=值；列表也可以 variants+=一种、variants-=一种")
    ],
    by: ByOption,
    why: WhyOption,
) -> None:
    """修改一个条目的若干字段；注释、顺序和其他条目原样保留。"""
    from bot.faq.cells import with_settings
    from bot.faq.differences import compare_entries

    editor = parts.editor()
    bank = editor.load()
    before = bank.get(entry_id)
    after = with_settings(before, settings)
    with parts.all_reasons():
        editor.edit(bank, after, by=by, why=why)
    for field in compare_entries(before, after):
        for line in field.lines():
            typer.echo(line)
    typer.echo(f"已修改 {entry_id}，待另一位同事复核（bankbot faq review）。")


def withdraw(entry_id: EntryArgument, by: ByOption, why: WhyOption) -> None:
    """撤下一个条目：复核、发布之后不再回答。"""
    editor = parts.editor()
    with parts.all_reasons():
        editor.withdraw(editor.load(), entry_id, by=by, why=why)
    typer.echo(f"已撤下 {entry_id}，待另一位同事复核（bankbot faq review）。")


def revert(entry_id: EntryArgument, by: ByOption, why: WhyOption) -> None:
    """把未通过复核的修改恢复成原样；新增的条目改为草稿。"""
    editor = parts.editor()
    bank = editor.load()
    waiting = parts.reviews().get(bank, entry_id)
    with parts.all_reasons():
        editor.revert(bank, entry_id, waiting.base, by=by, why=why)
    typer.echo(f"已恢复 {entry_id}。")


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX 文件，第一行是列名")],
    by: ByOption,
    why: WhyOption,
) -> None:
    """从表格新增或修改条目；有一行不对就什么都不导入。"""
    from bot.faq.exchange import import_table

    editor = parts.editor()
    with parts.all_reasons():
        changes = import_table(file, editor.load(), editor, by=by, why=why)
    added = sum(change.before is None for change in changes)
    typer.echo(f"已导入：新增 {added} 个条目，修改 {len(changes) - added} 个条目。")


def export_file(
    file: Annotated[Path, typer.Argument(help="写到这个 CSV 或 XLSX 文件")],
) -> None:
    """把知识库导出成表格；改完可以再导入。"""
    from bot.faq.exchange import export_entries

    count = export_entries(parts.bank().entries, file)
    typer.echo(f"已导出 {count} 个条目到 {file}。")
