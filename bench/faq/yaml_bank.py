"""Writing entries as a bank's files, for banks that nobody wrote by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from bot.faq.entry import DATES, Entry
from bot.faq.yaml_text import ORDER


def write_files(entries: Iterable[Entry], folder: Path) -> None:
    """One file a topic. Values are written as JSON, which is YAML's flow style."""
    folder.mkdir(parents=True, exist_ok=True)
    topics: dict[str, list[str]] = {}
    for entry in entries:
        lines = topics.setdefault(entry.topic, [f"topic: {_quoted(entry.topic)}", "entries:"])
        lines += _lines(entry)
    for number, lines in enumerate(topics.values()):
        (folder / f"{number:03d}.yml").write_text("\n".join([*lines, ""]))


def _lines(entry: Entry) -> list[str]:
    plain = entry.to_json()
    lines = []
    for name in ORDER:
        value = plain[name]
        if isinstance(value, list):
            lines.append(f"{name}:" if value else f"{name}: []")
            lines += [f"  - {_quoted(each)}" for each in value]
        else:
            lines.append(f"{name}: {value or 'null' if name in DATES else _quoted(value)}")
    return [("  - " if number == 0 else "    ") + line for number, line in enumerate(lines)]


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
