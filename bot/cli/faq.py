"""``bankbot faq``: what a maintainer does with the FAQ bank."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.errors import DataError
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.faq.bank import Bank

app = typer.Typer(no_args_is_help=True)

DOMAIN = Path("domain.yml")
OFF_TOPIC = Path("data/nlu/out_of_scope.yml")


def _yaml(path: Path) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe").load(path)


def _checked_bank() -> Bank:
    """The bank, if it is sound; otherwise every finding and exit status 1."""
    from bot.faq.bank import load_bank
    from bot.faq.checks import check_bank

    folder = load_settings().faq_dir
    bank = load_bank(folder)
    findings = check_bank(bank, folder, _yaml(DOMAIN)["intents"])
    for finding in findings:
        typer.echo(finding, err=True)
    if findings:
        raise DataError(f"共 {len(findings)} 处需要修改，未发布任何内容")
    return bank


def _off_topic() -> list[str]:
    """Messages that are none of a bank's business, which calibration learns to leave alone."""
    blocks = _yaml(OFF_TOPIC)["nlu"]
    lines = [line for block in blocks for line in block["examples"].splitlines()]
    return [line.lstrip("- ").strip() for line in lines if line.strip("- ")]


@app.command()
def check() -> None:
    """检查 data/faq：格式、编号、日期、引用、重复问法。"""
    bank = _checked_bank()
    questions = sum(len(entry.questions) for entry in bank.entries)
    typer.echo(f"知识库没有问题：{len(bank.entries)} 个条目，{questions} 种问法。")


@app.command("train-encoder")
def train() -> None:
    """用知识库自己的问法训练句向量编码器（新增条目不需要重新训练）。"""
    from bot.faq.encoder import train_encoder

    settings = load_settings()
    if settings.faq_encoder is not None:
        typer.echo(f"使用设置的编码器 {settings.faq_encoder}，不需要训练。")
        return
    typer.echo("训练句向量编码器……")
    bank = _checked_bank()
    groups = [entry.questions for entry in bank.entries if entry.status == "approved"]
    train_encoder(groups, Path(settings.encoder_path))


@app.command()
def publish() -> None:
    """发布知识库：检查、建立索引、校准，并立即对客户生效。"""
    from bot.faq.encoder import load_encoder
    from bot.faq.publish import publish as publish_bank

    settings = load_settings()
    bank = _checked_bank()
    encoder = load_encoder(settings.encoder_path)
    version = publish_bank(bank, settings.faq_publications, encoder, _off_topic())
    typer.echo(f"已发布版本 {version}。")


@app.command()
def search(text: Annotated[str, typer.Argument(help="客户的问法")]) -> None:
    """看一句话会得到什么答案。"""
    from bot.faq.encoder import load_encoder
    from bot.faq.publish import LiveRetriever
    from bot.text.clock import shanghai, utc_now

    settings = load_settings()
    live = LiveRetriever(settings.faq_publications, load_encoder(settings.encoder_path))
    found = live.current().search(text, shanghai(utc_now()).date())
    names = {"answer": "直接回答", "clarify": "请客户选择", "none": "没有答案"}
    typer.echo(names[found.decision])
    for candidate in found.candidates:
        typer.echo(f"  {candidate.score:.2f}  {candidate.entry.id}  {candidate.entry.question}")
    if found.decision == "answer":
        typer.echo(f"\n{found.candidates[0].entry.answer}")
