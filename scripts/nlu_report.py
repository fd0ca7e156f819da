"""Judge `rasa test nlu`: a table on the terminal, a page to open, exit status 1 below the floor.

    python scripts/nlu_report.py RESULTS_DIR TESTS_DIR THRESHOLDS.yml

Reads Rasa's JSON reports and the labelled messages (a message's style is its file's name), and
writes RESULTS_DIR/index.html with every figure, the confusion matrix and every miss. Rasa's own
pictures are left out: it spends minutes on one of every FAQ entry against every other.
"""

from __future__ import annotations

import html
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bot.nlu.development import Labelled, read_labelled
from bot.nlu.routes import MONEY
from bot.text.normalise import normalise

RECALLS = ("complaint", "dispute_transaction", "request_human")
MATRIX, CONFIDENCES = "intent_confusion_matrix.png", "intent_histogram.png"
STYLE = """body{font:15px/1.6 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #ccc;padding:.2em .6em;text-align:left}
.bad{color:#b00020;font-weight:600}img{max-width:100%}"""


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def misses_of(results: Path, labelled: list[Labelled]) -> list[dict[str, Any]]:
    """Rasa's intent errors, each with the style of its message."""
    styles = {normalise(each.text): each.style for each in labelled}
    return [
        {
            "text": miss["text"],
            "style": styles[normalise(miss["text"])],
            "intent": miss["intent"].split("/")[0],
            "predicted": miss["intent_prediction"]["name"],
            "confidence": miss["intent_prediction"]["confidence"],
        }
        for miss in read(results / "intent_errors.json")
    ]


def figures(
    results: Path, labelled: list[Labelled], misses: list[dict[str, Any]]
) -> dict[str, float]:
    """Every measured figure by name."""
    intents = read(results / "intent_report.json")
    labels = {each.intent for each in labelled}
    found = {
        "intent.accuracy": 1 - len(misses) / len(labelled),
        # Over the labels of the test messages; what else was predicted lowers their precision
        # and recall already.
        "intent.macro_f1": sum(intents[name]["f1-score"] for name in labels) / len(labels),
        "response.accuracy": _accuracy(read(results / "response_selection_report.json")),
    }
    found.update({f"recall.{name}": intents[name]["recall"] for name in RECALLS})
    asked = Counter(each.style for each in labelled)
    missed = Counter(miss["style"] for miss in misses)
    found.update({f"style.{name}": 1 - missed[name] / asked[name] for name in sorted(asked)})
    harmless = sum(each.intent not in MONEY for each in labelled)
    moved = sum(m["predicted"] in MONEY and m["intent"] not in MONEY for m in misses)
    found["money.unasked"] = moved / harmless
    return found


def _accuracy(report: dict[str, Any]) -> float:
    # Rasa leaves accuracy out of a report whose labels differ; the micro average equals it.
    return float(report["accuracy"] if "accuracy" in report else report["micro avg"]["recall"])


def verdicts(
    measured: dict[str, float], floors: dict[str, float], ceilings: dict[str, float]
) -> list[tuple[str, float, str, bool]]:
    """(name, value, bound, good) of every figure; one without a bound is good."""
    rows = []
    for name, value in measured.items():
        least = floors.get("style.*" if name.startswith("style.") else name)
        least = floors.get(name, least)
        if name in ceilings:
            rows.append((name, value, f"≤ {ceilings[name]:g}", value <= ceilings[name]))
        elif least is not None:
            rows.append((name, value, f"≥ {least:g}", value >= least))
        else:
            rows.append((name, value, "", True))
    missing = (set(floors) | set(ceilings)) - set(measured) - {"style.*"}
    return rows + [(name, float("nan"), "not measured", False) for name in sorted(missing)]


def draw(results: Path) -> None:
    """The confusion matrix of the intents, and how sure right and wrong answers were."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt
    from sklearn.metrics import ConfusionMatrixDisplay

    right, wrong = (read(results / f"intent_{kind}.json") for kind in ("successes", "errors"))
    every = [*right, *wrong]
    plt.rcParams["font.size"] = 9
    figure, axes = plt.subplots(figsize=(14, 13), layout="constrained")
    ConfusionMatrixDisplay.from_predictions(
        [each["intent"].split("/")[0] for each in every],
        [str(each["intent_prediction"]["name"]) for each in every],
        xticks_rotation="vertical", cmap="Blues", ax=axes, colorbar=False,
    )  # fmt: skip
    figure.savefig(results / MATRIX, dpi=80)
    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    sure = [[each["intent_prediction"]["confidence"] for each in kind] for kind in (right, wrong)]
    axes.hist(sure, bins=20, range=(0, 1), log=True, label=["right", "wrong"])
    axes.set(xlabel="confidence", ylabel="messages")
    axes.legend()
    figure.savefig(results / CONFIDENCES, dpi=80)


def page(rows: list[tuple[str, float, str, bool]], misses: list[dict[str, Any]]) -> str:
    """The report as HTML; the pictures lie beside it."""
    body = "".join(
        f"<tr><td>{name}</td><td class='{'' if good else 'bad'}'>{value:.4f}</td><td>{bound}</td></tr>"
        for name, value, bound, good in rows
    )
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for miss in misses:
        groups[miss["intent"], str(miss["predicted"])].append(miss)
    listed = "".join(
        f"<h3>{wanted} → {got}（{len(each)}）</h3><ul>"
        + "".join(
            f"<li>{html.escape(m['text'])} <small>{m['style']} {m['confidence']:.2f}</small></li>"
            for m in each
        )
        + "</ul>"
        for (wanted, got), each in sorted(groups.items(), key=lambda item: -len(item[1]))
    )
    return f"""<!doctype html><html lang="zh"><meta charset="utf-8"><title>理解回归报告</title>
<style>{STYLE}</style><h1>理解回归报告</h1>
<table><tr><th>指标</th><th>实测</th><th>要求</th></tr>{body}</table>
<h2>混淆矩阵</h2><img src="{MATRIX}" alt="意图混淆矩阵">
<h2>置信度分布</h2><img src="{CONFIDENCES}" alt="置信度分布">
<h2>没有答对的（{len(misses)}）</h2>{listed}</html>"""


def main(results: Path, tests: Path, thresholds: Path) -> int:
    labelled = read_labelled(tests)
    misses = misses_of(results, labelled)
    bounds = yaml.safe_load(thresholds.read_text())
    rows = verdicts(
        figures(results, labelled, misses), bounds["at_least"], bounds.get("at_most") or {}
    )
    draw(results)
    (results / "index.html").write_text(page(rows, misses))
    table = Table("figure", "measured", "bound", "")
    for name, value, bound, good in rows:
        table.add_row(name, f"{value:.4f}", bound, "ok" if good else "TOO LOW")
    Console().print(table)
    failed = sum(not good for *_, good in rows)
    print(f"报告：{results}/index.html")
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*(Path(argument) for argument in sys.argv[1:4])))
