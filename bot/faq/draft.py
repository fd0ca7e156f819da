"""An entry while it is being written: what is wrong with it so far, by field and item."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from bot.errors import Invalid
from bot.faq.bank import Bank, SourceFile
from bot.faq.cells import DEFAULTS, FIELDS, from_cell
from bot.faq.checks import check_bank
from bot.faq.entry import DATES, LISTS, Entry, FieldError, Lead

# Stands for what is not written yet; no entry can have this id.
_UNWRITTEN = "unwritten"
_PLACE = re.compile(r"^[^:]*:(\d+): (?:entry [^:]*: )?(.*)$", re.DOTALL)


@dataclass(frozen=True)
class Remark:
    """Something to mend in a field (``""``: the whole entry) or in its item, from 0."""

    level: Literal["error", "warning"]
    field: str
    item: int | None
    message: str


@dataclass(frozen=True)
class Draft:
    """What was typed, read as far as it can be.

    ``entry`` has harmless values where a field is wrong, as ``remarks`` tell.
    """

    entry: Entry
    remarks: tuple[Remark, ...]

    @property
    def asks(self) -> bool:
        """Whether there is a question yet to compare with others."""
        return self.entry.question != _UNWRITTEN


def read_draft(typed: Mapping[str, Any], today: date) -> Draft:
    """Read field values as :meth:`Entry.to_json` writes them; blanks and wrong ones are told."""
    harmless: dict[str, Any] = {
        "id": _UNWRITTEN, "topic": _UNWRITTEN, "question": _UNWRITTEN, "variants": (),
        "answer": _UNWRITTEN, "quick_replies": (), "related": (), "advice": "",
        "owner": _UNWRITTEN, "source": _UNWRITTEN, "effective": today, "expires": None,
        "reviewed_on": today, "status": "draft", "audience": "public", "expected": (),
    }  # fmt: skip
    values, remarks = dict(harmless), []
    for name in FIELDS:
        try:
            value = _value(name, typed.get(name))
            Entry(**{**harmless, "effective": date.min, name: value})
            values[name] = value
        except FieldError as error:
            remarks.append(_remark(error))
    try:
        return Draft(Entry(**values), tuple(remarks))
    except FieldError as error:
        # Right by itself, and wrong beside another field.
        values[error.field] = harmless[error.field]
        return Draft(Entry(**values), (*remarks, _remark(error)))


def check_draft(
    typed: Mapping[str, Any],
    bank: Bank,
    intents: Collection[str],
    today: date,
    of: str | None = None,
) -> Draft:
    """Read field values and look at them among the bank's other entries; errors come first.

    Args:
        of: the id of the entry that is being edited; ``None`` for a new one.
    """
    read = read_draft(typed, today)
    entry, remarks = read.entry, list(read.remarks)
    if of is None and bank.find(entry.id) is not None:
        remarks.append(Remark("error", "id", None, "已有条目用了这个编号（请换一个）"))
        entry = replace(entry, id=_UNWRITTEN)
    if of is not None and entry.id != of:
        remarks.append(Remark("error", "id", None, f"编号不能修改（写回 {of}）"))
    wrong = {remark.field for remark in remarks}
    others = [each for each in bank.entries if each.id != (of or entry.id)]
    # Nothing can be said of what is not written.
    found = [
        remark for remark in _beside(entry, others, intents, today) if remark.field not in wrong
    ]
    return Draft(entry, tuple(sorted(remarks + found, key=lambda remark: remark.level)))


def _value(name: str, typed: Any) -> Any:
    if name in DATES:
        if not typed and name not in DEFAULTS:
            raise FieldError(name, "不能为空（请填写）")
        return from_cell(name, str(typed or ""))
    if name not in LISTS:
        return str(typed or "").replace("\r\n", "\n").strip()
    if name != "quick_replies":
        return tuple(str(text).strip() for text in typed or ())
    return tuple(_lead(number, lead) for number, lead in enumerate(typed or ()))


def _lead(number: int, typed: Mapping[str, Any]) -> Lead:
    try:
        return Lead(str(typed["title"]).strip(), str(typed["intent"]).strip())
    except (KeyError, Invalid):
        raise FieldError("quick_replies", "要有标题和意图", number) from None


def _remark(error: FieldError) -> Remark:
    # The field's name and number stand beside the message wherever it is shown.
    what = re.sub(r"^'\w+'( 第 \d+ 项)? ", "", str(error))
    return Remark("error", error.field, error.item, what)


def _beside(
    entry: Entry, others: Sequence[Entry], intents: Collection[str], today: date
) -> Iterator[Remark]:
    """What :mod:`bot.faq.checks` says of it among the others. Each field and item is given a line
    of its own, so that a finding's place tells which it is about."""
    text = f"{entry.answer}\n{entry.advice}"
    answer_ends = 1 + entry.answer.count("\n")
    text_ends = 1 + text.count("\n")
    keys = [
        (name, item)
        for name in FIELDS
        for item in range(-1, len(getattr(entry, name)) if name in LISTS else 0)
    ]
    fields = dict(enumerate(keys, text_ends + 1))
    marks = {(entry.id, *key): line for line, key in fields.items()}
    # What Rasa would misread is looked for in the text, all of which is this entry's.
    marks[(entry.id, "", -1)] = 1
    source = SourceFile(Path(_UNWRITTEN), entry.topic, text, "", (entry,), marks)
    for finding in check_bank(Bank((*others, entry), {}, (source,)), intents, today):
        place = _PLACE.match(finding.text)
        if finding.entry_id != entry.id or place is None:
            continue
        line = int(place[1])
        written = ("answer" if line <= answer_ends else "advice", -1)
        name, item = fields.get(line, written)
        yield Remark(finding.level, name, item if item >= 0 else None, place[2])
