"""The evaluation as one HTML page with its plots inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from io import StringIO
from pathlib import Path

from bot.faq.evaluate import (
    Answered,
    Report,
    calibration_curve,
    summarise,
    worst_entries,
)
from bot.faq.explain import DECISION_NAMES
from bot.faq.files import replace_all
from bot.text.clock import shanghai

FIGURES: dict[str, tuple[str, str]] = {
    "questions": ("问法数", "参加评测的全部问法"),
    "recall_at_1": ("首位召回", "正确条目排第一"),
    "recall_at_3": ("前三召回", "正确条目在前三"),
    "mrr": ("MRR", "正确条目名次倒数的平均"),
    "wrong": ("答错率", "直接回答里答错的"),
    "unanswered": ("未答率", "库里有答案，却没回答也没提出"),
    "false_answers": ("误答率", "库里没有答案，却回答了"),
}
# A page with more rows than this is read by nobody.
MOST_MISSES = 300

_STYLE = """
body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:64rem;
margin:2rem auto;padding:0 1rem;color:#1d2430;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;
border-bottom:1px solid #dde2ea;vertical-align:top}th{color:#566173;font-weight:600}
.figures{display:flex;flex-wrap:wrap;gap:1rem;padding:0}.figures li{list-style:none;
border:1px solid #dde2ea;border-radius:.5rem;padding:.6rem 1rem;min-width:7rem}
.figures b{display:block;font-size:1.4rem}.figures small{color:#566173}
figure{display:inline-block;margin:1rem 1rem 0 0;width:30rem;max-width:100%}
figure svg{width:100%;height:auto}figcaption{color:#566173}
@media(prefers-color-scheme:dark){body{background:#14181f;color:#e6eaf0}
th,td,.figures li{border-color:#333c49}figure svg{background:#fff;border-radius:.5rem}}
"""


def write_report(answered: Sequence[Answered], path: Path, at: datetime, version: str) -> Report:
    """Write the page; returns the figures. ``version`` names what was asked."""
    report = summarise(answered)
    misses = [each for each in answered if each.missed]
    parts = [
        f"<h1>FAQ 检索评测</h1><p>{escape(version)}，{shanghai(at):%Y-%m-%d %H:%M}</p>",
        _figures(report),
        "<h2>图</h2>",
        _figure(
            _calibration(answered),
            "校准曲线。横轴：预测的把握；纵轴：实际答对的比例；贴近虚线为准。",
        ),
        _figure(_ranks(answered), "正确条目的名次（0：不在候选里）与问法数。"),
        _figure(_scores(answered), "首位候选的把握分布：蓝色答对，橙色答错。"),
        "<h2>最差的条目</h2>",
        _table(
            ("条目", "未答好", "共问"),
            [(key, str(missed), str(asked)) for key, missed, asked in worst_entries(answered)],
        ),
        f"<h2>没答好的问法（{len(misses)}）</h2>",
        _table(("问法", "应为", "结果", "候选"), [_miss(each) for each in misses[:MOST_MISSES]]),
    ]
    if len(misses) > MOST_MISSES:
        parts.append(f"<p>另有 {len(misses) - MOST_MISSES} 条未列出。</p>")
    page = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>FAQ 检索评测</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_all({path: page.encode()})
    return report


def shown(name: str, value: float) -> str:
    """A figure as a person reads it."""
    if name == "questions":
        return str(value)
    return f"{value:.3f}" if name == "mrr" else f"{value:.1%}"


def _figures(report: Report) -> str:
    items = [
        f"<li>{title}<b>{shown(name, getattr(report, name))}</b><small>{meaning}</small></li>"
        for name, (title, meaning) in FIGURES.items()
    ]
    return f'<ul class="figures">{"".join(items)}</ul>'


def _figure(svg: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption>{caption}</figcaption></figure>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "<p>没有。</p>"
    titles = "".join(f"<th>{title}</th>" for title in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


def _miss(each: Answered) -> tuple[str, str, str, str]:
    candidates = zip(each.ids, each.scores, strict=True)
    got = "，".join(f"{key} {score:.2f}" for key, score in candidates)
    return each.text, each.wanted or "（库里没有）", DECISION_NAMES[each.decision], got or "（无）"


# ── plots: numbers only, since matplotlib's own fonts have no Chinese; captions say the rest ──
def _plot(draw) -> str:  # type: ignore[no-untyped-def]
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 3.6))
    FigureCanvasSVG(figure)
    draw(figure.subplots())
    stream = StringIO()
    # No date inside: the same answers make the same page.
    figure.savefig(stream, format="svg", bbox_inches="tight", metadata={"Date": None})
    svg = stream.getvalue()
    return svg[svg.index("<svg") :]


def _calibration(answered: Sequence[Answered]) -> str:
    bins = calibration_curve(answered)

    def draw(axes) -> None:  # type: ignore[no-untyped-def]
        axes.plot([0, 1], [0, 1], linestyle="--", color="#9aa4b2")
        axes.plot([b.predicted for b in bins], [b.right for b in bins], marker="o")
        for each in bins:
            axes.annotate(str(each.count), (each.predicted, each.right), fontsize=7)
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, 1.05)

    return _plot(draw)


def _ranks(answered: Sequence[Answered]) -> str:
    ranks = [each.rank for each in answered if each.wanted is not None]

    def draw(axes) -> None:  # type: ignore[no-untyped-def]
        names = [0, 1, 2, 3]
        counts = [ranks.count(rank) for rank in names]
        axes.bar([str(rank) for rank in names], counts)
        for at, count in enumerate(counts):
            axes.annotate(str(count), (at, count), ha="center", va="bottom")

    return _plot(draw)


def _scores(answered: Sequence[Answered]) -> str:
    right = [each.scores[0] for each in answered if each.scores and each.rank == 1]
    wrong = [each.scores[0] for each in answered if each.scores and each.rank != 1]

    def draw(axes) -> None:  # type: ignore[no-untyped-def]
        axes.hist([right, wrong], bins=20, range=(0, 1), stacked=True)

    return _plot(draw)
