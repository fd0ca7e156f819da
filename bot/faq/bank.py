"""Reading the FAQ bank's files, with the line of everything that may be wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import YAMLError

from bot.errors import DataError, Invalid, NotFound
from bot.faq.entry import DATES, Entry, FieldError, Lead

REQUIRED = (
    "id", "question", "variants", "answer", "owner", "source", "effective", "reviewed_on", "status",
    "audience",
)  # fmt: skip
OPTIONAL = ("expected", "quick_replies", "related", "advice", "expires")


class PlainConstructor(RoundTripConstructor):
    """Leaves dates as they are written, so that a wrong one can be told by its place."""


PlainConstructor.add_constructor(
    "tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar
)


@dataclass(frozen=True)
class SourceFile:
    """One file as it was read: its text, that text's digest, and what it holds.

    ``marks`` maps (id, field, item) to a line number from 1; ("", -1) stands for the whole entry
    or field. ``errors`` are those of entries that could not be read.
    """

    path: Path
    topic: str
    text: str
    digest: str
    entries: tuple[Entry, ...]
    marks: Mapping[tuple[str, str, int], int]
    errors: tuple[DataError, ...] = ()


@dataclass(frozen=True)
class Bank:
    """All entries, and where each stands: ``places`` maps an id to ``file:line``."""

    entries: tuple[Entry, ...]
    places: dict[str, str]
    files: tuple[SourceFile, ...] = ()
    errors: tuple[DataError, ...] = field(default=(), compare=False)

    def get(self, entry_id: str) -> Entry:
        """Raises :class:`NotFound` for an unknown id."""
        found = self.find(entry_id)
        if found is None:
            raise NotFound(f"知识库里没有条目 {entry_id}")
        return found

    def find(self, entry_id: str) -> Entry | None:
        """The entry, or ``None``."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)

    def file_of(self, entry_id: str) -> SourceFile:
        """The file that holds the entry; :class:`NotFound` for an unknown id."""
        for source in self.files:
            if (entry_id, "", -1) in source.marks:
                return source
        raise NotFound(f"知识库里没有条目 {entry_id}")

    def place(self, entry_id: str, name: str = "", item: int = -1) -> str:
        """``file:line`` of an entry, of its field or of an item of that; as near as is known."""
        for source in self.files:
            for key in ((entry_id, name, item), (entry_id, name, -1)):
                if key in source.marks:
                    return f"{source.path}:{source.marks[key]}"
        return self.places.get(entry_id, "?")

    def error(self, entry: Entry, what: str, name: str = "", item: int = -1) -> DataError:
        """``file:line: entry id: what``."""
        return DataError(f"{self.place(entry.id, name, item)}: entry {entry.id}: {what}")


def load_bank(folder: Path) -> Bank:
    """Read every ``*.yml`` of ``folder``.

    Raises:
        DataError: a file cannot be read, an entry is wrong, or an id appears twice.
    """
    bank = inspect_bank(folder)
    if bank.errors:
        raise bank.errors[0]
    return bank


def inspect_bank(folder: Path) -> Bank:
    """The same without stopping at the first error: all of them are in ``errors``.

    Raises:
        DataError: there is no file, or one is no YAML at all.
    """
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise DataError(f"{folder}: 没有 FAQ 文件（*.yml）")
    return assemble([read_file(path, path.read_bytes()) for path in files])


def assemble(files: Iterable[SourceFile]) -> Bank:
    """A bank of files already read; of two entries with one id the second is an error."""
    kept = tuple(sorted(files, key=lambda source: source.path))
    entries: list[Entry] = []
    places: dict[str, str] = {}
    errors = [error for source in kept for error in source.errors]
    for source in kept:
        for entry in source.entries:
            place = f"{source.path}:{source.marks[(entry.id, '', -1)]}"
            if entry.id in places:
                errors.append(
                    DataError(
                        f"{place}: entry {entry.id}: 编号与 {places[entry.id]} 重复（请换一个）"
                    )
                )
                continue
            places[entry.id] = place
            entries.append(entry)
    return Bank(tuple(entries), places, kept, tuple(errors))


def digest_of(content: bytes) -> str:
    """What tells one state of a file from another."""
    return hashlib.sha256(content).hexdigest()


def plain_yaml() -> YAML:
    """A round-trip reader that leaves dates as they are written."""
    yaml = YAML(typ="rt")
    yaml.Constructor = PlainConstructor
    return yaml


def read_file(path: Path, content: bytes) -> SourceFile:
    """Read one file's content.

    Raises:
        DataError: it is no YAML, or not of a bank's shape.
    """
    try:
        text = content.decode()
        tree = plain_yaml().load(StringIO(text))
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}:1: 不是 UTF-8 文件（第 {error.start} 字节；请另存为 UTF-8）"
        ) from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        line = mark.line + 1 if mark else 1
        raise DataError(f"{path}:{line}: 不是有效的 YAML：{problem}（请检查缩进和引号）") from None
    if not isinstance(tree, CommentedMap) or "entries" not in tree:
        raise DataError(f"{path}:1: 缺少 'topic' 和 'entries'（参照同目录的其他文件）")
    if not isinstance(tree["entries"] or [], list):
        raise DataError(f"{path}:1: 'entries' 不是列表（每项以“- id: ”开头）")
    topic = str(tree.get("topic") or "").strip()
    entries, errors = [], []
    marks: dict[tuple[str, str, int], int] = {}
    for item in tree["entries"] or []:
        try:
            entry = _entry(path, topic, item)
        except DataError as error:
            errors.append(error)
            continue
        entries.append(entry)
        if (entry.id, "", -1) not in marks:
            marks.update(_marks(entry.id, item))
    return SourceFile(
        path, topic, text, digest_of(content), tuple(entries), marks, tuple(errors)
    )  # fmt: skip


def _marks(entry_id: str, item: CommentedMap) -> dict[tuple[str, str, int], int]:
    found = {(entry_id, "", -1): item.lc.line + 1}
    for key, value in item.items():
        found[(entry_id, key, -1)] = item.lc.key(key)[0] + 1
        if isinstance(value, CommentedSeq):
            for number in range(len(value)):
                found[(entry_id, key, number)] = value.lc.item(number)[0] + 1
    return found


def _entry(path: Path, topic: str, item: Any) -> Entry:
    if not isinstance(item, CommentedMap):
        raise DataError(f"{path}: 'entries' 里有一项不是条目：{str(item)[:40]!r}（请检查缩进）")
    start = item.lc.line + 1
    name = str(item.get("id") or "（没有编号）")

    def wrong(key: str, what: str, number: int | None = None) -> DataError:
        line = item.lc.key(key)[0] + 1 if key in item else start
        if number is not None and isinstance(item.get(key), CommentedSeq):
            line = item[key].lc.item(number)[0] + 1
        return DataError(f"{path}:{line}: entry {name}: {what}")

    for key in item:
        if key not in REQUIRED + OPTIONAL:
            raise wrong(key, f"不认识的字段 '{key}'（可用：{'、'.join(REQUIRED + OPTIONAL)}）")
    for key in REQUIRED:
        if item.get(key) is None:
            raise wrong(key, f"缺少字段 '{key}'（请补上）")
    values: dict[str, Any] = {
        "id": name,
        "topic": topic,
        **{key: str(item[key]).strip() for key in ("question", "answer", "owner", "source")},
        **{key: _texts(key, item.get(key), wrong) for key in ("variants", "expected", "related")},
        "quick_replies": tuple(
            _lead(number, reply, wrong)
            for number, reply in enumerate(_list("quick_replies", item.get("quick_replies"), wrong))
        ),
        "advice": str(item.get("advice") or "").strip(),
        "status": str(item["status"]),
        "audience": str(item["audience"]),
        **{key: _date(key, item.get(key), wrong) for key in DATES},
    }
    try:
        return Entry(**values)
    except FieldError as error:
        raise wrong(error.field, str(error), error.item) from None


_Wrong = Callable[..., DataError]


def _list(key: str, value: Any, wrong: _Wrong) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise wrong(key, f"'{key}' 不是列表（每项一行，以“- ”开头）")
    return value or []


def _texts(key: str, value: Any, wrong: _Wrong) -> tuple[str, ...]:
    items = _list(key, value, wrong)
    for number, text in enumerate(items):
        if isinstance(text, dict | list) or text is None:
            what = f"'{key}' 第 {number + 1} 项不是一句话（有冒号或括号时请加引号）"
            raise wrong(key, what, number)
    return tuple(str(text).strip() for text in items)


def _lead(number: int, reply: Any, wrong: _Wrong) -> Lead:
    try:
        if isinstance(reply, CommentedMap) and set(reply) == {"title", "intent"}:
            return Lead(str(reply["title"]).strip(), str(reply["intent"]).strip())
    except Invalid:
        pass
    raise wrong("quick_replies", "每个快捷回复要有 title 和 intent（各一行）", number)


def _date(key: str, value: Any, wrong: _Wrong) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise wrong(key, f"'{key}' {value} 不是日期（请写成 YYYY-MM-DD）") from None
