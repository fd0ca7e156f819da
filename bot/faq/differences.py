"""What differs between two states of an entry or of a bank, said in Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from bot.faq.cells import LIST_FIELDS, to_cell, to_lines
from bot.faq.entry import Entry

FIELD_NAMES: dict[str, str] = {
    "id": "编号",
    "topic": "主题",
    "question": "标准问法",
    "variants": "问法",
    "expected": "回归问法",
    "answer": "答案",
    "quick_replies": "快捷回复",
    "related": "相关条目",
    "advice": "坐席建议",
    "owner": "负责部门",
    "source": "依据",
    "effective": "生效日",
    "expires": "失效日",
    "reviewed_on": "复核日",
    "status": "状态",
    "audience": "可见范围",
}


@dataclass(frozen=True)
class FieldChange:
    """One field: its values as text, or for a list the items that came and went."""

    field: str
    before: str = ""
    after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """As a maintainer reads it."""
        name = FIELD_NAMES[self.field]
        if self.field in LIST_FIELDS:
            if not self.added and not self.removed:
                return [f"{name}：只改了顺序"]
            gone = [f"{name} － {text}" for text in self.removed]
            return gone + [f"{name} ＋ {text}" for text in self.added]
        if "\n" in self.before + self.after:
            old = [f"    － {line}" for line in self.before.splitlines()]
            return [f"{name}：", *old, *(f"    ＋ {line}" for line in self.after.splitlines())]
        return [f"{name}：{self.before or '（无）'} → {self.after or '（无）'}"]


@dataclass(frozen=True)
class EntryChange:
    """One entry that came, went or changed; ``fields`` are given for a changed one."""

    entry_id: str
    kind: Literal["added", "removed", "changed"]
    question: str
    fields: tuple[FieldChange, ...] = ()

    def lines(self) -> list[str]:
        """As a maintainer reads it, the entry first."""
        name = {"added": "新增", "removed": "撤下", "changed": "修改"}[self.kind]
        changes = [f"  {line}" for change in self.fields for line in change.lines()]
        return [f"{name} {self.entry_id}  {self.question}", *changes]


def compare_entries(before: Entry, after: Entry) -> tuple[FieldChange, ...]:
    """Every field that differs, in the order in which entries are written."""
    found = []
    for name in FIELD_NAMES:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if name in LIST_FIELDS:
            had, has = to_lines(name, old), to_lines(name, new)
            added = tuple(text for text in has if text not in had)
            removed = tuple(text for text in had if text not in has)
            found.append(FieldChange(name, added=added, removed=removed))
        else:
            found.append(FieldChange(name, to_cell(name, old), to_cell(name, new)))
    return tuple(found)


def compare_banks(before: Iterable[Entry], after: Iterable[Entry]) -> list[EntryChange]:
    """Entries that came, went or changed, by id."""
    old: Mapping[str, Entry] = {entry.id: entry for entry in before}
    new: Mapping[str, Entry] = {entry.id: entry for entry in after}
    found = []
    for key in sorted({*old, *new}):
        if key not in old:
            found.append(EntryChange(key, "added", new[key].question))
        elif key not in new:
            found.append(EntryChange(key, "removed", old[key].question))
        elif old[key] != new[key]:
            changes = compare_entries(old[key], new[key])
            found.append(EntryChange(key, "changed", new[key].question, changes))
    return found


def changed_fields(before: Entry | None, after: Entry) -> dict[str, Any]:
    """The values of the fields that differ; of a new entry all that say something."""
    names = [each.name for each in fields(Entry) if each.name != "topic"]
    if before is None:
        return {name: getattr(after, name) for name in names}
    return {
        name: getattr(after, name)
        for name in names
        if getattr(before, name) != getattr(after, name)
    }
