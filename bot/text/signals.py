"""How it stands with a customer, beside what is asked for: anger, fraud, self-harm, a threat."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from bot.errors import DataError

NAMES = ("anger", "fraud", "self_harm", "threat")
# "没被骗", "不是要自杀": what is denied is no signal. "不是我刷的" holds its own negation.
_DENIED = re.compile(
    r"(?:没有?|不是|并非|不会|不想|别|防止?|避免|预防|谨防|会不会|是不是|怎么识别|如何识别)(?:要|去|被|我)?$"
)


class Signals:
    """Finds signals by their words."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._patterns = {
            name: re.compile("|".join(f"(?:{word})" for word in each))
            for name, each in words.items()
        }

    @classmethod
    def load(cls, path: Path) -> Signals:
        """Read lists of regular expressions by signal.

        Raises:
            DataError: a signal is unknown or missing, or an expression is broken.
        """
        content = YAML(typ="safe").load(path)
        if not isinstance(content, dict) or set(content) != set(NAMES):
            raise DataError(f"{path}: 应恰好有这些信号：{'、'.join(NAMES)}")
        for name, expressions in content.items():
            for expression in expressions:
                try:
                    re.compile(expression)
                except re.error as error:
                    raise DataError(
                        f"{path}: {name}: {expression!r} 不是有效的正则表达式：{error}"
                    ) from None
        return cls(content)

    def find(self, text: str) -> list[str]:
        """Names of the signals in ``text`` (normalised), in the order of :data:`NAMES`."""
        return [
            name
            for name, pattern in self._patterns.items()
            if any(not _DENIED.search(text[: m.start()]) for m in pattern.finditer(text))
        ]
