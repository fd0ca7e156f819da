"""Changing single fields in a YAML file's text: every other byte stays what it was.

ruamel renders the field that changes, comments in it included; the lines of the field are then
replaced in the text as it is. Rendering the whole file would keep comments and order, but not the
width, the quotes and the blanks that people write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import SequenceMatcher
from io import StringIO
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.errors import Conflict
from bot.faq.bank import PlainConstructor, plain_yaml
from bot.faq.cells import DEFAULTS
from bot.faq.entry import DATES, PARAGRAPHS, Lead

# The order in which an entry's fields are written.
ORDER = (
    "id", "question", "variants", "expected", "answer", "quick_replies", "related", "advice",
    "owner", "source", "effective", "expires", "reviewed_on", "status", "audience",
)  # fmt: skip
# No line is folded, however long.
WIDTH = 1_000_000


class _Representer(RoundTripRepresenter):
    """Writes a missing day as ``null`` rather than as nothing."""


_Representer.add_representer(
    type(None), lambda self, _none: self.represent_scalar("tag:yaml.org,2002:null", "null")
)


def _yaml(dash_indent: int = 2) -> YAML:
    yaml: Any = YAML(typ="rt")
    yaml.Constructor = PlainConstructor
    yaml.Representer = _Representer
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=dash_indent + 2, offset=dash_indent)
    return cast(YAML, yaml)


def _dump(value: Any, dash_indent: int = 2) -> list[str]:
    stream = StringIO()
    _yaml(dash_indent).dump(value, stream)
    return stream.getvalue().splitlines(keepends=True)


def _node(name: str, value: Any) -> Any:
    """A field's value as ruamel shall write it."""
    if name == "quick_replies":
        return [CommentedMap(title=lead.title, intent=lead.intent) for lead in value]
    if isinstance(value, tuple | list):
        return list(value)
    if name in DATES:
        return value if value is None or isinstance(value, date) else date.fromisoformat(value)
    if name == "answer" or (name in PARAGRAPHS and "\n" in value):
        return LiteralScalarString(f"{value}\n")
    return value


class FileText:
    """One file's text under change. Line numbers inside count from 0.

    Raises:
        Conflict: the entry is written in a way that can't be changed field by field.
    """

    def __init__(self, text: str) -> None:
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self.text = text

    def change(self, entry_id: str, values: Mapping[str, Any]) -> None:
        """Give fields of an entry new values (as in :class:`bot.faq.entry.Entry`)."""
        for name, value in values.items():
            item, end = self._entry(entry_id)
            if name in item:
                self._replace(item, end, name, value)
            elif value != DEFAULTS.get(name):
                self._insert(item, end, name, value)

    def add(self, values: Mapping[str, Any]) -> None:
        """Write a new entry behind the last one."""
        entry = CommentedMap()
        for name in ORDER:
            # These two are written even when empty, as in every other entry.
            if name in values and (values[name] != DEFAULTS.get(name) or name == "expires"):
                entry[name] = _node(name, values[name])
        tree = self._tree()
        entries = tree["entries"]
        lines = self._lines()
        if not entries:
            at = tree.lc.key("entries")[0]
            lines[at : at + 1] = self._ended(["entries:\n", *_dump([entry])])
        else:
            item = entries[-1]
            rendered = _dump([entry], self._column(item) - 2)
            at = self._end_of(item, list(item)[-1], self._limit(tree, len(entries) - 1))
            if at and not lines[at - 1].endswith("\n"):
                lines[at - 1] += self._newline
            lines[at:at] = self._ended(rendered)
        self.text = "".join(lines)

    # ── places ───────────────────────────────────────────────────────────────
    def _lines(self) -> list[str]:
        return re.findall(r"[^\n]*\n|[^\n]+$", self.text)

    def _ended(self, lines: list[str]) -> list[str]:
        return [line.replace("\n", self._newline) for line in lines]

    def _tree(self) -> CommentedMap:
        return plain_yaml().load(StringIO(self.text.removeprefix("\ufeff")))

    def _entry(self, entry_id: str) -> tuple[CommentedMap, int]:
        tree = self._tree()
        for number, item in enumerate(tree["entries"] or []):
            if str(item.get("id")) == entry_id:
                return item, self._limit(tree, number)
        raise Conflict(f"文件里没有条目 {entry_id}（可能刚被改名或移走，请重新读取）")

    def _limit(self, tree: CommentedMap, number: int) -> int:
        """The line before which everything of entry ``number`` stands."""
        entries = tree["entries"]
        if number + 1 < len(entries):
            return int(entries[number + 1].lc.line)
        start = tree.lc.key("entries")[0]
        later = [tree.lc.key(key)[0] for key in tree if tree.lc.key(key)[0] > start]
        return min(later, default=len(self._lines()))

    @staticmethod
    def _column(item: CommentedMap) -> int:
        lines = [item.lc.key(key)[0] for key in item]
        if len(set(lines)) < len(lines):
            raise Conflict(f"条目 {item.get('id')} 写在一行里，无法逐项修改（请改成一项一行）")
        return int(item.lc.key(next(iter(item)))[1])

    def _end_of(self, item: CommentedMap, name: str, limit: int) -> int:
        """The line behind the last one of a field; blanks and comments behind it stay out."""
        start = item.lc.key(name)[0]
        column = self._column(item)
        end = min(
            (item.lc.key(key)[0] for key in item if item.lc.key(key)[0] > start), default=limit
        )
        lines = self._lines()
        while end > start + 1:
            line = lines[end - 1].rstrip()
            bare = line.lstrip()
            outside = len(line) - len(bare) <= column and (bare.startswith("#") or bare == "-")
            if bare and not outside:
                break
            end -= 1
        return end

    # ── changes ──────────────────────────────────────────────────────────────
    def _replace(self, item: CommentedMap, limit: int, name: str, value: Any) -> None:
        lines = self._lines()
        start, column = item.lc.key(name)[0], self._column(item)
        end = self._end_of(item, name, limit)
        head = lines[start][:column]
        old = [" " * column + lines[start][column:], *lines[start + 1 : end]]
        fragment = "".join(
            line[column:] if line[:column].isspace() else line.lstrip() for line in old
        )
        dashes = re.search(r"^( *)-", fragment, re.MULTILINE)
        try:
            content = _yaml().load(StringIO(fragment.replace("\r\n", "\n")))
        except YAMLError:
            raise Conflict(
                f"条目 {item.get('id')} 的 '{name}' 用了锚点或别名，无法逐项修改（请手工改）"
            ) from None
        node = _node(name, value)
        if isinstance(content[name], CommentedSeq) and content[name] and node:
            _change_list(content[name], node)
        else:
            content[name] = node
        rendered = _dump(content, len(dashes[1]) if dashes else 2)
        indented = [" " * column + line if line.strip() else line for line in rendered]
        indented[0] = head + rendered[0]
        if end == len(lines) and not self.text.endswith("\n"):
            indented[-1] = indented[-1].rstrip("\n")
        lines[start:end] = self._ended(indented)
        self.text = "".join(lines)

    def _insert(self, item: CommentedMap, limit: int, name: str, value: Any) -> None:
        before = [key for key in ORDER[: ORDER.index(name)] if key in item]
        after = max(before or list(item)[:1], key=lambda key: item.lc.key(key)[0])
        at, column = self._end_of(item, after, limit), self._column(item)
        lines = self._lines()
        if at and not lines[at - 1].endswith("\n"):
            lines[at - 1] += self._newline
        rendered = _dump(CommentedMap({name: _node(name, value)}))
        indented = [" " * column + line if line.strip() else line for line in rendered]
        lines[at:at] = self._ended(indented)
        self.text = "".join(lines)


def heading(topic: str) -> str:
    """The text of a topic's file without entries."""
    return "".join(_dump(CommentedMap(topic=topic, entries=[])))


def _change_list(present: CommentedSeq, wanted: list[Any]) -> None:
    """Make one list the other, leaving items that stay, and their comments, where they are."""
    old = [_comparable(item) for item in present]
    new = [_comparable(item) for item in wanted]
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for verb, old_from, old_to, new_from, new_to in reversed(steps):
        if verb == "equal":
            continue
        for at in reversed(range(old_from, old_to)):
            del present[at]
        for item in reversed(wanted[new_from:new_to]):
            present.insert(old_from, item)


def _comparable(item: Any) -> Any:
    if isinstance(item, Lead):
        return item.title, item.intent
    if isinstance(item, dict):
        return tuple(sorted((key, str(value).strip()) for key, value in item.items()))
    return str(item).strip()
