"""The bank as a table, CSV or XLSX, and back.

One row an entry, one column a field, cells as :mod:`bot.faq.cells` writes them. An entry whose id
is known is changed in the columns that the table has; any other is new. No row removes an entry.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from bot.errors import DataError, Invalid
from bot.faq.bank import Bank
from bot.faq.cells import FIELDS, entry_of, from_cell, to_cell
from bot.faq.changes import Change, Edit
from bot.faq.editing import Editor
from bot.faq.entry import Entry
from bot.faq.files import decoded, replace_all
from bot.faq.refusal import Refused
from bot.text.spreadsheet import LONGEST_CELL, WIDTH, check_suffix, restore, table_bytes

# What a table may hold, packed and unpacked: a thousand times the present bank fits.
MOST_BYTES, MOST_UNPACKED_BYTES = 50_000_000, 500_000_000
WIDTHS = {"question": 40, "variants": 50, "expected": 50, "answer": 60, "advice": 40}

Row = tuple[int, list[Any]]


def export_entries(entries: Iterable[Entry], path: Path) -> int:
    """Write a table, CSV (UTF-8 with BOM, so that Excel reads it) or XLSX by the file's suffix.

    Returns the number of entries.

    Raises:
        Invalid: another suffix.
        DataError: a cell is longer than a spreadsheet can hold.
    """
    rows = [[to_cell(name, getattr(entry, name)) for name in FIELDS] for entry in entries]
    for row in rows:
        for name, cell in zip(FIELDS, row, strict=True):
            if len(cell) > LONGEST_CELL:
                raise DataError(f"entry {row[0]}: '{name}' 超过 {LONGEST_CELL} 字，表格放不下")
    widths = [WIDTHS.get(name, WIDTH) for name in FIELDS]
    content = table_bytes(check_suffix(path), "FAQ", [FIELDS, *rows], widths)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_all({path: content})
    return len(rows)


def read_table(path: Path, bank: Bank) -> list[Edit]:
    """What a table would change in the bank; rows that change nothing are left out.

    Raises:
        Refused: rows are wrong, each named ``file:row: entry id: what（mend）``. No edit is
            returned unless all rows are right.
        DataError: the file cannot be read at all.
    """
    edits, problems = [], []
    rows = _rows(path)
    header = next(rows, (1, []))[1]
    names = _columns(path, [_text(cell) for cell in header])
    seen: dict[str, int] = {}
    for number, cells in rows:
        if not any(_text(cell).strip() for cell in cells):
            continue
        entry_id = restore(_text(dict(zip(names, cells, strict=False)).get("id"))).strip()
        try:
            values = _values(names, cells)
            if not entry_id:
                raise Invalid("缺少编号（请填 id 列）")
            if entry_id in seen:
                raise Invalid(f"编号与第 {seen[entry_id]} 行重复（请合并成一行）")
            seen[entry_id] = number
            edit = _edit(bank, values)
        except Invalid as error:
            problems.append(f"{path}:{number}: entry {entry_id or '（没有编号）'}: {error}")
            continue
        if edit.before != edit.after:
            edits.append(edit)
    if problems:
        raise Refused(problems)
    return edits


def import_table(path: Path, bank: Bank, editor: Editor, *, by: str, why: str) -> list[Change]:
    """Bring a table into the bank: all of it, or nothing.

    Raises as :func:`read_table` and :meth:`bot.faq.editing.Editor.save`.
    """
    edits = read_table(path, bank)
    try:
        return editor.save(bank, edits, "import", by=by, why=why)
    except Refused as error:
        raise Refused(_by_row(path, error.reasons)) from None


def _by_row(path: Path, problems: Sequence[str]) -> list[str]:
    """Problems that name an entry, with the row of the table instead of a line of the bank."""
    rows = _rows(path)
    names = [_text(cell).strip() for cell in next(rows, (1, []))[1]]
    at = names.index("id")
    numbers = {_text(cells[at]).strip(): number for number, cells in rows if len(cells) > at}
    told = []
    for problem in problems:
        place, found, rest = problem.partition(": entry ")
        entry_id = rest.partition(":")[0]
        row = numbers.get(entry_id)
        told.append(f"{path}:{row}: entry {rest}" if found and row else problem)
    return told


def _columns(path: Path, header: list[str]) -> list[str]:
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    unknown = [name for name in names if name not in FIELDS]
    if "id" not in names or unknown or len(set(names)) < len(names):
        what = f"不认识的列 {unknown[0]!r}" if unknown else "缺少 id 列，或有两列同名"
        raise DataError(f"{path}:1: {what}（第一行写列名，可用：{'、'.join(FIELDS)}）")
    return names


def _values(names: list[str], cells: Sequence[Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, cell in zip(names, [*cells, *[""] * len(names)], strict=False):
        values[name] = from_cell(name, restore(_text(cell, name)))
    extra = [cell for cell in cells[len(names) :] if _text(cell).strip()]
    if extra:
        raise Invalid(f"多出一格 {_text(extra[0])[:20]!r}（列名只有 {len(names)} 个）")
    return values


def _edit(bank: Bank, values: dict[str, Any]) -> Edit:
    before = bank.find(values["id"])
    if before is not None and values.get("topic", before.topic) != before.topic:
        raise Invalid(f"'topic' 不能从 {before.topic!r} 改成 {values['topic']!r}（条目留在原文件）")
    return Edit(before, entry_of(values, before))


def _text(cell: Any, name: str = "") -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, _Formula):
        raise Invalid(f"'{name}' 是公式 {cell}（请改成文字）")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\r\n", "\n")


class _Formula(str):
    """A cell that a spreadsheet computes."""


def _rows(path: Path) -> Iterator[Row]:
    """Rows with their numbers as a spreadsheet shows them, from 1."""
    suffix = check_suffix(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError(f"{path}: 超过 {MOST_BYTES // 1_000_000} MB，不像是知识库的表格")
        yield from _xlsx_rows(path) if suffix == ".xlsx" else _csv_rows(path)
    except OSError as error:
        raise DataError(f"{path}: 读不了（{error.strerror or error}）") from None


def _csv_rows(path: Path) -> Iterator[Row]:
    text = decoded(path)
    csv.field_size_limit(MOST_BYTES)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), strict=True), 1):
            yield number, list(cells)
    except csv.Error as error:
        raise DataError(f"{path}:{number + 1}: 不是有效的 CSV：{error}（请检查引号）") from None


def _xlsx_rows(path: Path) -> Iterator[Row]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
        if unpacked > MOST_UNPACKED_BYTES:
            raise DataError(f"{path}: 解开后超过 {MOST_UNPACKED_BYTES // 1_000_000} MB，不能读取")
        book = load_workbook(path, read_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise DataError(f"{path}: 不是有效的 XLSX 文件：{error}（请另存为 .xlsx）") from None
    try:
        for row in book.worksheets[0].iter_rows():
            cells = [_Formula(c.value) if c.data_type == "f" else c.value for c in row]
            if cells:
                number = next((c.row for c in row if c.value is not None), None)
                if number is not None:
                    yield number, cells
    finally:
        book.close()
