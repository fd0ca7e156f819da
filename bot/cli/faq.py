"""``bankbot faq``: what a maintainer does with the FAQ bank."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import faq_edit, faq_mine, faq_publish, faq_review
from bot.cli import faq_parts as parts
from bot.errors import DataError
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.faq.bank import Bank
    from bot.faq.checks import Finding
    from bot.faq.explain import Explanation

app = typer.Typer(no_args_is_help=True)

# Warnings shown before the rest is only counted.
OFTEN = 20
REPORT = Path("results/faq.html")


def _refuse_errors(findings: list[Finding]) -> None:
    from bot.faq.checks import errors_in

    errors = errors_in(findings)
    for error in errors:
        typer.echo(str(error))
    if errors:
        raise DataError(f"共 {len(errors)} 处需要修改，未发布任何内容")


@app.command()
def check(
    everything: Annotated[bool, typer.Option("--all", help="列出全部提醒")] = False,
) -> None:
    """检查 data/faq：错误会阻止发布，提醒不会。"""
    from bot.faq.checks import errors_in

    bank, findings = parts.inspected()
    encoder = parts.encoder_if_any()
    if encoder is not None and not bank.errors:
        from bot.faq.similarity import check_similarity

        findings = [*findings, *check_similarity(bank, encoder)]
    warnings = [each for each in findings if each.level == "warning"]
    if warnings:
        typer.echo(f"提醒 {len(warnings)} 条（不影响发布）：")
    for warning in warnings if everything else warnings[:OFTEN]:
        typer.echo(str(warning))
    if len(warnings) > OFTEN and not everything:
        typer.echo(f"……还有 {len(warnings) - OFTEN} 条（bankbot faq check --all）")
    if encoder is None:
        typer.echo("还没有训练编码器，未检查相近的问法。")
    if errors_in(findings):
        typer.echo("错误（阻止发布）：")
    _refuse_errors(findings)
    typer.echo(f"知识库没有错误：{_counted(bank)}。")


def _counted(bank: Bank) -> str:
    questions = sum(len(entry.questions) for entry in bank.entries)
    return f"{len(bank.entries)} 个条目，{questions} 种问法"


@app.command("train-encoder")
def train() -> None:
    """用知识库自己的问法训练句向量编码器（新增条目不需要重新训练）。"""
    from bot.faq.encoder import train_encoder

    settings = load_settings()
    if settings.faq_encoder is not None:
        typer.echo(f"使用设置的编码器 {settings.faq_encoder}，不需要训练。")
        return
    bank, findings = parts.inspected()
    _refuse_errors(findings)
    typer.echo("训练句向量编码器……")
    groups = [entry.questions for entry in bank.entries if entry.status == "approved"]
    train_encoder(groups, Path(settings.encoder_path))


@app.command("try")
def try_text(
    text: Annotated[str, typer.Argument(help="客户的问法")],
    audience: Annotated[str, typer.Option(help="public、signed_in 或 agents")] = "public",
    after: Annotated[str, typer.Option(help="客户上一句问的话，用来试追问")] = "",
) -> None:
    """看一句话会得到什么答案，以及为什么。"""
    from bot.errors import Invalid
    from bot.faq.entry import AUDIENCES
    from bot.faq.explain import explain

    if audience not in AUDIENCES:
        raise Invalid(f"--audience {audience!r} 无效（可选：{'、'.join(AUDIENCES)}）")
    folder = load_settings().faq_publications
    for found in explain(folder, parts.encoder(), text, parts.today(), audience, after):
        _tell(found)
    limits = found.thresholds
    typer.echo(f"界限：直接回答 {limits.answer:.2f}，提出选择 {limits.offer:.2f}")
    typer.echo(f"版本：{found.publication.title}（{found.publication.version}）")


def _tell(found: Explanation) -> None:
    from bot.faq.explain import DECISION_NAMES

    if found.completed:
        typer.echo(f"按上一句补全为“{found.text}”")
    typer.echo(f"{DECISION_NAMES[found.decision]}：{found.why}")
    for each in found.candidates:
        typer.echo(f"  {each.score:.2f}  {each.entry_id}  {each.question}")
        numbers = "，".join(f"{name} {value:.2f}" for name, value in each.evidence.items())
        typer.echo(f"        最近的问法“{each.wording}”{'；' if numbers else ''}{numbers}")
    if found.answer:
        typer.echo(f"\n{found.answer}\n")


@app.command()
def evaluate(
    questions: Annotated[
        Path | None, typer.Option(help="另外评测的 Rasa NLU 文件夹，例如 tests/rasa/nlu")
    ] = None,
    output: Annotated[Path, typer.Option(help="报告写到这里")] = REPORT,
) -> None:
    """用回归问法评测正在使用的版本，写出带图的报告。"""
    from bot.faq.evaluate import ask_all, expected_cases, labelled_cases
    from bot.faq.publication import about, current_folder
    from bot.faq.publish import load_version
    from bot.faq.report import FIGURES, shown, write_report
    from bot.text.clock import utc_now

    folder, day = load_settings().faq_publications, parts.today()
    version = about(folder, current_folder(folder).name)
    built = load_version(folder, version.version, parts.encoder())
    cases = expected_cases(parts.bank().entries, day)
    cases += labelled_cases(questions) if questions else []
    if not cases:
        raise DataError("没有可评测的问法：请给条目写 expected，或用 --questions 指定文件夹")
    audiences = {entry.id: entry.audience for entry in built.entries}
    answered = ask_all(built.retriever(), cases, day, audiences)
    report = write_report(answered, output, utc_now(), version.title)
    for name, (title, meaning) in FIGURES.items():
        typer.echo(f"{title}  {shown(name, getattr(report, name))}  {meaning}")
    typer.echo(f"报告：{output}")


app.add_typer(faq_review.app, name="review", help="复核：列出、通过、退回。")
app.add_typer(faq_mine.app, name="mined", help="从客户的问题里学：列出、查看、采纳、不采纳。")
COMMANDS: dict[str, Callable[..., None]] = {
    "add": faq_edit.add,
    "edit": faq_edit.edit,
    "withdraw": faq_edit.withdraw,
    "revert": faq_edit.revert,
    "import": faq_edit.import_file,
    "export": faq_edit.export_file,
    "publish": faq_publish.publish,
    "rollback": faq_publish.rollback,
    "history": faq_publish.history,
    "diff": faq_publish.diff,
    "mine": faq_mine.mine,
}
for name, command in COMMANDS.items():
    app.command(name)(command)
