"""The three codes by which complaints are counted: channel, business and cause.

They are those of JR/T 0169-2018《金融消费者投诉统计分类及编码》, which every bank has to load from
its own licensed copy: a CSV table with the columns ``dimension`` (channel, business or cause),
``code``, ``parent`` (empty at the top) and ``name``. Lines that begin with ``#`` before the header
say of the table itself ``# title: …`` and, of one that is not the standard, ``# example: yes``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from bot.errors import DataError, Invalid

DIMENSIONS = {"channel": "投诉渠道", "business": "投诉业务类别", "cause": "投诉原因"}
COLUMNS = ("dimension", "code", "parent", "name")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,31}")


@dataclass(frozen=True)
class Code:
    """One line of the table; ``parent`` is the code above it in its dimension, or empty."""

    dimension: str
    code: str
    parent: str
    name: str


@dataclass(frozen=True)
class Classification:
    """What a complaint is counted under, one code of each dimension."""

    channel_code: str
    business_code: str
    cause_code: str


@dataclass(frozen=True)
class CodeTable:
    """A table of codes; ``example`` says that it is not the standard's own."""

    title: str
    example: bool
    codes: Mapping[tuple[str, str], Code]

    def name(self, dimension: str, code: str | None) -> str:
        """A code's name with those above it; a code that an older table had stays as it is."""
        if not code:
            return ""
        found = self.codes.get((dimension, code))
        if found is None:
            return code
        above = f"{self.name(dimension, found.parent)} / " if found.parent else ""
        return above + found.name

    def check(self, codes: Classification) -> None:
        """Raises :class:`Invalid` for a code that the table lacks or divides further."""
        for dimension, what in DIMENSIONS.items():
            code = getattr(codes, f"{dimension}_code")
            below = [each.code for each in self.of(dimension) if each.parent == code]
            if (dimension, code) not in self.codes:
                raise Invalid(
                    f"没有{what}代码 {code!r}（bankbot complaints codes {dimension} 列出全部）"
                )
            if below:
                raise Invalid(f"{what}代码 {code} 还要细分，请用：{'、'.join(below)}")

    def of(self, dimension: str) -> list[Code]:
        """All codes of a dimension, as the table orders them."""
        return [each for each in self.codes.values() if each.dimension == dimension]


def load_codes(path: Path) -> CodeTable:
    """Read a table (UTF-8).

    Raises:
        DataError: it cannot be read, or is wrong; the message names file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: 读不了（{error}）：请用 UTF-8 编码的 CSV") from None
    remarks = [line for line in lines if line.startswith("#")]
    about = dict(re.findall(r"#\s*(\w+)\s*:\s*(.+)", "\n".join(remarks)))
    first = len(remarks)
    codes: dict[tuple[str, str], Code] = {}
    for number, code in _read(path, lines[first:], first):
        if (code.dimension, code.code) in codes:
            raise DataError(f"{path}:{number}: 代码 {code.code} 重复：每个代码只写一行")
        if code.parent and (code.dimension, code.parent) not in codes:
            raise DataError(f"{path}:{number}: 上级代码 {code.parent} 不在前面：先写上级，再写下级")
        codes[code.dimension, code.code] = code
    missing = [what for name, what in DIMENSIONS.items() if not any(d == name for d, _ in codes)]
    if missing:
        raise DataError(f"{path}: 缺少{'、'.join(missing)}的代码：三个维度都要有")
    return CodeTable(about.get("title", path.name).strip(), "example" in about, codes)


def _read(path: Path, lines: list[str], skipped: int) -> Iterator[tuple[int, Code]]:
    rows = csv.DictReader(StringIO("\n".join(lines)))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise DataError(f"{path}:{skipped + 1}: 表头应为 {','.join(COLUMNS)}")
    for row in rows:
        number = skipped + rows.line_num
        if None in row or None in row.values():
            raise DataError(f"{path}:{number}: 列数不对：应有 {len(COLUMNS)} 列")
        code = Code(**{name: row[name].strip() for name in COLUMNS})
        if code.dimension not in DIMENSIONS:
            raise DataError(
                f"{path}:{number}: dimension {code.dimension!r} 应为 {'、'.join(DIMENSIONS)} 之一"
            )
        if not _CODE.fullmatch(code.code) or not code.name:
            raise DataError(
                f"{path}:{number}: 代码 {code.code!r} 或名称 {code.name!r} 无效：代码用字母和数字，名称不能为空"
            )
        yield number, code
