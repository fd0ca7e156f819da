"""Measures the published FAQ bank on the held-out questions of tests/rasa/nlu.

python -m bench.faq
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML

from bot.faq.encoder import load_encoder
from bot.faq.evaluate import evaluate
from bot.faq.publish import LiveRetriever
from bot.settings import load_settings
from bot.text.clock import shanghai, utc_now
from bot.text.normalise import normalise

FOLDER = Path(__file__).parents[1] / "tests" / "rasa" / "nlu"


def cases() -> list[tuple[str, str | None]]:
    """(text, entry id) of every held-out question, and out-of-scope texts with ``None``."""
    found: list[tuple[str, str | None]] = []
    for path in sorted(FOLDER.rglob("*.yml")):
        for block in YAML(typ="safe").load(path)["nlu"]:
            intent, _, entry = block["intent"].partition("/")
            if entry or intent == "out_of_scope":
                lines = block["examples"].splitlines()
                found += [(normalise(line[2:]), entry or None) for line in lines if line.strip()]
    return found


def main() -> None:
    settings = load_settings()
    encoder = load_encoder(settings.encoder_path)
    retriever = LiveRetriever(settings.faq_publications, encoder).current()
    today = shanghai(utc_now()).date()
    asked = cases()
    waits = []
    for text, _ in asked:
        begun = time.perf_counter()
        retriever.search(text, today)
        waits.append((time.perf_counter() - begun) * 1000)
    table = Table("figure", "value")
    for name, value in evaluate(retriever, asked, today).__dict__.items():
        table.add_row(name, str(value) if name == "questions" else f"{value:.3f}")
    table.add_row("search, median", f"{statistics.median(waits):.2f} ms")
    table.add_row("search, p95", f"{statistics.quantiles(waits, n=20)[18]:.2f} ms")
    Console().print(table)


if __name__ == "__main__":
    main()
