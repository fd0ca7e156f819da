"""Compares NLU pipelines on the regression set: what each gets right and what it costs.

    python -m bench.nlu.compare [NAME ...] [--epochs N] [--share S]

Each pipeline is trained by `rasa train nlu` and asked in a process of its own, pinned to one core.
``--epochs`` overrides DIET's hundred and ``--share`` trains every pipeline on that part of the
examples: with all of both DIET trains for hours on two cores. The table's title says what was used.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections import defaultdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML
from sklearn.metrics import f1_score

from bot.faq.bank import load_bank
from bot.nlu.development import Labelled, read_labelled

HERE = Path(__file__).parent
TESTS = Path("tests/rasa/nlu")
OURS = "ours"
CONFIGS = {**{path.stem: path for path in sorted(HERE.glob("*.yml"))}, OURS: Path("config.yml")}
WARM_UP = 20


def ask(model: str) -> None:
    """In a process of its own: parse the regression set and print figures as JSON."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    from bot.nlu.pipeline import Pipeline

    begun = time.monotonic()
    pipeline = Pipeline.load(Path(model))
    started = time.monotonic() - begun
    labelled = read_labelled(TESTS)
    for each in labelled[:WARM_UP]:
        pipeline.parse(each.text)
    predicted, waits = [], []
    for each in labelled:
        begun = time.perf_counter()
        predicted.append(pipeline.parse(each.text)["intent"]["name"])
        waits.append((time.perf_counter() - begun) * 1000)
    status = Path("/proc/self/status").read_text()
    print(
        json.dumps(
            {
                "predicted": predicted,
                "p50": statistics.median(waits),
                "p95": statistics.quantiles(waits, n=20)[18],
                "start": started,
                "memory": int(status.split("VmRSS:")[1].split()[0]) / 1024,
            }
        )
    )


def examples(share: float) -> dict[str, list[str]]:
    """A fixed part of all training examples by intent, the FAQ bank's wordings among them."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in read_labelled(Path("data/nlu")):
        found[each.intent].append(each.text)
    for entry in load_bank(Path("data/faq")).entries:
        found["faq"] += entry.questions
    return {
        intent: [text for text in texts if zlib.crc32(text.encode()) % 1000 < share * 1000]
        for intent, texts in found.items()
    }


def train(config: Path, folder: Path, epochs: int | None, share: float) -> tuple[Path, float]:
    """Model and seconds; nothing is taken from Rasa's cache."""
    plain = YAML(typ="safe").load(config)
    plain["importers"] = [{"name": "RasaFileImporter"}]
    blocks = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in examples(share).items()
    ]
    with (folder / "nlu.yml").open("w") as file:
        YAML(typ="safe").dump({"version": "3.1", "nlu": blocks}, file)
    for component in plain["pipeline"]:
        if epochs and "epochs" in component:
            component["epochs"] = epochs
    written = folder / "config.yml"
    with written.open("w") as file:
        YAML(typ="safe").dump(plain, file)
    begun = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "rasa", "train", "nlu", "--config", str(written)]
        + ["--nlu", str(folder / "nlu.yml"), "--domain", "domain.yml", "--out", str(folder)]
        + ["--fixed-model-name", "model"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "RASA_MAX_CACHE_SIZE": "0"},
    )
    return folder / "model.tar.gz", time.monotonic() - begun


def measure(name: str, epochs: int | None, share: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        model, seconds = train(CONFIGS[name], Path(scratch), epochs, share)
        asked = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "bench.nlu.compare", "--ask", str(model)],
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # As `bankbot rasa` is started.
            env={**os.environ, "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"},
        )
    return {"train": seconds, **json.loads(asked.stdout.splitlines()[-1])}


def by_style(labelled: list[Labelled], predicted: list[str]) -> dict[str, float]:
    right: dict[str, list[bool]] = defaultdict(list)
    for each, name in zip(labelled, predicted, strict=True):
        right[each.style].append(each.intent == name)
    return {style: sum(hits) / len(hits) for style, hits in sorted(right.items())}


def main(names: list[str], epochs: int | None, share: float) -> None:
    labelled = read_labelled(TESTS)
    wanted = [each.intent for each in labelled]
    labels = sorted(set(wanted))
    count = sum(map(len, examples(share).values()))
    title = f"{len(labelled)} messages; {count} examples, DIET {epochs or 100} epochs"
    table = Table("figure", *names, title=title)
    columns: dict[str, dict[str, str]] = {}
    for name in names:
        found = measure(name, epochs, share)
        macro = f1_score(wanted, found["predicted"], labels=labels, average="macro")
        styles = by_style(labelled, found["predicted"])
        columns[name] = {
            "macro-F1": f"{macro:.4f}",
            **{f"accuracy {style}": f"{value:.3f}" for style, value in styles.items()},
            "parse p50, ms": f"{found['p50']:.1f}",
            "parse p95, ms": f"{found['p95']:.1f}",
            "training, s": f"{found['train']:.0f}",
            "start, s": f"{found['start']:.1f}",
            "memory, MB": f"{found['memory']:.0f}",
        }
        print(name, columns[name], file=sys.stderr, flush=True)
    for figure in columns[names[0]]:
        table.add_row(figure, *(columns[name][figure] for name in names))
    Console(width=160).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=list(CONFIGS))
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        ask(given.ask)
    else:
        main(given.names, given.epochs, given.share)
