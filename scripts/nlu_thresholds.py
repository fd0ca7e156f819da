"""Fail when `rasa test nlu` fell below the thresholds.

    python scripts/nlu_thresholds.py RESULTS_DIR THRESHOLDS.yml

Reads Rasa's JSON reports, prints a table and exits 1 when a figure is too low or missing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table


def figures(results: Path) -> dict[str, float]:
    """The measured figures by name: overall ones and the recall of single intents."""
    found: dict[str, float] = {}
    for kind in ("intent", "response_selection"):
        report: dict[str, Any] = json.loads((results / f"{kind}_report.json").read_text())
        found[f"{kind}.accuracy"] = accuracy(report)
        found[f"{kind}.macro_f1"] = report["macro avg"]["f1-score"]
        for label, row in report.items():
            if isinstance(row, dict) and "recall" in row and kind == "intent":
                found[f"recall.{label}"] = row["recall"]
    return found


def accuracy(report: dict[str, Any]) -> float:
    """Rasa leaves accuracy out of a report whose labels differ; the micro average equals it."""
    if "accuracy" in report:
        return float(report["accuracy"])
    return float(report["micro avg"]["recall"])


def main(results: Path, thresholds: Path) -> int:
    measured = figures(results)
    wanted: dict[str, float] = yaml.safe_load(thresholds.read_text())
    table = Table("figure", "measured", "at least", "")
    failed = 0
    for name, least in wanted.items():
        value = measured.get(name)
        good = value is not None and value >= least
        failed += not good
        shown = "missing" if value is None else f"{value:.4f}"
        table.add_row(name, shown, f"{least:.2f}", "ok" if good else "TOO LOW")
    Console().print(table)
    print(f"{len(wanted) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
