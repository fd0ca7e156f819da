"""A few lines by which an agent knows what a conversation is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from bot.text.masking import mask_text

# The first request and what was said last tell most; the rest is in the transcript.
LATEST = 3
QUOTE_CHARS = 60
NOTHING: Mapping[str, str] = MappingProxyType({})


class Line(Protocol):
    """What a transcript's line has."""

    @property
    def role(self) -> str: ...
    @property
    def text(self) -> str: ...


def summarise(reason: str, lines: Sequence[Line], facts: Mapping[str, str] = NOTHING) -> str:
    """Reason, first request and latest words of the customer, and the ``facts`` gathered so far by
    their labels; the words are masked here, ``facts`` come masked."""
    said = [_quote(line.text) for line in lines if line.role == "customer"]
    answers = sum(line.role == "bot" for line in lines)
    return "\n".join(
        (
            f"原因：{reason}",
            f"最初诉求：{said[0] if said else '（无）'}；助手已答复 {answers} 次",
            f"最近的话：{'；'.join(said[-LATEST:]) if said else '（无）'}",
            *(f"{label}：{value}" for label, value in facts.items()),
        )
    )


def _quote(text: str) -> str:
    # Joined first: a number may be spread over lines.
    masked = mask_text(" ".join(text.split()))
    return masked if len(masked) <= QUOTE_CHARS else masked[: QUOTE_CHARS - 1] + "…"
