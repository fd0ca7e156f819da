"""What a maintainer is told before a bank is published."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from bot.faq.bank import Bank
from bot.text.normalise import normalise

MIN_VARIANTS = 6
# A line that begins so makes Rasa read the whole file as its own training data.
_RASA_LINE = re.compile(r"^\s*(nlu|rules|stories|responses):")
_PUNCTUATION = re.compile(r"[\s，。？！、；：,.?!;:“”\"'（）()]+")


def plain(question: str) -> str:
    """A question without what does not tell it from another."""
    return _PUNCTUATION.sub("", normalise(question)).lower()


def check_bank(bank: Bank, folder: Path, intents: Collection[str]) -> list[str]:
    """Every finding as ``file:line: entry id: what（mend）``; none for a sound bank.

    Args:
        intents: business intents that a quick reply may lead to.
    """
    return [*_lines(folder), *_entries(bank, intents), *_repeated(bank)]


def _lines(folder: Path) -> list[str]:
    return [
        f"{path}:{number}: 这一行以 {found[1]}: 开头，会被 Rasa 当成训练数据（请换个写法）"
        for path in sorted(folder.glob("*.yml"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := _RASA_LINE.match(line))
    ]


def _entries(bank: Bank, intents: Collection[str]) -> list[str]:
    ids = {entry.id for entry in bank.entries}
    findings = []
    for entry in bank.entries:
        if len(entry.variants) < MIN_VARIANTS:
            count = len(entry.variants)
            findings.append(bank.error(entry, f"只有 {count} 种问法（至少 {MIN_VARIANTS} 种）"))
        for other in entry.related:
            if other not in ids:
                findings.append(bank.error(entry, f"相关条目 {other} 不存在（改正或删去）"))
        for lead in entry.quick_replies:
            if lead.intent not in intents:
                findings.append(
                    bank.error(entry, f"快捷回复的意图 {lead.intent} 不存在（改正或删去）")
                )
    return [str(finding) for finding in findings]


def _repeated(bank: Bank) -> list[str]:
    seen: dict[str, str] = {}
    findings = []
    for entry in bank.entries:
        for question in entry.questions:
            first = seen.setdefault(plain(question), entry.id)
            if first != entry.id:
                what = f"问法“{question}”与条目 {first} 相同（删去其中之一）"
                findings.append(str(bank.error(entry, what)))
    return findings
