"""Measures suggestions while typing at the gateway, over HTTP, and what they cost in memory.

    python -m bench.suggest [--questions N] [--calls N] [--single]

Serves a bank of N wordings made of the published ones (`--single`: of N entries with one
wording each) and types its questions as customers do, a character at a time, in characters,
pinyin and initials. A gateway process of its own, SQLite, one call after another.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.faq.entry import Entry
from bot.faq.publication import CURRENT, ENTRIES, current_folder, entries_of
from bot.faq.suggest import MOST_CHARS
from bot.settings import load_settings
from bot.storage import Database
from bot.storage.migrate import upgrade
from bot.text.sound import letters
from tests.assistant import free_port

SERVER = """
import sys
from pathlib import Path
from bot.gateway.app import create_app, serve
from bot.gateway.parts import GatewayConfig
from bot.storage import Database
port, database, folder = sys.argv[1:]
config = GatewayConfig(secret=b"x" * 32, customer_key="x" * 32, suggestions_per_minute=10**9,
                       faq_publications=Path(folder))
serve(create_app(config, Database(database)), port=int(port))
"""


def published() -> list[Entry]:
    folder = load_settings().faq_publications
    return entries_of(folder, current_folder(folder).name)


def made_of(entries: list[Entry], count: int, single: bool) -> list[Entry]:
    """A bank of ``count`` wordings; what goes beyond the published ones is varied by numbers."""
    made: list[Entry] = []
    wordings = 0
    for round_ in range(count):
        for entry in entries:
            if wordings >= count:
                return made
            variants = () if single else entry.variants[: count - wordings - 1]
            tail = f"（第 {round_ + 1} 类）" if round_ else ""
            made.append(
                replace(
                    entry,
                    id=f"{entry.id}_{round_}",
                    question=entry.question + tail,
                    variants=tuple(variant + tail for variant in variants),
                    effective=date(2020, 1, 1),
                    expires=None,
                    audience="public",
                )
            )
            wordings += 1 + len(variants)
    return made


def typed(entries: list[Entry], count: int, dice: random.Random) -> list[str]:
    """What stands in the field from one keystroke to the next."""
    found: list[str] = []
    while len(found) < count:
        question = dice.choice(dice.choice(entries).questions)
        spellings = (question, letters(question), "".join(letters(each)[:1] for each in question))
        whole = dice.choices(spellings, (6, 3, 1))[0][:40]
        found += [whole[:end] for end in range(2, len(whole) + 1)]
    return dice.sample(found, count)


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    database = f"sqlite:///{folder.parent}/bankbot.db"
    upgrade(Database(database))
    command = [sys.executable, "-c", SERVER, str(port), database, str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    answers(server, port)
    return server


def answers(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the gateway does."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("the gateway did not start")


def publish(entries: list[Entry], folder: Path) -> None:
    (folder / "1").mkdir(parents=True)
    (folder / "1" / ENTRIES).write_text(json.dumps([entry.to_json() for entry in entries]))
    (folder / CURRENT).write_text("1")


def main(questions: int, calls: int, single: bool) -> None:
    entries = made_of(published(), questions, single)
    texts = typed(entries, calls, random.Random(7))
    table = Table("figure", "value")
    with tempfile.TemporaryDirectory() as home:
        folder, port = Path(home, "faq"), free_port()
        folder.mkdir()
        server = serve(folder, port)
        try:
            before = resident_mb(server.pid)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
                publish(entries, folder)
                begun = time.perf_counter()
                while not ask(http, entries[0].question[:MOST_CHARS]):
                    time.sleep(0.02)
                renewed = time.perf_counter() - begun
                waits, filled = measure(http, texts)
            table.add_row("entries / wordings", f"{len(entries)} / {questions}")
            table.add_row("calls, of them with suggestions", f"{calls}, {filled / calls:.0%}")
            table.add_row("median", f"{statistics.median(waits):.1f} ms")
            table.add_row("p95", f"{statistics.quantiles(waits, n=20)[18]:.1f} ms")
            table.add_row("slowest", f"{max(waits):.1f} ms")
            table.add_row("from publishing to the first suggestion", f"{renewed:.2f} s")
            memory = f"{before:.0f} → {resident_mb(server.pid):.0f} MB"
            table.add_row("memory without → with the bank", memory)
        finally:
            server.terminate()
            server.wait()
    Console().print(table)


def ask(http: httpx.Client, text: str) -> list[object]:
    answer = http.get("/api/faq/suggest", params={"q": text})
    found: list[object] = answer.raise_for_status().json()["questions"]
    return found


def measure(http: httpx.Client, texts: list[str]) -> tuple[list[float], int]:
    waits, filled = [], 0
    for text in track(texts, "typing"):
        begun = time.perf_counter()
        filled += bool(ask(http, text))
        waits.append((time.perf_counter() - begun) * 1000)
    return waits, filled


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--questions", type=int, default=7_000)
    arguments.add_argument("--calls", type=int, default=2_000)
    arguments.add_argument("--single", action="store_true")
    main(**vars(arguments.parse_args()))
