"""What an agent knows of a conversation at a glance: three lines, what was tried, the language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from bot.text.masking import mask_text

# The first request and what was said last tell most; the rest is in the transcript.
LATEST = 3
QUOTE_CHARS = 60
# More of the assistant's answers than this nobody reads.
TRIED = 5
# Words that Mandarin does not have.
_CANTONESE = re.compile(
    r"[嘅咗冇佢哋嚟喺噉乜嘢啲咁]|唔(?:系|係|该|該|使|识|識|知|到)|点解|點解|边度|邊度"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH_WORD = re.compile(r"[A-Za-z]{2,}")
_SAID = "最近的话："
NOTHING: Mapping[str, str] = MappingProxyType({})


class Line(Protocol):
    """What a transcript's line has."""

    @property
    def seq(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def source(self) -> dict[str, Any] | None: ...


def summarise(reason: str, lines: Sequence[Line], facts: Mapping[str, str] = NOTHING) -> str:
    """Reason, first request and latest words of the customer, and the ``facts`` gathered so far by
    their labels; the words are masked here, ``facts`` come masked."""
    said = [_quote(line.text) for line in lines if line.role == "customer"]
    answers = sum(line.role == "bot" for line in lines)
    return "\n".join(
        (
            f"原因：{reason}",
            f"最初诉求：{said[0] if said else '（无）'}；助手已答复 {answers} 次",
            _SAID + ("；".join(said[-LATEST:]) if said else "（无）"),
            *(f"{label}：{value}" for label, value in facts.items()),
        )
    )


def latest_words(summary: str) -> str:
    """What the customer said last before a person was called, out of a summary; masked."""
    lines = [line for line in summary.splitlines() if line.startswith(_SAID)]
    return lines[0].removeprefix(_SAID).rpartition("；")[2] if lines else ""


def tried_of(lines: Sequence[Line]) -> list[str]:
    """What the assistant answered last, oldest first, with the FAQ entry it came from."""
    answers = [line for line in lines if line.role == "bot"]
    return [
        f"{entry}：{_quote(line.text)}" if (entry := (line.source or {}).get("faq_id"))
        else _quote(line.text)
        for line in answers[-TRIED:]
    ]  # fmt: skip


def language_of(lines: Sequence[Line]) -> str:
    """What the customer writes: ``zh``, ``yue`` or ``en``, judged by their latest words."""
    said = " ".join([line.text for line in lines if line.role == "customer"][-LATEST:])
    if _CANTONESE.search(said):
        return "yue"
    english = len(_ENGLISH_WORD.findall(said))
    return "en" if english >= 3 and not _CHINESE.search(said) else "zh"


def _quote(text: str) -> str:
    # Joined first: a number may be spread over lines.
    masked = mask_text(" ".join(text.split()))
    return masked if len(masked) <= QUOTE_CHARS else masked[: QUOTE_CHARS - 1] + "…"
