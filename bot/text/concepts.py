"""Words that mean the same to a bank, however a customer puts them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from bot.errors import DataError


class Concepts:
    """Finds concepts by their words: ``{"LOST": ["丢", "唔见", …], …}``."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self.words = {name: tuple(each) for name, each in words.items()}
        # Most messages hold few of the words: only those that begin with one of its characters.
        self._beginning: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, each in self.words.items():
            for word in each:
                self._beginning[word[0]].append((word, name))

    @classmethod
    def load(cls, path: Path) -> Concepts:
        """Read ``NAME: word word …`` lines.

        Raises:
            DataError: the file is not such a mapping.
        """
        content = YAML(typ="safe").load(path)
        if not isinstance(content, dict):
            raise DataError(f"{path}:1: 应为“概念名: 词 词 词”的列表")
        for name, words in content.items():
            if not isinstance(words, str):
                raise DataError(f"{path}: {name}: 词之间用空格分开，写在同一行（{words!r}）")
        return cls({name: words.split() for name, words in content.items()})

    def find(self, text: str) -> list[str]:
        """Names of the concepts that ``text`` (normalised) mentions, in the file's order."""
        lowered = text.lower()
        likely = (self._beginning.get(character, ()) for character in set(lowered))
        found = {name for words in likely for word, name in words if word in lowered}
        return [name for name in self.words if name in found]
