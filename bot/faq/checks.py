"""What a maintainer is told before a bank is published.

An error stops publishing; a warning asks for a look and stops nothing:

========================================================  =======
unreadable file or entry, an id twice                     error
line that Rasa takes for training data                    error
fewer wordings than MIN_VARIANTS (of a draft: warning)    error
related entry or quick reply's intent that is missing     error
a wording or regression question that stands twice        error
related entry that is never published                     warning
reviewed_on older than REVIEW_DAYS, or in the future      warning
approved but already expired                              warning
near-duplicates, wordings nearer to another entry         warning
========================================================  =======

The last row needs an encoder and is found by :mod:`bot.faq.similarity`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.errors import DataError
from bot.faq.bank import Bank
from bot.faq.entry import Entry
from bot.text.normalise import normalise

MIN_VARIANTS = 8
# An answer that nobody has looked at for so many days is asked about.
REVIEW_DAYS = 365
# A line that begins so makes Rasa read the whole file as its own training data.
_RASA_LINE = re.compile(r"^\s*(nlu|rules|stories|responses):")
_PUNCTUATION = re.compile(r"[\s，。？！、；：,.?!;:“”\"'（）()]+")


def plain(question: str) -> str:
    """A question without what does not tell it from another."""
    return _PUNCTUATION.sub("", normalise(question)).lower()


@dataclass(frozen=True)
class Finding:
    """One thing to look at; ``str()`` reads ``file:line: entry id: what（mend）``."""

    level: Literal["error", "warning"]
    entry_id: str
    text: str

    def __str__(self) -> str:
        return self.text


def errors_in(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop publishing."""
    return [finding for finding in findings if finding.level == "error"]


def check_bank(
    bank: Bank, intents: Collection[str], today: date, review_days: int = REVIEW_DAYS
) -> list[Finding]:
    """Every finding that needs no encoder; none for a sound bank.

    Args:
        intents: business intents that a quick reply may lead to.
        today: Shanghai day that reviews are counted back from.
        review_days: days after which an entry's review is overdue.
    """
    return [
        *(Finding("error", "", str(error)) for error in bank.errors),
        *_rasa_lines(bank),
        *_wordings(bank),
        *_links(bank, intents),
        *_repeated(bank),
        *_days(bank, today, review_days),
    ]


def _told(bank: Bank, entry: Entry, error: DataError, *, warning: bool = False) -> Finding:
    return Finding("warning" if warning else "error", entry.id, str(error))


def _rasa_lines(bank: Bank) -> Iterator[Finding]:
    for source in bank.files:
        starts = {source.marks[(entry.id, "", -1)]: entry.id for entry in source.entries}
        owner = ""
        for number, line in enumerate(source.text.split("\n"), 1):
            owner = starts.get(number, owner)
            if found := _RASA_LINE.match(line):
                of = f"entry {owner}: " if owner else ""
                what = f"这一行以 {found[1]}: 开头，会被 Rasa 当成训练数据（请换个写法）"
                yield Finding("error", owner, f"{source.path}:{number}: {of}{what}")


def _wordings(bank: Bank) -> Iterator[Finding]:
    for entry in bank.entries:
        count = len(entry.variants)
        if count < MIN_VARIANTS and entry.status != "withdrawn":
            error = bank.error(
                entry, f"只有 {count} 种问法（至少 {MIN_VARIANTS} 种，请补充）", "variants"
            )
            yield _told(bank, entry, error, warning=entry.status == "draft")


def _links(bank: Bank, intents: Collection[str]) -> Iterator[Finding]:
    known = {entry.id: entry for entry in bank.entries}
    for entry in bank.entries:
        for number, other in enumerate(entry.related):
            if other not in known:
                what = f"相关条目 {other} 不存在（改正或删去）"
                yield _told(bank, entry, bank.error(entry, what, "related", number))
            elif other == entry.id:
                what = "相关条目写的是自己（删去）"
                yield _told(bank, entry, bank.error(entry, what, "related", number))
            elif entry.status == "approved" and known[other].status != "approved":
                what = f"相关条目 {other} 是 {known[other].status}，客户看不到（删去或先审核它）"
                error = bank.error(entry, what, "related", number)
                yield _told(bank, entry, error, warning=True)
        for number, lead in enumerate(entry.quick_replies):
            if lead.intent not in intents:
                what = f"快捷回复的意图 {lead.intent} 不存在（改正或删去）"
                yield _told(bank, entry, bank.error(entry, what, "quick_replies", number))


def _asked(entry: Entry) -> Iterator[tuple[str, int, str]]:
    """(field, item, text) of every question that belongs to the entry."""
    yield "question", -1, entry.question
    for name in ("variants", "expected"):
        for number, text in enumerate(getattr(entry, name)):
            yield name, number, text


def _repeated(bank: Bank) -> Iterator[Finding]:
    seen: dict[str, tuple[str, str]] = {}
    for entry in bank.entries:
        for name, number, question in _asked(entry):
            first, where = seen.setdefault(plain(question), (entry.id, f"{name}{number}"))
            if (first, where) == (entry.id, f"{name}{number}"):
                continue
            # Two variants of one entry that differ in punctuation alone do no harm.
            if first == entry.id and "expected" not in (name, where[:8]):
                continue
            kind = "回归问法" if name == "expected" else "问法"
            other = "本条目的另一问法" if first == entry.id else f"条目 {first} 的"
            what = f"{kind}“{question}”与{other}相同（删去其中之一）"
            yield _told(bank, entry, bank.error(entry, what, name, number))


def _days(bank: Bank, today: date, review_days: int) -> Iterator[Finding]:
    for entry in bank.entries:
        if entry.status == "withdrawn":
            continue
        age = (today - entry.reviewed_on).days
        if age > review_days:
            what = f"上次复核 {entry.reviewed_on} 已过 {age} 天（请复核后更新 reviewed_on）"
            yield _told(bank, entry, bank.error(entry, what, "reviewed_on"), warning=True)
        elif age < 0:
            what = f"复核日期 {entry.reviewed_on} 还没到（请改为实际复核的日期）"
            yield _told(bank, entry, bank.error(entry, what, "reviewed_on"), warning=True)
        if entry.status == "approved" and entry.expires is not None and entry.expires <= today:
            what = f"已于 {entry.expires} 失效，不再回答（延长 expires 或改为 withdrawn）"
            yield _told(bank, entry, bank.error(entry, what, "expires"), warning=True)
