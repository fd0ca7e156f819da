"""``bankbot embed``: what sentence encoder the assistant understands questions by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import faq_parts as parts
from bot.errors import Invalid
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.faq.bank import Bank
    from bot.faq.encoder import Encoder
    from bot.faq.pairs import Pair

app = typer.Typer(no_args_is_help=True)

PairsOption = Annotated[
    Path, typer.Option("--pairs", help="问法对：CSV、TSV 或 JSONL，列为 text_a、text_b、label")
]
EncoderOption = Annotated[
    str | None, typer.Option("--encoder", help="编码器的文件夹或名称；不写则为正在使用的")
]
SCORES = {
    "spearman": "Spearman 相关系数",
    "auc": "AUC",
    "same": "相同问法的平均余弦",
    "different": "不同问法的平均余弦",
}
RECALL = "知识库没学过的问法，首个就对"

Figures = dict[str, float]


@app.command()
def score(pairs: PairsOption, encoder: EncoderOption = None) -> None:
    """编码器对问法对的判断与标签有多一致。"""
    from bot.faq.encoder import load_encoder
    from bot.faq.pairs import read_pairs

    name = encoder or load_settings().encoder_path
    with parts.all_reasons():
        known = read_pairs(pairs)
    _show(f"{pairs}（{len(known)} 对）", {name: _agreement(known, load_encoder(name))})


@app.command()
def adapt(
    pairs: PairsOption,
    encoder: EncoderOption = None,
    out: Annotated[
        Path | None, typer.Option(help="新编码器放在哪里；不写则为 var/encoder-adapted")
    ] = None,
    epochs: Annotated[int, typer.Option(help="把问法对学几遍", min=1)] = 4,
    seed: Annotated[int, typer.Option(help="随机数种子；种子相同，结果相同")] = 7,
) -> None:
    """用本行自己的问法对改进编码器，另存为新的；原来的不动。"""
    from bot.faq.adapt import Adaptation, adapt_encoder
    from bot.faq.encoder import load_encoder
    from bot.faq.pairs import read_pairs, split_pairs

    settings = load_settings()
    name, folder = encoder or settings.encoder_path, out or settings.var_dir / "encoder-adapted"
    if folder.resolve() == Path(settings.encoder_path).resolve():
        raise Invalid(f"{folder} 是正在使用的编码器，不能原地改：请用 --out 换一个文件夹")
    with parts.all_reasons():
        learned, held = split_pairs(read_pairs(pairs))
    bank = parts.bank()
    with _told() as tell:
        adapt_encoder(name, learned, folder, Adaptation(epochs=epochs, seed=seed), tell)
    typer.echo(f"用没有学过的 {len(held)} 对比较……")
    columns = {}
    for title, each in (("调整前", name), ("调整后", str(folder))):
        loaded = load_encoder(each)
        columns[title] = _agreement(held, loaded)
        columns[title][RECALL] = _recall(bank, loaded)
    _show(f"{name} → {folder}（学了 {len(learned)} 对）", columns)
    typer.echo(
        f"启用：设置 BANKBOT_FAQ_ENCODER={folder}，运行 bankbot faq publish，再重启助手。"
        if columns["调整后"][SCORES["spearman"]] > columns["调整前"][SCORES["spearman"]]
        else "没有变好，不建议启用：请检查标签，或增加问法对。"
    )


@contextmanager
def _told() -> Iterator[Callable[[float], None]]:
    from rich.progress import Progress

    with Progress(transient=True) as shown:
        task = shown.add_task("训练", total=1.0)
        yield lambda share: shown.update(task, completed=share)


def _agreement(pairs: Sequence[Pair], encoder: Encoder) -> Figures:
    from bot.faq.pairs import score_pairs

    found = score_pairs(pairs, encoder)
    return {title: getattr(found, name) for name, title in SCORES.items()}


def _recall(bank: Bank, encoder: Encoder) -> float:
    from bot.faq.adapt import bank_recall
    from bot.faq.surroundings import off_topic

    return bank_recall(bank, encoder, off_topic(), parts.today()).recall_at_1


def _show(title: str, columns: dict[str, Figures]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("指标", *columns, title=title)
    for name in next(iter(columns.values())):
        table.add_row(name, *(f"{figures[name]:.3f}" for figures in columns.values()))
    Console().print(table)
