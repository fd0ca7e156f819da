"""Measures retrieval and publishing on made banks of growing size.

    python -m bench.faq.scale [--sizes N ...] [--processor] [--markdown]

Every size runs in a process of its own: a bank is made of the real one's words
(:mod:`bench.faq.synthetic`), published, and served by a second process on one core. Then an entry
is edited and published beside it (the gate's objections overruled, for the figure is time), and at
last once more by the command ``bankbot faq publish`` from files. On a machine that others use,
``--processor`` counts processor time instead, but for the take-up, which others always delay.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.faq.command import publish_by_command
from bench.faq.live import Marked, Running
from bench.faq.measure import apart, timed
from bench.faq.synthetic import Maker
from bench.faq.tables import show
from bench.faq.yaml_bank import write_files
from bot.faq.bank import load_bank
from bot.faq.encoder import load_encoder
from bot.faq.publication import current_folder
from bot.faq.publish import build
from bot.faq.release import Releases
from bot.faq.surroundings import off_topic
from bot.settings import load_settings
from bot.storage import Database
from bot.storage.migrate import upgrade

SIZES = (3_000, 20_000, 100_000)
# Reading larger banks from files takes minutes and is nobody's daily work.
MOST_BY_COMMAND = 20_000
# Edits that are published one after the other; the quickest counts, as of the searches.
EDITS = 5
# Questions asked, evenly spread over the bank.
ASKED = 400


@dataclass(frozen=True)
class Figure:
    """A row: its key in a measurement, its title, how it is written, and what is aimed at."""

    key: str
    title: str
    form: str = ".1f"
    target: str = ""


FIGURES = (
    Figure("questions", "questions", ",d"),
    Figure("entries", "entries", ",d"),
    Figure("build", "build from nothing, s"),
    Figure("publish", "publish after one edit, s", ".2f", "20,000: ≤ 2"),
    Figure("command", "the same by `bankbot faq publish`, s"),
    Figure("disk", "publication on disk, MB", ".0f"),
    Figure("start", "reading it at start, s", ".2f"),
    Figure("memory", "memory of it, MB", ".0f"),
    Figure("p50", "search p50, ms", ".2f", "3,000: ≤ 2; 100,000: ≤ 4"),
    Figure("p95", "search p95, ms", ".2f"),
    Figure("longest", "longest search, ms", ".1f"),
    Figure("take_up", "new version answers after, s", ".2f", "20,000: ≤ 2"),
    Figure("longest_meanwhile", "longest search meanwhile, ms", ".1f"),
    Figure("peak", "greatest memory of that process, MB", ".0f"),
    Figure("recall_at_1", "recall@1 of unseen made questions", ".3f"),
)


def measure(size: int, scratch: Path, processor: bool) -> dict[str, Any]:
    """All figures of one size; takes ``scratch`` for everything written."""
    encoder = load_settings().encoder_path
    made = Maker(load_bank(load_settings().faq_dir).entries).make(size)
    foreign, marked, releases = off_topic(), Marked(), _releases(scratch, encoder)
    found: dict[str, Any] = {
        "questions": sum(len(entry.questions) for entry in made.entries),
        "entries": len(made.entries),
        "build": timed(lambda: build(made.bank(), load_encoder(encoder), foreign), processor),
    }
    releases.publish(made.bank(), [], foreign)
    version = current_folder(scratch / "faq")
    found["disk"] = sum(each.stat().st_size for each in version.iterdir()) / 2**20
    asked = made.unseen[:: max(1, len(made.unseen) // ASKED)]
    running = Running(scratch / "faq", encoder, asked, marked, processor)
    found |= asdict(running.quiet)
    edited = made.bank(marked.edit(made.entries[len(made.entries) // 2]))
    releases.publish(edited, [], foreign, override="measured")
    found |= asdict(running.take_up())
    found["publish"] = min(
        timed(partial(releases.publish, bank, [], foreign, override="measured"), processor)
        for bank in (made.bank(marked.edit(entry)) for entry in made.entries[:EDITS])
    )
    if size <= MOST_BY_COMMAND:
        again = replace(made.entries[0], answer=marked.answer)
        write_files([again, *edited.entries[1:]], scratch / "bank")
        found["command"] = timed(
            lambda: publish_by_command(scratch, scratch / "bank", encoder), processor
        )
    return found


def _releases(scratch: Path, encoder: str) -> Releases:
    db = Database(f"sqlite:///{scratch}/bankbot.db")
    upgrade(db)
    (scratch / "faq").mkdir()
    loaded = load_encoder(encoder)
    return Releases(scratch / "faq", db, lambda: loaded)


def main(sizes: list[int], processor: bool, markdown: bool) -> None:
    columns = []
    for size in sizes:
        options = ["--processor"] * processor
        columns.append(apart("bench.faq.scale", "--ask", str(size), *options))
        print(columns[-1], file=sys.stderr, flush=True)
    rows = [
        [
            figure.title,
            *(format(c[figure.key], figure.form) if figure.key in c else "–" for c in columns),
            figure.target,
        ]
        for figure in FIGURES
    ]
    title = f"made banks, {'processor' if processor else 'wall'} time"
    show(title, ["figure", *(f"{size:,}" for size in sizes), "aimed at"], rows, markdown)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--processor", action="store_true", help="count the processor's time")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--ask", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        with tempfile.TemporaryDirectory() as scratch:
            print(json.dumps(measure(given.ask, Path(scratch), given.processor)))
    else:
        main(given.sizes, given.processor, given.markdown)
