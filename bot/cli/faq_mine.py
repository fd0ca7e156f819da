"""``bankbot faq mine`` and ``mined``: what customers asked that the bank might learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import faq_edit
from bot.cli import faq_parts as parts
from bot.cli.faq_parts import ByOption, WhyOption

if TYPE_CHECKING:
    from bot.faq.bank import Bank
    from bot.faq.entry import Entry
    from bot.faq.mined import Mined, MinedQueue
    from bot.faq.retriever import Retriever

app = typer.Typer(invoke_without_command=True)

MinedArgument = Annotated[str, typer.Argument(metavar="编号", help="列表里的编号")]
# Asked one by one; everything else of a draft can wait, or has a default.
ASKED = ("topic", "id", "question", "answer", "owner", "source")
SIGNAL_NAMES = {
    "unanswered": "没有答上",
    "none_of_these": "选了“都不是”",
    "thumbs_down": "点踩",
    "picked": "选了它",
    "by_person": "人工作答",
}
CAUSE_NAMES = {
    "off_point": "没答到点子上", "unclear": "看不懂", "outdated": "过时或有误", "other": "其他"
}  # fmt: skip


def mine() -> None:
    """从会话记录里找：没答上来的问题、新问法、没用的答案。"""
    from bot.conversations.questions import read_questions

    queue = _queue()
    talks = read_questions(parts.database(), queue.mined_to())
    new = queue.refresh(talks, parts.encoder(), _in_use(), parts.bank(), parts.today())
    count = len(queue.list())
    typer.echo(f"新找到 {new} 项，共 {count} 项待处理（bankbot faq mined）。")


@app.callback()
def listed(context: typer.Context) -> None:
    """列出待处理的：编号、来由、建议；问得多的在前。"""
    if context.invoked_subcommand is None:
        show_list()


@app.command("list")
def show_list(
    state: Annotated[str, typer.Option(help="open、accepted 或 rejected")] = "open",
    kind: Annotated[str | None, typer.Option(help="cluster、answer 或 variant")] = None,
) -> None:
    """列出待处理的，或已处理过的。"""
    from bot.errors import Invalid
    from bot.faq.mined import KINDS, STATE_NAMES

    if state not in STATE_NAMES:
        raise Invalid(f"--state {state!r} 无效（可选：{'、'.join(STATE_NAMES)}）")
    if kind is not None and kind not in KINDS:
        raise Invalid(f"--kind {kind!r} 无效（可选：{'、'.join(KINDS)}）")
    found = _queue().list(state, kind)  # type: ignore[arg-type]
    if not found:
        typer.echo(f"没有{STATE_NAMES[state]}的内容。")
    for each in found:
        typer.echo(f"{each.id}  {_title(each)}（{each.signals['asked']} 个会话）")


@app.command()
def show(mined_id: MinedArgument) -> None:
    """看一项的全部：客户怎么问、发生了什么、建议怎么写。"""
    from bot.faq.mined import STATE_NAMES
    from bot.text.clock import shanghai

    found = _queue().get(mined_id)
    typer.echo(f"{_title(found)}（{STATE_NAMES[found.state]}）")
    days = f"{shanghai(found.first_at):%Y-%m-%d} 到 {shanghai(found.last_at):%Y-%m-%d}"
    typer.echo(f"{days}，{found.signals['asked']} 个会话；{_counted(found.signals, SIGNAL_NAMES)}")
    if found.causes:
        typer.echo(f"点踩的原因：{_counted(found.causes, CAUSE_NAMES)}")
    for remark in found.remarks:
        typer.echo(f"  客户补充：{remark}")
    typer.echo("客户的问法：")
    for wording in found.texts:
        typer.echo(f"  {wording.text}" + (f" ×{wording.count}" if wording.count > 1 else ""))
    if found.draft_answer:
        typer.echo(f"坐席当时的回答：\n{found.draft_answer}")


@app.command()
def accept(
    mined_id: MinedArgument,
    by: ByOption,
    why: WhyOption,
    topic: Annotated[str | None, typer.Option(help="主题")] = None,
    entry_id: Annotated[str | None, typer.Option("--id", help="新条目的编号")] = None,
    question: Annotated[str | None, typer.Option(help="标准问法")] = None,
    answer: Annotated[str | None, typer.Option(help="答案")] = None,
    owner: Annotated[str | None, typer.Option(help="负责部门")] = None,
    source: Annotated[str | None, typer.Option(help="依据")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="与别的条目相近也保存，不再问")] = False,
) -> None:
    """采纳：新问题写成草稿（没写的逐项提问），新问法加进条目，没用的答案重写。"""
    editor = parts.editor()
    bank = editor.load()
    found = _queue().undecided(mined_id)
    given = {
        "topic": topic, "id": entry_id, "question": question, "answer": answer, "owner": owner,
        "source": source,
    }  # fmt: skip
    entry = _written(found, bank, {key: value for key, value in given.items() if value})
    if found.entry_id is None and entry and not yes and not faq_edit.confirmed(entry, bank):
        typer.echo("没有保存。")
        raise typer.Exit(1)
    with parts.all_reasons():
        change = _queue().accept(editor, bank, mined_id, entry, by=by, why=why)
    saved = change.after
    state = "，是草稿" if saved and saved.status == "draft" else ""
    typer.echo(f"已写入 {change.entry_id}{state}，待另一位同事复核（bankbot faq review）。")


@app.command()
def reject(mined_id: MinedArgument, by: ByOption, why: WhyOption) -> None:
    """不采纳；又有好几个会话问到时才会再出现。"""
    _queue().reject(mined_id, by=by, why=why)
    typer.echo(f"已放到一边：{mined_id}。")


def _queue() -> MinedQueue:
    from bot.faq.mined import MinedQueue

    return MinedQueue(parts.database())


def _in_use() -> Retriever | None:
    """What answers now; ``None`` before anything was published."""
    from bot.errors import ConfigError
    from bot.faq.publish import load_publication
    from bot.settings import load_settings

    try:
        return load_publication(load_settings().faq_publications, parts.encoder())
    except ConfigError:
        return None


def _title(found: Mined) -> str:
    if found.kind == "variant":
        return f"新问法：“{found.suggestion}” → {found.entry_id}"
    if found.entry_id is not None:
        return f"没用的答案：{found.entry_id}“{found.suggestion}”"
    return f"新问题{'（坐席答过）' if found.draft_answer else ''}：“{found.suggestion}”"


def _counted(counts: Mapping[str, int], names: Mapping[str, str]) -> str:
    return "，".join(f"{name} {counts[key]}" for key, name in names.items() if counts.get(key))


def _written(found: Mined, bank: Bank, given: Mapping[str, str]) -> Entry | None:
    """The entry that is to be, asked for field by field where it was not given."""
    from bot.errors import Invalid
    from bot.faq.cells import entry_of
    from bot.faq.guide import prompts

    if found.kind == "variant":
        return None
    today = parts.today()
    asked = {prompt.field: prompt for prompt in prompts(bank, today)}
    begun = {**found.draft, **given}
    if found.draft_answer and "answer" not in given:
        typer.echo(f"坐席当时的回答（只输入“.”就用它）：\n{found.draft_answer}")
    values = {}
    for field in ASKED if found.entry_id is None else ("answer",):
        prompt = replace(asked[field], default=begun.get(field) or None)
        known = field in given
        values[field] = prompt.read(given[field]) if known else faq_edit.ask(prompt, bank)
    if found.entry_id is not None:
        return replace(bank.get(found.entry_id), reviewed_on=today, **values)
    plan = {
        "variants": begun["variants"], "effective": today, "reviewed_on": today,
        "status": "draft", "audience": "public",
    }  # fmt: skip
    try:
        return entry_of({**plan, **values})
    except Invalid as error:
        raise Invalid(f"{error}；没有保存") from None
