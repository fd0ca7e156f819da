"""Reading the FAQ bank's files, with the line of everything that may be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError

from bot.errors import DataError, Invalid, NotFound
from bot.faq.entry import Entry, Lead

REQUIRED = (
    "id", "question", "variants", "answer", "owner", "source", "effective", "reviewed_on", "status",
    "audience",
)  # fmt: skip
OPTIONAL = ("quick_replies", "related", "advice", "expires")


class _Plain(RoundTripConstructor):
    """Leaves dates as they are written, so that a wrong one can be told by its place."""


_Plain.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


@dataclass(frozen=True)
class Bank:
    """All entries, and where each stands: ``places`` maps an id to ``file:line``."""

    entries: tuple[Entry, ...]
    places: dict[str, str]

    def get(self, entry_id: str) -> Entry:
        """Raises :class:`NotFound` for an unknown id."""
        for entry in self.entries:
            if entry.id == entry_id:
                return entry
        raise NotFound(f"知识库里没有条目 {entry_id}")

    def error(self, entry: Entry, what: str) -> DataError:
        """``file:line: entry id: what``."""
        return DataError(f"{self.places[entry.id]}: entry {entry.id}: {what}")


def load_bank(folder: Path) -> Bank:
    """Read every ``*.yml`` of ``folder``.

    Raises:
        DataError: a file cannot be read, an entry is wrong, or an id appears twice.
    """
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise DataError(f"{folder}: 没有 FAQ 文件（*.yml）")
    entries: list[Entry] = []
    places: dict[str, str] = {}
    for path in files:
        for entry, line in _read(path):
            place = f"{path}:{line}"
            if entry.id in places:
                raise DataError(
                    f"{place}: entry {entry.id}: 编号与 {places[entry.id]} 重复（请换一个）"
                )
            places[entry.id] = place
            entries.append(entry)
    return Bank(tuple(entries), places)


def _read(path: Path) -> list[tuple[Entry, int]]:
    try:
        yaml = YAML(typ="rt")
        yaml.Constructor = _Plain
        content = yaml.load(path)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataError(
            f"{path}:{line}: 不是有效的 YAML：{error.problem}（请检查缩进和引号）"
        ) from None
    if not isinstance(content, CommentedMap) or "entries" not in content:
        raise DataError(f"{path}:1: 缺少 'topic' 和 'entries'（参照同目录的其他文件）")
    topic = str(content.get("topic") or "")
    return [_entry(path, topic, item) for item in content["entries"] or []]


def _entry(path: Path, topic: str, item: Any) -> tuple[Entry, int]:
    if not isinstance(item, CommentedMap):
        raise DataError(f"{path}: 'entries' 里有一项不是条目：{str(item)[:40]!r}（请检查缩进）")
    line = item.lc.line + 1
    name = str(item.get("id") or "（没有编号）")

    def wrong(key: str, what: str) -> DataError:
        at = item.lc.key(key)[0] + 1 if key in item else line
        return DataError(f"{path}:{at}: entry {name}: {what}")

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
        "variants": tuple(str(variant).strip() for variant in item["variants"]),
        "quick_replies": tuple(_lead(reply, wrong) for reply in item.get("quick_replies") or ()),
        "related": tuple(str(other) for other in item.get("related") or ()),
        "advice": str(item.get("advice") or "").strip(),
        "status": str(item["status"]),
        "audience": str(item["audience"]),
        **{
            key: _date(key, item.get(key), wrong) for key in ("effective", "expires", "reviewed_on")
        },
    }
    try:
        return Entry(**values), line
    except Invalid as error:
        key = str(error).split("'")[1]
        raise wrong(key, str(error)) from None


def _lead(reply: Any, wrong: Any) -> Lead:
    if not isinstance(reply, CommentedMap) or set(reply) != {"title", "intent"}:
        raise wrong("quick_replies", "每个快捷回复要有 title 和 intent（各一行）")
    return Lead(str(reply["title"]), str(reply["intent"]))


def _date(key: str, value: Any, wrong: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise wrong(key, f"'{key}' {value} 不是日期（请写成 YYYY-MM-DD）") from None
