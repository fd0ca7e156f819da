"""A piece of text that means something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

# Stands for one character of text that is spoken for (private use: normalising drops it).
TAKEN = "\ue000"


@dataclass(frozen=True)
class Span(Generic[Value]):
    """``text`` at ``[start, end)`` of the message, and the ``value`` it stands for."""

    start: int
    end: int
    text: str
    value: Value

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or self.end - self.start != len(self.text):
            raise ValueError(f"span [{self.start}, {self.end}) does not fit {self.text!r}")

    def overlaps(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` shares a character with this span."""
        return self.start < end and start < self.end


def hide(text: str, spans: Iterable[Span[Any]], by: str = TAKEN) -> str:
    """``text`` at the same length, every character of ``spans`` replaced with ``by``."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = by * (span.end - span.start)
    return "".join(characters)
