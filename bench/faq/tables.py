"""Figures as a table on the screen, or as Markdown for a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table


def show(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], markdown: bool) -> None:
    """Print one table; ``heads`` and every row are as long as each other."""
    if markdown:
        lines = [heads, ["---"] * len(heads), *rows]
        print(f"{title}\n", *(f"| {' | '.join(line)} |" for line in lines), sep="\n")
        return
    table = Table(*heads, title=title)
    for row in rows:
        table.add_row(*row)
    Console(width=160).print(table)
